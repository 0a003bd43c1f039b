"""What nobody should send: words, files and bodies, and how often a test tries them.

``HYPOTHESIS=3000`` in the environment lets every test that draws at random try so many instead of a few, each time others.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import quote_plus

from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some

from tests.sample_files import PDF

TRIES = int(os.environ.get("HYPOTHESIS", "0"))
# lone surrogates cannot be written in UTF-8; they are sent as the bytes that would be theirs
TEXTS = [
    "", " ", "-", "0", "1", "-1", "99", "٣", "²", "가" * 300, "가" * 25_000, "9" * 19, "9" * 400, "9" * 5_000, "1e400", "NaN",
    "\0", "a\0b", "\ud800", "\udfff가", "\u202e뒤집힘", "\u2066x", "\ufeff", "\ufffe", "\x1b[31m", "\r\n", "a\r\nBcc: b@example.test",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 1 }}{% now 'Y' %}", "%s%(x)s%", "'; DROP TABLE x; --",
    "=1+1", "@SUM(A1)", "+82", "../../etc/passwd", "javascript:alert(1)", "//example.test/", "e\u0301", "한", "👩‍👩‍👧", "(", "가(나", "a, (b, c)",
    "0000-01-01", "0001-01-01", "9999-12-31", "9999-12-31 2359", "9999-12-31T23:59", "2015-02-30", "2015-11-24 25:00", "24:00", "24:01", "2359", "99:99",
    "예", "전체", "true", "null", "[]", "{}", "[" * 2_000, "a@b", "save", "up:99", "drop:²", "move:0:99", "::", "x" * 64, "f" * 64,
]  # fmt: skip
BEYOND = "9" * 20  # a number, but no whole one of eight bytes
WORDS = some.sampled_from(TEXTS) | some.text(max_size=20)


def examples(few: int) -> settings:
    """``few`` and always the same in the suite; as many as were asked for otherwise."""
    return settings(
        max_examples=TRIES or few,
        deadline=None,
        derandomize=not TRIES,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # what was found is short as it is; making it shorter takes minutes
    )


# ── files: (name, content) ──────────────────────────────────────────────────────────────────────
def _zip(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def _bomb(name: str) -> bytes:
    """A ZIP whose one member says it is 4 GB."""
    content = bytearray(_zip(name))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = b"\xff\xff\xff\xfe"
    return bytes(content)


def _png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, said: bytes) -> bytes:
        return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = data or zlib.compress(b"\0" * (1 + 3 * min(width, 9)) * min(height, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _jpeg(exif: bytes = b"", *, keep: int = 10_000) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (9, 9), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()[:keep]


FILES = [
    ("empty.jpg", b""), ("text.jpg", "글".encode()), ("page.pdf", b"<html><script>alert(1)</script>"), ("run.exe", b"MZ"), ("none", b"x"),
    ("bomb.hwpx", _bomb("Contents/content.hpf")), ("bomb.pptx", _bomb("ppt/presentation.xml")), ("other.docx", _zip("x")), ("half.xlsx", _zip("xl/workbook.xml")[:40]),
    ("huge.png", _png(60_000, 60_000)), ("wide.png", _png(2**31 - 1, 1)), ("flat.png", _png(0, 0)), ("lies.png", _png(9, 9, b"x")), ("few.png", _png(500, 500)),
    ("half.jpg", _jpeg(keep=200)), ("exif.jpg", _jpeg(b"Exif\0\0MM\0*\xff\xff\xff\xff")), ("exif2.jpg", _jpeg(b"Exif\0\0II*\0\x08\0\0\0\xff\xff")), ("gif.png", b"GIF89a"),
    ("draw.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ("good.jpg", _jpeg()), ("good.pdf", PDF), ("old.hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("../../up.pdf", PDF), ("a\0b.pdf", PDF), ("\u202efdp.pdf", PDF), ("\ud800.pdf", PDF), ("가" * 300 + ".pdf", PDF), (".pdf", PDF), ("", PDF), ("a\r\nX: y.pdf", PDF), ("x." + "p" * 300, PDF),
]  # fmt: skip


# ── a database that is as strict as the other ───────────────────────────────────────────────────
@contextmanager
def no_nul_is_asked_for() -> Iterator[None]:
    """Refuse a query that holds a NUL on both databases, as PostgreSQL does; SQLite finds nothing in silence."""

    def checked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        rows = params if many else [params or ()]
        if any("\0" in value for row in rows for value in row if isinstance(value, str)):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(checked):
        yield


# ── bodies ──────────────────────────────────────────────────────────────────────────────────────
Sent = Iterable[tuple[str, str]]
Files = Iterable[tuple[str, tuple[str, bytes]]]
MULTIPART = "multipart/form-data; boundary=edge"
BODY_FAULTS = ["cut", "json", "text", "no type", "no edge", "garbage"]


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def body(sent: Sent, files: Files, *, is_multipart: bool, odd: str = "") -> tuple[bytes, str]:
    """Return body and content type of a form; ``odd``: how they are wrong."""
    content = _multipart(sent, files) if is_multipart else _urlencoded(sent)
    kind = MULTIPART if is_multipart else "application/x-www-form-urlencoded"
    wrong = {
        "cut": (content[: len(content) // 2], kind),
        "json": (b'{"title": ["\\ud800"]}', "application/json"),
        "text": (content, "text/plain"),
        "no type": (content, ""),
        "no edge": (content, "multipart/form-data"),
        "garbage": (b"%00=%ff&\xff\xfe&&=&a=%", kind),
    }
    return wrong.get(odd, (content, kind))


def _urlencoded(sent: Sent) -> bytes:
    return "&".join(f"{quote_plus(_raw(name))}={quote_plus(_raw(value))}" for name, value in sent).encode()


def _multipart(sent: Sent, files: Files) -> bytes:
    parts = [b'Content-Disposition: form-data; name="%b"\r\n\r\n%b' % (_raw(name), _raw(value)) for name, value in sent]
    parts += [
        b'Content-Disposition: form-data; name="%b"; filename="%b"\r\nContent-Type: image/jpeg\r\n\r\n%b'
        % (_raw(name), _raw(filename), content)
        for name, (filename, content) in files
    ]
    return b"".join(b"--edge\r\n%b\r\n" % part for part in parts) + b"--edge--\r\n"
