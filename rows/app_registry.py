"""Lookup of modules that packages above offer under one name, so that a lower package need not import them."""

from __future__ import annotations

import importlib
import importlib.util
from itertools import chain
from types import ModuleType

from django.conf import settings


def modules(name: str) -> dict[str, ModuleType]:
    """Import `<app>.<name>` of every app of settings.PORTAL_APPS that has such a module, in their order."""
    apps = [app for app in settings.PORTAL_APPS if _is_there(f"{app}.{name}")]
    return {app: importlib.import_module(f"{app}.{name}") for app in apps}


def _is_there(module: str) -> bool:
    """Whether the module has a file: `git pull` leaves the folder of a removed package, because compiled files are in it."""
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None


def code_labels(section: str, field: str) -> dict[str, object]:
    """Return code → label for a field of a released section, as the apps' ``collect.CODES`` declare them."""
    choices = (getattr(module, "CODES", {}).get((section, field), []) for module in modules("collect").values())
    return dict(chain.from_iterable(choices))
