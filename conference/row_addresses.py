"""Where each kind of row is edited: for findings, refusals and lists of changes."""

from __future__ import annotations

from typing import Any

from django.db import models

from conference.models import Conference
from rows import labels


def page(model: type[models.Model], pk: Any, conference: Conference, *, field: str = "") -> str:
    """The address where a row is edited, at one field of it; "" where it has no page."""
    sheet = labels.sheet_name(model)
    if model is Conference:
        return f"/desk/{conference.slug}/overview/{f'#id_{field}' if field else ''}"
    return f"/desk/{conference.slug}/rows/{sheet}/{pk}/{f'#id_{field}' if field else ''}" if sheet else ""


def table(sheet: str, conference: Conference) -> str:
    """The address of a table of rows."""
    return f"/desk/{conference.slug}/rows/{sheet}/"
