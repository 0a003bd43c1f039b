"""Work that reports owe: the PDF of everything approved."""

from __future__ import annotations

from reports import renderings
from reports.render.pdf import available


def final_pdfs() -> int:
    """Make the final PDF of approved editions that have none; return how many. Nothing where PDF cannot be made."""
    if available():
        return 0
    return len([renderings.pdf(edition) for edition in renderings.owed()])


JOBS = {"final PDF": final_pdfs}
