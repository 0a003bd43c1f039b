"""Pictures: checked, and brought into the one form that we store.

Stored form: JPEG or PNG of at most 1600 pixels a side, turned upright, in sRGB, without EXIF, place or any
other metadata. What has that form already keeps its bytes, so that a picture survives export and import as it is.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SIDE_MAX = 1600  # pixels of the stored form
SIDE_SMALL = 480  # pixels of a picture in a list
PIXELS_MAX = 50_000_000  # of an upload, known from its header before anything is decoded
JPEG, PNG = "image/jpeg", "image/png"
SIGNATURES = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
BITS_MAX = 8  # of one channel
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# JFIF, frame (baseline, progressive), Huffman tables, quantisation tables, restart interval, scan
JPEG_MARKERS = {b"\xff\xe0", b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xdb", b"\xff\xdd", b"\xff\xda"}
JPEG_SCAN, JPEG_END = b"\xff\xda", b"\xff\xd9"
JPEG_SCAN_DATA = re.compile(rb"(?:[^\xff]|\xff[\x00\xd0-\xd7])*+")  # up to the next marker
# what Pillow raises for broken files, beside OSError
BROKEN = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error, IndexError, KeyError)


@dataclass(frozen=True)
class Picture:
    """A picture in our stored form; width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def is_picture(content: bytes) -> bool:
    """Whether the bytes begin as those of a JPEG or PNG do."""
    return content.startswith(tuple(SIGNATURES.values()))


def picture(content: bytes) -> Picture:
    """Check an upload and return it in our stored form.

    Raises ValidationError for what is no JPEG or PNG, is damaged, or has more than PIXELS_MAX pixels.
    """
    media_type = next((name for name, sign in SIGNATURES.items() if content.startswith(sign)), None)
    if media_type is None:
        raise ValidationError(_("사진이 아닙니다. JPEG나 PNG 사진만 받습니다."))
    try:
        image = _open(content, media_type)
    except BROKEN as error:
        raise ValidationError(_("사진 파일이 망가졌습니다.")) from error
    width, height = image.size
    if width * height > PIXELS_MAX:
        message = _("사진이 너무 큽니다(%(width)d×%(height)d화소). %(limit)d만 화소까지 받습니다.")
        raise ValidationError(message % {"width": width, "height": height, "limit": PIXELS_MAX // 10_000})
    try:
        image.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a large JPEG is read at a half, a quarter, an eighth of its size
        image.load()
        is_small = max(width, height) <= SIDE_MAX and image.mode != "CMYK"
        if is_small and IS_PLAIN[media_type](content):
            return Picture(content, media_type, width, height)
        return _stored_form(image, media_type)
    except BROKEN as error:
        raise ValidationError(_("사진 파일이 망가졌습니다.")) from error


def small(content: bytes, *, media_type: str) -> bytes:
    """Return a small JPEG of a stored picture, for lists; what is transparent becomes white."""
    from PIL import Image

    image = _open(content, media_type)
    image.draft("RGB", (SIDE_SMALL, SIDE_SMALL))
    image.thumbnail((SIDE_SMALL, SIDE_SMALL), Image.Resampling.BILINEAR)
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image.convert("RGBA"), mask=image.convert("RGBA"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()


def _open(content: bytes, media_type: str) -> Any:
    """Read the header by the one reader that fits: Image.open would warn of size by its own measure, and try others."""
    from PIL import ImageFile, JpegImagePlugin, PngImagePlugin

    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # WeasyPrint, once it is loaded, lets half a picture pass in all the process
    )
    reader = {JPEG: JpegImagePlugin.JpegImageFile, PNG: PngImagePlugin.PngImageFile}[media_type]
    return reader(BytesIO(content))


def _stored_form(image: Any, media_type: str) -> Picture:
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(image)
    image = _in_srgb(image, "RGBA" if media_type == PNG and image.has_transparency_data else "RGB")
    image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    image.info.clear()
    out = BytesIO()
    if media_type == PNG:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=85, progressive=True)
    return Picture(out.getvalue(), media_type, *image.size)


def _in_srgb(image: Any, mode: str) -> Any:
    """Convert from the picture's own colours (a phone's are wider); a profile that cannot be read is ignored."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if profile and mode == "RGB":
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # better the plain numbers than no picture
    return image.convert(mode)


def _is_plain_png(content: bytes) -> bool:
    """Whether there are pixels and nothing else: not interlaced, no other chunk, nothing after the end."""
    at, (bits, interlace) = len(SIGNATURES[PNG]), (content[24], content[28])
    while at < len(content) and bits <= BITS_MAX and not interlace:
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + length  # length, kind, data, checksum
        if kind not in PNG_CHUNKS:
            return False
        if kind == b"IEND":
            return at == len(content)
    return False


def _is_plain_jpeg(content: bytes) -> bool:
    """Whether there are pixels and nothing else: JFIF without a thumbnail, tables, scans, nothing after the end."""
    at = 2
    while (marker := content[at : at + 2]) in JPEG_MARKERS:
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == JPEG_SCAN:
            at = JPEG_SCAN_DATA.match(content, at).end()
    return marker == JPEG_END and at + 2 == len(content)


IS_PLAIN = {JPEG: _is_plain_jpeg, PNG: _is_plain_png}
