"""The rows of the preparation in an exchange file."""

from django.utils.translation import gettext_lazy

from conference.exchange import RowList, ends_after_start
from preparation.models import Deadline, Decision, Meeting, Milestone, Task, Track

COPIED_AS = gettext_lazy("준비과정")
TASKS = RowList("tasks", Task, up="decision", is_copied=False)
DECISIONS = RowList("decisions", Decision, up="meeting", children=(TASKS,), is_copied=False)
COUNTS = dict.fromkeys(("attendee_count", "is_count_approximate", "meeting_count_said"))
ROWS = (
    RowList(
        "tracks",
        Track,
        children=(
            RowList(
                "meetings",
                Meeting,
                up="track",
                children=(DECISIONS,),
                checks=(ends_after_start(),),
                anew={"minutes": None},
            ),
            RowList("deadlines", Deadline, up="track"),
            RowList("milestones", Milestone, up="track"),
        ),
        anew=COUNTS,
    ),
)
