"""Storage of uploads under their SHA-256: written whole or not at all, never overwritten."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path, PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.uploads import images, lost_files
from rows import atomic_files
from rows.canonical_json import digest
from rows.fields import clean_text

PDF = "application/pdf"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .hwp
ZIP = b"PK\x03\x04"
# extension → media type, first bytes, and for a ZIP the member that a file of this type must have
DOCUMENTS = {
    ".pdf": (PDF, b"", ""),
    ".hwp": ("application/x-hwp", OLE, ""),
    ".hwpx": ("application/hwp+zip", ZIP, "Contents/content.hpf"),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP, "ppt/presentation.xml"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP, "word/document.xml"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP, "xl/workbook.xml"),
}
PDF_HEADER, PDF_HEADER_WITHIN = b"%PDF-", 1024  # bytes; readers accept other bytes before the header (PDF 1.7, H.3)
HWP_SIGNATURE = b"HWP Document File"
SIZE_MAX = 100 * 1024**2  # bytes of one upload
UNPACKED_MAX = 500 * 1024**2  # bytes of all members of a ZIP
NAME_MAX, ENDING_MAX = 150, 10  # letters that are kept of an upload's name, so that "(2)" has room in its 200
DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class DamagedFile(Exception):
    """The stored bytes no longer have the digest that is their name."""


def store(content: bytes) -> str:
    """Store checked ``content`` under its SHA-256, also in place of damaged bytes; return that. OSError: the disk is full."""
    name = digest(content)
    _write(storage_path(name), content)
    return name


def store_derived(name: str, kind: str, content: bytes) -> None:
    """Store a file that was made from the bytes under ``name``; ``derived_file`` returns its name."""
    _write(storage_path(f"{name}.{kind}"), content)


def derived_file(name: str, kind: str, make: Callable[[bytes], bytes]) -> str:
    """Return the name of the file that ``make`` makes from the bytes under ``name``. It is made once and stored as ``kind``.

    A lost one is made again, and it is deleted with those bytes. Raises like ``read``.
    """
    if not DIGEST.match(name) or not exists(name):
        raise FileNotFoundError(name)
    if not exists(f"{name}.{kind}"):
        store_derived(name, kind, make(read(name)))
    return f"{name}.{kind}"


def open_stored(name: str) -> File:
    """Open a stored or derived file without checking its bytes, which a job does. Raises FileNotFoundError."""
    if not DIGEST.match(name.partition(".")[0]):
        raise FileNotFoundError(name)
    return default_storage.open(storage_path(name))


def read(name: str) -> bytes:
    """Return the bytes stored under the digest ``name``. Raises FileNotFoundError or DamagedFile."""
    if not DIGEST.match(name):
        raise FileNotFoundError(name)
    with default_storage.open(storage_path(name)) as file:
        content = file.read()
    if digest(content) != name:
        raise DamagedFile(name)
    return content


def is_intact(name: str) -> bool:
    """Whether the bytes under the digest ``name`` are unchanged; they are read in pieces. Raises FileNotFoundError."""
    with open_stored(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == name


def storage_path(name: str) -> str:
    """Return the path of a stored or derived file in the storage."""
    return f"{name[:2]}/{name}"  # 256 folders, so that none grows too long to list


def exists(name: str) -> bool:
    """Whether the storage has the file."""
    return default_storage.exists(storage_path(name))


def stored_names() -> Iterator[str]:
    """Yield the name of every stored file, but not of files that are being written."""
    for folder in default_storage.listdir("")[0]:
        yield from (name for name in default_storage.listdir(folder)[1] if DIGEST.match(name.partition(".")[0]))


def discard(name: str) -> None:
    """Delete damaged bytes before they are made again."""
    default_storage.delete(storage_path(name))


def check_document(content: bytes, *, name: str) -> str:
    """Return the media type of a document, checked by extension, first bytes and structure; else ValidationError."""
    media_type, signature, member = DOCUMENTS.get(PurePath(name).suffix.lower(), ("", b"", ""))
    if not media_type:
        known = ", ".join(DOCUMENTS)
        raise ValidationError(_("받지 않는 파일입니다. 받는 파일: 사진(JPEG, PNG), %(known)s") % {"known": known})
    if len(content) > SIZE_MAX:
        raise ValidationError(_("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": SIZE_MAX // 1024**2})
    if not content.startswith(signature) or (member and not _is_zip_with(member, content)):
        raise ValidationError(_("파일의 내용이 확장자와 다릅니다."))
    if media_type == PDF:
        _check_pdf(content)
    if signature == OLE and not _is_hwp(content):
        raise ValidationError(_("HWP 파일이 망가졌습니다. 한글에서 열어 다시 저장한 다음 올려 주세요."))
    return media_type


def unused_name(conference: Conference, name: str, *, ending: str = "") -> str:
    """Return the name of an upload, with a number where the conference has it already: ``회의록 (2).hwpx``.

    ``ending``: that of its stored form, if it may differ.
    """
    path = PurePath(name.replace("\\", "/"))
    stem = " ".join(clean_text(path.stem).split())[:NAME_MAX] or _("파일")
    ending = ending or clean_text(path.suffix).lower()[:ENDING_MAX]
    taken = set(conference.files.filter(name__startswith=stem).values_list("name", flat=True))
    names = (f"{stem} ({number}){ending}" if number > 1 else f"{stem}{ending}" for number in count(1))
    return next(free for free in names if free not in taken)


def _check_pdf(content: bytes) -> None:
    """Raise DecoderBusy, or ValidationError for a file without a header, a table of objects or a page, or too expensive to read."""
    if PDF_HEADER not in content[:PDF_HEADER_WITHIN]:
        raise ValidationError(_("파일의 내용이 확장자와 다릅니다."))
    try:
        images.decode("pdf", content, PDF)
    except images.DecoderBusy:
        raise
    except ValidationError as error:
        text = _("PDF 파일이 망가졌거나 쪽이 없습니다. PDF로 다시 저장한 다음 올려 주세요.")
        if error.code == images.TOO_EXPENSIVE:
            text = _("PDF 파일을 여는 데 메모리나 시간이 너무 많이 듭니다. 나누어 올려 주세요.")
        raise ValidationError(text) from error


def _is_hwp(content: bytes) -> bool:
    """Whether the OLE container has its root folder, and in it the file header of HWP 5 (HWP 5.0 format, 3.2.1).

    Fields of the container by [MS-CFB] 2.2 and 2.6: byte order, sector size, first sector of the folder; of an entry
    its name in UTF-16 and, at 66, its kind, which is 5 of the root.
    """
    head = content[:512].ljust(512, b"\0")
    order, shift, first = head[28:30], int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    root = content[(first + 1) << shift :][:128] if shift in {9, 12} else b""
    is_container = order == b"\xfe\xff" and root.startswith("Root Entry".encode("utf-16-le")) and root[66:67] == b"\x05"
    return is_container and "FileHeader".encode("utf-16-le") in content and HWP_SIGNATURE in content


def _is_zip_with(member: str, content: bytes) -> bool:
    """Whether the ZIP is whole, holds ``member``, and is not too large when unpacked.

    The sizes are those that the ZIP states. They may be wrong, but the portal never unpacks it.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return any(info.filename == member for info in infos) and sum(info.file_size for info in infos) <= UNPACKED_MAX


def _write(path_in_storage: str, content: bytes) -> None:
    is_there = _holds(path_in_storage, content)
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(path_in_storage))
        try:
            if is_there:
                os.utime(path)  # so that the sweep does not delete it as unused (storage_check)
        except FileNotFoundError:  # the sweep deleted it at this moment
            is_there = False
        if not is_there:
            _write_atomically(path, content)
    elif not is_there:  # an object store writes a whole object or none
        default_storage.delete(path_in_storage)  # damaged bytes: with them there, saving would choose another name
        default_storage.save(path_in_storage, ContentFile(content))
    if not is_there:
        lost_files.remove(PurePath(path_in_storage).name)


def _holds(path_in_storage: str, content: bytes) -> bool:
    """Whether the storage has exactly these bytes at the path; they are read in pieces."""
    try:
        with default_storage.open(path_in_storage) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest(content)
    except FileNotFoundError:
        return False


def _write_atomically(path: Path, content: bytes) -> None:
    """Write a temporary file and rename it, so that a reader sees the whole file or none, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_files.atomic_write(path, mode=default_storage.file_permissions_mode or 0o640) as file:
        file.write(content)  # another process may have written it first, with the same bytes
