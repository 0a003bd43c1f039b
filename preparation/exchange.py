"""The rows of the preparation in an exchange file."""

from django.utils.translation import gettext_lazy

from conference.exchange import Rows, ends_after_start
from preparation.models import Deadline, Decision, Meeting, Milestone, Task, Track

COPIED_AS = gettext_lazy("준비과정")
TASKS = Rows("tasks", Task, up="decision", is_copied=False)
DECISIONS = Rows("decisions", Decision, up="meeting", children=(TASKS,), is_copied=False)
COUNTS = dict.fromkeys(("attendee_count", "is_count_approximate", "meeting_count_said"))
ROWS = (
    Rows(
        "tracks",
        Track,
        children=(
            Rows(
                "meetings",
                Meeting,
                up="track",
                children=(DECISIONS,),
                checks=(ends_after_start(),),
                anew={"minutes": None},
            ),
            Rows("deadlines", Deadline, up="track"),
            Rows("milestones", Milestone, up="track"),
        ),
        anew=COUNTS,
    ),
)
