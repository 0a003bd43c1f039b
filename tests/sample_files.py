"""The smallest files of each kind that are what they say."""

import io
import struct

import pikepdf


def pdf(pages: int = 1, **options) -> bytes:
    """Return a PDF of blank pages; the same every time where it is not encrypted."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        document.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


def hwp() -> bytes:
    """Return an OLE container with the root folder and file header of HWP 5, and nothing else in it."""

    def entry(name: str, kind: int) -> bytes:
        return name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HB", 2 * len(name) + 2, kind) + bytes(61)

    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHH", 62, 3, 0xFFFE, 9) + bytes(16)
    head = head.ljust(512, b"\0")  # the folder begins in sector 0
    return head + entry("Root Entry", 5) + entry("FileHeader", 2) + bytes(256) + b"HWP Document File".ljust(512, b"\0")


PDF, HWP = pdf(), hwp()
