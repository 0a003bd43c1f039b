"""Names of models and fields on screen, for lists of changes, error messages and findings.

Each app declares its own in ``<app>.labels``: ``ROWS`` has model label → (name of its sheet, or ""; name on screen),
``FIELDS`` field → name where the model has no Korean verbose_name, ``VALUES`` model label and field → code → name, ``OTHERS`` model label → name of models that are no
rows of a conference.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from django.db import models

from rows import app_registry

HANGUL = re.compile("[가-힣]")


def row_kinds() -> dict[str, tuple[str, Any]]:
    """Return model label → (sheet, name on screen)."""
    return _merged("ROWS")


@cache
def _merged(constant: str) -> dict[str, Any]:
    modules = app_registry.modules("labels").values()
    return {name: label for module in modules for name, label in getattr(module, constant, {}).items()}


def sheet_name(model: type[models.Model]) -> str:
    """Return the name of the sheet that edits the model; "" where there is none."""
    return row_kinds().get(_label(model), ("", ""))[0]


def kind_name(model: type[models.Model]) -> str:
    """Return the model's name on screen; "" for a model that staff never see by itself."""
    return kind_name_of_label(_label(model))


def kind_name_of_label(label: str) -> str:
    """Return the name on screen by model label; "" where the model has none."""
    return str(row_kinds()[label][1]) if label in row_kinds() else ""


def kind_name_of_any(model: type[models.Model]) -> str:
    """Return the model's name on screen, also of models that are no rows of a conference."""
    return str(_merged("OTHERS").get(_label(model), "")) or kind_name(model)


def field_name(model: type[models.Model], column: str) -> str:
    """Return the name of a field or column, as its form shows it."""
    field = cast("models.Field[Any, Any]", model._meta.get_field(column))
    if HANGUL.search(str(field.verbose_name)):
        return str(field.verbose_name)
    return str(_merged("FIELDS").get(field.name, "")) or (kind_name(field.related_model) if field.related_model else "")


def value_names(field: models.Field[Any, Any]) -> dict[str, Any]:
    """Return value → name on screen for a field with a list of codes, as the apps' ``VALUES`` have them by model and field."""
    names: dict[str, Any] = _merged("VALUES").get(f"{_label(field.model)}.{field.name}", {})
    return names


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower
