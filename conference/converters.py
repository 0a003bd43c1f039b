"""How addresses name uploads."""

from __future__ import annotations

from django.urls import register_converter


class Digest:
    """A SHA-256 in an address, as files are named by; nothing else reaches the database."""

    regex = "[0-9a-f]{64}"
    to_python = to_url = staticmethod(str)


register_converter(Digest, "digest")
