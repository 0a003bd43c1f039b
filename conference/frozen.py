"""Frozen rows: what left the office, as canonical JSON text under its SHA-256, never changed again."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from korean.dates import SEOUL


def canonical(value: Any) -> str:
    """Return the one JSON text of ``value``: NFC, sorted keys, no spaces, no floats (TypeError)."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of ``text`` (UTF-8) in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def moment(at: datetime | None) -> str | None:
    """Return an aware time as ISO text in Asia/Seoul, the form every frozen value keeps."""
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


class Frozen(models.Model):
    """Abstract: content as canonical text. The database refuses UPDATE and DELETE (triggers.py)."""

    number = models.PositiveIntegerField()
    format = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss_frozen")

    class Meta:
        abstract = True

    @property
    def value(self) -> dict[str, Any]:
        """The frozen content as plain values."""
        return json.loads(self.content)

    @property
    def is_intact(self) -> bool:
        """Whether the stored text still has the digest under which it was frozen."""
        return digest(self.content) == self.digest
