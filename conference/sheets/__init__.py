"""Sheets: every kind of row that staff type is a table, and every row a page of its own.

Each app declares its sheets in ``<app>.sheets.SHEETS``. From a declaration come the table (typed, pasted, ordered,
saved at once), the page of one row, the XLSX, the rights and the answer to a stale form.
"""

from .event import SHEETS
from .sheet import Sheet, called, edits_all, of_place, sheets

__all__ = ["SHEETS", "Sheet", "called", "edits_all", "of_place", "sheets"]
