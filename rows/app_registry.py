"""The rooms of the house: how the base app finds what the apps above it have to offer."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from django.conf import settings


def rooms(name: str) -> dict[str, ModuleType]:
    """Import `<app>.<name>` of every app of the house that has such a module, in the order of settings.HOUSE."""
    found = [app for app in settings.HOUSE if importlib.util.find_spec(f"{app}.{name}")]
    return {app: importlib.import_module(f"{app}.{name}") for app in found}


def codes(section: str, field: str) -> dict[str, object]:
    """Return code → words of what ``field`` of a released section may say; each app's ``collect.CODES`` names its own."""
    return {
        key: label
        for room in rooms("collect").values()
        for key, label in getattr(room, "CODES", {}).get((section, field), [])
    }
