"""Addresses at which rows are edited, for findings, error messages and the history."""

from __future__ import annotations

from typing import Any

from django.db import models

from conference.models import Conference
from rows import labels


def row_address(model: type[models.Model], pk: Any, conference: Conference, *, field: str = "") -> str:
    """Return the address at which a row, or one field of it, is edited; "" where it has no page."""
    sheet = labels.sheet_name(model)
    if model is Conference:
        return f"/desk/{conference.slug}/overview/{f'#id_{field}' if field else ''}"
    return f"/desk/{conference.slug}/rows/{sheet}/{pk}/{f'#id_{field}' if field else ''}" if sheet else ""


def table_address(sheet: str, conference: Conference) -> str:
    """Return the address of a sheet's table."""
    return f"/desk/{conference.slug}/rows/{sheet}/"
