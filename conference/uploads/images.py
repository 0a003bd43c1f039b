"""Checking of pictures and conversion into the form that we store.

Stored form: JPEG or PNG of at most 1600 pixels a side, turned upright, in sRGB, without EXIF, place or any
other metadata. What has that form already keeps its bytes, so that a picture survives export and import as it is.

Nothing is decoded in the server itself (docs/adr/0019-pictures-in-a-child.md): a child process with limits does it
(``conference.uploads.decoder``), one at a time on the whole machine.
"""

from __future__ import annotations

import fcntl
import json
import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conference import child_process
from rows.canonical_json import digest

JPEG, PNG = "image/jpeg", "image/png"
SIGNATURES = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
LIMITS = child_process.Limits(memory=320 * 1024**2, seconds=15)
WAITING_MAX = 2  # requests of one process that decode or wait: of its four threads two are always left for readers
WAIT = 20.0  # seconds in the queue of the machine
PAUSE = 0.05  # seconds between two looks at the lock
KNOWN_MAX = 1000
TOO_EXPENSIVE = "too_dear"  # code of the error: nothing is wrong with the file, but it needs more than LIMITS
log = logging.getLogger(__name__)

_is_patient = ContextVar("_is_patient", default=False)
_places = threading.BoundedSemaphore(WAITING_MAX)
_known: dict[str, tuple[str, int, int]] = {}  # digest of what was found to be in our stored form → what it is


class DecoderBusy(ValidationError):
    """Too many pictures at this moment: the same one may be taken a little later."""


@dataclass(frozen=True)
class StoredImage:
    """A picture in our stored form; width and height in pixels. ``shrink``: a JPEG for lists, where it was made too."""

    content: bytes
    media_type: str
    width: int
    height: int
    small: bytes | None = field(default=None, compare=False)


def is_image(content: bytes) -> bool:
    """Whether the bytes begin as those of a JPEG or PNG do."""
    return content.startswith(tuple(SIGNATURES.values()))


def to_stored_form(content: bytes) -> StoredImage:
    """Check an upload and return it in our stored form.

    Raises ValidationError for what is no JPEG or PNG, is damaged, or is too large to be opened here; DecoderBusy.
    """
    media_type = next((name for name, sign in SIGNATURES.items() if content.startswith(sign)), None)
    if media_type is None:
        raise ValidationError(_("사진이 아닙니다. JPEG나 PNG 사진만 받습니다."))
    name = digest(content)
    if known := _known.get(name):
        return StoredImage(content, *known)
    answer, (stored, small_form) = decode("store", content, media_type)
    found = media_type, answer["width"], answer["height"]
    if stored == content:
        if len(_known) >= KNOWN_MAX:
            _known.clear()
        _known[name] = found
    return StoredImage(stored, *found, small=small_form)


def shrink(content: bytes, *, media_type: str) -> bytes:
    """Return a small JPEG of a stored picture, for lists; what is transparent becomes white. Raises as ``to_stored_form``."""
    return decode("small", content, media_type)[1][0]


def decode(task: str, content: bytes, media_type: str) -> tuple[dict[str, Any], list[bytes]]:
    """Let the child do ``task``; return what it said and the pictures it made."""
    with _decoder_slot(), tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            answer = child_process.run("conference.uploads.decoder", task, media_type, limits=LIMITS, stdin=file)
        except child_process.LimitExceeded as error:
            text = _(
                "사진을 여는 데 메모리나 시간이 너무 많이 듭니다. 사진의 크기를 줄이거나 JPEG로 저장해 올려 주세요."
            )
            raise ValidationError(text, code=TOO_EXPENSIVE) from error
        except child_process.ChildFailed as error:
            log.exception("the decoder failed")
            raise ValidationError(_("사진 파일이 망가졌습니다.")) from error
    line, _newline, rest = answer.partition(b"\n")
    said = json.loads(line)
    if "refused" in said:
        log.info("%s was refused: %s", media_type, said.get("traceback", said["refused"]))
        raise ValidationError(_refusal_text(said, media_type))
    pictures, at = [], 0
    for size in said["sizes"]:
        pictures.append(rest[at : at + size])
        at += size
    return said, pictures


def _refusal_text(said: dict[str, Any], media_type: str) -> str:
    if said["refused"] == "damaged":
        return _("사진 파일이 망가졌습니다.")
    text = _("사진이 너무 큽니다(%(width)d×%(height)d화소). %(limit)d만 화소까지 받습니다. 크기를 줄여 올려 주세요.")
    if media_type == PNG:
        text = _(
            "사진이 너무 큽니다(%(width)d×%(height)d화소). PNG는 %(limit)d만 화소까지 받습니다. "
            "크기를 줄이거나 JPEG로 저장해 올려 주세요."
        )
    return text % said


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Let pictures inside wait as long as it takes: a whole conference is not refused because others send photos."""
    token = _is_patient.set(True)
    try:
        yield
    finally:
        _is_patient.reset(token)


@contextmanager
def _decoder_slot() -> Iterator[None]:
    """Hold the one place of the machine in which pictures are decoded: a lock file, for the workers are many processes.

    It is let go with the process that holds it, however that ends. Raises DecoderBusy where the queue is too long.
    """
    if not _places.acquire(blocking=_is_patient.get()):
        raise DecoderBusy(_busy_text())
    try:
        with (settings.DATA / "pictures.lock").open("ab") as lock:
            _acquire_lock(lock.fileno())
            yield
    finally:
        _places.release()


def _acquire_lock(lock: int) -> None:
    end = time.monotonic() + WAIT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end and not _is_patient.get():
                raise DecoderBusy(_busy_text()) from error
            time.sleep(PAUSE)
        else:
            return


def _busy_text() -> str:
    return _("지금 사진을 올리는 사람이 많습니다. 잠시 뒤에 다시 올려 주세요.")
