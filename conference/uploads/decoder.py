"""Child process that decodes uploads: ``python -m conference.uploads.decoder TASK`` with the file as stdin.

It loads Pillow (for a PDF pikepdf) but no Django, and ``conference.child_process`` ends it at its limits. The answer on
stdout is one line of JSON with the sizes of the pictures, then their bytes. For a refused file it is {"refused": reason}.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import traceback
import zlib
from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin

SIDE_MAX = 1600  # pixels of the stored form
SIDE_SMALL = 480  # pixels of a picture in a list
JPEG, PNG = "image/jpeg", "image/png"
READERS = {JPEG: JpegImagePlugin.JpegImageFile, PNG: PngImagePlugin.PngImageFile}
# Pixels of an upload. The header gives them before anything is decoded. A JPEG is read at a half, a quarter or an eighth
# of its size. A PNG is read whole and needs 8 bytes a pixel to be turned and scaled. The coefficients of a progressive
# JPEG are also read whole: 200 MB.
PIXELS_MAX, PIXELS_MAX_WHOLE = 50_000_000, 25_000_000
MIXABLE = {"L", "LA", "RGB", "RGBA", "CMYK"}  # the other modes (palette, single bits) scale badly
BITS_MAX = 8  # of one channel
PNG_SIGNATURE = 8  # bytes
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# JFIF, frame (baseline, progressive), Huffman tables, quantisation tables, restart interval, scan
JPEG_MARKERS = {b"\xff\xe0", b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xdb", b"\xff\xdd", b"\xff\xda"}
JPEG_SCAN, JPEG_END = b"\xff\xda", b"\xff\xd9"
JPEG_SCAN_DATA = re.compile(rb"(?:[^\xff]|\xff[\x00\xd0-\xd7])*+")  # up to the next marker
# errors that Pillow raises for broken files, besides OSError
DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    IndexError,
    KeyError,
)


def convert_picture(file: IO[bytes], media_type: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return width and height, the picture in our stored form, and its small form."""
    image = READERS[media_type](file)  # Image.open has a size limit of its own, and tries other readers
    width, height = image.size
    limit = PIXELS_MAX_WHOLE if media_type == PNG or "progressive" in image.info else PIXELS_MAX
    if width * height > limit:
        return {"refused": "large", "width": width, "height": height, "limit": limit // 10_000}, []
    image.draft("RGB", (SIDE_MAX, SIDE_MAX))
    image.load()
    is_small = max(width, height) <= SIDE_MAX and image.mode != "CMYK"
    if is_small and IS_PLAIN[media_type](content := _whole(file)):
        size = image.size
    else:
        content, size = _stored_form(image, media_type)
    del image  # the large one
    return {"width": size[0], "height": size[1]}, [content, _small(BytesIO(content), media_type)]


def shrink_picture(file: IO[bytes], media_type: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return a small JPEG of a stored picture."""
    return {}, [_small(file, media_type)]


def _small(file: IO[bytes], media_type: str) -> bytes:
    """Return a small JPEG; transparent parts become white."""
    image = READERS[media_type](file)
    image.draft("RGB", (SIDE_SMALL, SIDE_SMALL))
    image.thumbnail((SIDE_SMALL, SIDE_SMALL), Image.Resampling.BILINEAR)
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image.convert("RGBA"), mask=image.convert("RGBA"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _stored_form(image: Any, media_type: str) -> tuple[bytes, tuple[int, int]]:
    mode = "RGBA" if media_type == PNG and image.has_transparency_data else "RGB"
    if image.mode not in MIXABLE:
        image = image.convert(mode)
    image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(image, in_place=True)
    image = _in_srgb(image, mode)
    image.info.clear()
    out = BytesIO()
    if media_type == PNG:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=85, progressive=True)
    return out.getvalue(), image.size


def _in_srgb(image: Any, mode: str) -> Any:
    """Convert from the picture's own colours (a phone's are wider); a profile that cannot be read is ignored."""
    profile = image.info.get("icc_profile")
    if profile and mode == "RGB":
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # colours that are a little wrong are better than no picture
    return image.convert(mode)


def _is_plain_png(content: bytes) -> bool:
    """Whether the PNG has only pixels: it is not interlaced and has no other chunk and nothing after the end."""
    at, (bits, interlace) = PNG_SIGNATURE, (content[24], content[28])
    while at < len(content) and bits <= BITS_MAX and not interlace:
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + length  # length, kind, data, checksum
        if kind not in PNG_CHUNKS:
            return False
        if kind == b"IEND":
            return at == len(content)
    return False


def _is_plain_jpeg(content: bytes) -> bool:
    """Whether the JPEG has only pixels: JFIF without a thumbnail, tables, scans, and nothing after the end."""
    at = 2
    while (marker := content[at : at + 2]) in JPEG_MARKERS:
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == JPEG_SCAN:
            at = JPEG_SCAN_DATA.match(content, at).end()
    return marker == JPEG_END and at + 2 == len(content)


IS_PLAIN = {JPEG: _is_plain_jpeg, PNG: _is_plain_png}


def count_pdf_pages(file: IO[bytes], _media_type: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the number of pages; a file whose table of objects or pages cannot be read is damaged.

    A file with a password is accepted without its number of pages.
    """
    import pikepdf

    try:
        with pikepdf.open(file, attempt_recovery=False) as document:
            pages = len(document.pages)
    except pikepdf.PasswordError:
        pages = 1
    except pikepdf.PdfError:
        pages = 0
    return ({"pages": pages} if pages else {"refused": "damaged"}), []


TASKS = {"store": convert_picture, "small": shrink_picture, "pdf": count_pdf_pages}


def main(task: str, media_type: str) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # refuse a file that is cut off
    work = TASKS[task]
    try:
        answer, pictures = work(sys.stdin.buffer, media_type)
    except DECODING_ERRORS:  # these may also be a bug of ours: the log of the server shows which
        answer, pictures = {"refused": "damaged", "traceback": traceback.format_exc()}, []
    line = json.dumps(answer | {"sizes": [len(content) for content in pictures]})
    sys.stdout.buffer.write(b"".join([line.encode(), b"\n", *pictures]))


if __name__ == "__main__":
    main(*sys.argv[1:])
