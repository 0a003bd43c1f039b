"""The rows of the preparation in an exchange file."""

from django.utils.translation import gettext_lazy

from conference.exchange import RowList, ends_after_start
from preparation.models import Deadline, Decision, Meeting, Milestone, Task, Track

COPIED_AS = gettext_lazy("준비과정")
TASKS = RowList("tasks", Task, parent_field="decision", is_copied=False)
DECISIONS = RowList("decisions", Decision, parent_field="meeting", children=(TASKS,), is_copied=False)
COUNTS = dict.fromkeys(("attendee_count", "is_count_approximate", "meeting_count_said"))
ROWS = (
    RowList(
        "tracks",
        Track,
        children=(
            RowList(
                "meetings",
                Meeting,
                parent_field="track",
                children=(DECISIONS,),
                checks=(ends_after_start(),),
                copy_overrides={"minutes": None},
            ),
            RowList("deadlines", Deadline, parent_field="track"),
            RowList("milestones", Milestone, parent_field="track"),
        ),
        copy_overrides=COUNTS,
    ),
)
