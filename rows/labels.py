"""What each kind of row is called on screen: for lists of changes, refusals and findings.

Each app names its own rows and fields in ``<app>.labels``: ``ROWS`` has model → (name of its sheet, "" where it has no
table of its own; name on screen), ``FIELDS`` the fields of which the model gives no name of their own,
``OTHERS`` model → name of what is no row of a conference.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.db import models

from rows import app_registry

HANGUL = re.compile("[가-힣]")


def rows() -> dict[str, tuple[str, Any]]:
    """Return (sheet, name) of every kind of row by the label of its model."""
    return _named("ROWS")


@cache
def _named(what: str) -> dict[str, Any]:
    modules = app_registry.modules("labels").values()
    return {name: label for module in modules for name, label in getattr(module, what, {}).items()}


def sheet_of(model: type[models.Model]) -> str:
    """The sheet that holds such rows; "" where they have no table of their own."""
    return rows().get(_label(model), ("", ""))[0]


def name(model: type[models.Model]) -> str:
    """The kind's name; a kind that staff never see by itself has none."""
    return called(_label(model))


def called(label: str) -> str:
    """The name of the kind whose model has that label."""
    return str(rows()[label][1]) if label in rows() else ""


def name_of_any(model: type[models.Model]) -> str:
    """The kind's name, also of what is no row of a conference."""
    return str(_named("OTHERS").get(_label(model), "")) or name(model)


def field(model: type[models.Model], column: str) -> str:
    """The name of a field (or its column) as its form has it."""
    found = model._meta.get_field(column)
    if HANGUL.search(str(found.verbose_name)):
        return str(found.verbose_name)
    return str(_named("FIELDS").get(found.name, "")) or (name(found.related_model) if found.is_relation else "")


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower
