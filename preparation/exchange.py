"""The timeline's rows in the file of a conference."""

from conference.exchange import Rows, ends_after_start
from preparation.models import Deadline, Decision, Meeting, Milestone, Task, Track

DECISIONS = Rows("decisions", Decision, up="meeting", children=(Rows("tasks", Task, up="decision"),))
ROWS = (
    Rows(
        "tracks",
        Track,
        children=(
            Rows("meetings", Meeting, up="track", children=(DECISIONS,), checks=(ends_after_start(),)),
            Rows("deadlines", Deadline, up="track"),
            Rows("milestones", Milestone, up="track"),
        ),
    ),
)
