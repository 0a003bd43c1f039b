"""Work that reports owe: the PDF of everything approved, and reminders of what districts were asked for."""

from __future__ import annotations

import logging

from conference import files
from conference.paper.press import available
from reports import calls, renderings
from reports.models import Edition

log = logging.getLogger(__name__)


def final_pdfs() -> int:
    """Make the final PDF of approved editions that have none; return how many. Nothing where PDF cannot be made."""
    if available():
        return 0
    return sum(_made(edition) for edition in renderings.owed())


def _made(edition: Edition) -> bool:
    """Make one; a picture that is gone must not starve the reports after it, and is told each time."""
    try:
        return renderings.pdf(edition).is_final
    except (FileNotFoundError, files.Damaged):
        log.exception("no PDF of edition %s (%s): a picture cannot be read", edition.pk, edition.report)
        return False


JOBS = {"final PDF": final_pdfs, "reminders": calls.remind}
