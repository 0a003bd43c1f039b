"""Canonical JSON text of a value and its SHA-256, for what is frozen, signed and compared."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime
from typing import Any, overload

from korean.dates import SEOUL


def canonical_json(value: Any) -> str:
    """Return the one JSON text of ``value``: NFC, sorted keys, no spaces, no floats (TypeError)."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of ``text`` (UTF-8) in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


@overload
def iso_moment(at: datetime) -> str: ...
@overload
def iso_moment(at: None) -> None: ...
@overload
def iso_moment(at: datetime | None) -> str | None: ...
def iso_moment(at: datetime | None) -> str | None:
    """Return an aware time as ISO text in Asia/Seoul, the form that frozen contents use."""
    return at.astimezone(SEOUL).isoformat(timespec="minutes" if not at.second else "seconds") if at else None


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _plain(item) for key, item in value.items()}
    message = f"{type(value).__name__} has no canonical form"
    raise TypeError(message)
