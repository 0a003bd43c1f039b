"""No change without an author: looks at every SQL that writes, in every test.

A row whose changes are recorded is written inside ``record_changes`` (``row.save_by(user)``) or ``without_author``. What a test itself
writes needs no author; what code of the portal writes does, whatever way it goes: a bulk save, a many-to-many set, a cascade.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from rows.recording import RecordedRow, recorded_fields, recordings

ROOT = Path(settings.BASE_DIR)
MACHINERY = {ROOT / "rows" / "recording.py", ROOT / "rows" / "models.py", Path(__file__)}
TESTS = {"tests", "bench"}
WRITE = re.compile(r'(INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"(.*?)(?: WHERE |$)', re.DOTALL)
SET_COLUMN = re.compile(r'"(\w+)" = ')
unsigned: list[str] = []  # what the test that runs wrote without an author


@cache
def recorded_tables() -> dict[str, type[models.Model]]:
    """Return table → model whose changes are recorded, also of the tables of its many-to-many fields."""
    kept = [model for model in apps.get_models() if issubclass(model, RecordedRow)]
    links = {field.remote_field.through: model for model in kept for field in model._meta.local_many_to_many}
    return {model._meta.db_table: model for model in kept} | {
        through._meta.db_table: model for through, model in links.items()
    }


def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Wrap every query of a connection; note what code of the portal writes without an author."""
    result = execute(sql, params, many, context)
    match = WRITE.match(sql) if isinstance(sql, str) else None
    model = match and recorded_tables().get(match[2])
    # a cascade asks again for rows that are deleted already; an INSERT counts no rows
    is_written = match and (match[1].startswith("INSERT") or context["cursor"].rowcount != 0)
    if match and model and is_written and not _has_author(model, *match.groups()) and (place := _place_in_portal()):
        unsigned.append(f"{place}: {sql[:80]}")
    return result


def _has_author(model: type[models.Model], verb: str, table: str, rest: str) -> bool:
    running = recordings.get()
    if any(block.reason for block in running) or (running and table != model._meta.db_table):
        return True
    columns = {field.column for field in recorded_fields(model)}
    if verb == "UPDATE" and columns.isdisjoint(SET_COLUMN.findall(rest)):
        return True  # a sign-in, or that a mail was sent
    return any(
        block.by and (model in block.kinds or model in (row._meta.model for row in block.rows)) for block in running
    )


def _place_in_portal() -> str:
    """Return the line of the portal's code that writes; "" where a test writes."""
    frame = sys._getframe(2)
    while frame := frame.f_back:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts and path not in MACHINERY:
            parts = path.relative_to(ROOT).parts
            return "" if parts[0] in TESTS else f"{'/'.join(parts)}:{frame.f_lineno}"
    return ""
