"""Path converter for the digest of a stored file."""

from __future__ import annotations

from django.urls import register_converter


class DigestConverter:
    """Converter ``<digest:…>``: a SHA-256 in hexadecimal; nothing else reaches the database."""

    regex = "[0-9a-f]{64}"
    to_python = to_url = staticmethod(str)


register_converter(DigestConverter, "digest")
