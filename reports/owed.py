"""Work that reports owe: the PDF of everything approved, and reminders of what districts were asked for."""

from __future__ import annotations

from conference.heavy import Work
from reports import calls, renderings

JOBS = {"reminders": calls.remind}
HEAVY = {
    "final PDF": Work(owed=renderings.owed_with_weight, make=renderings.make_one, is_urgent=True),
    "lost PDF": Work(owed=list, make=renderings.remake),  # owed by nothing: storage_check asks for it
}
