"""Sheets: every kind of row that staff type is a table, and every row a page of its own.

Each app declares its sheets in ``<app>.sheets.SHEETS``. From a declaration come the table (typed, pasted, ordered,
saved at once), the page of one row, the XLSX, the rights and the answer to a stale form.
"""
