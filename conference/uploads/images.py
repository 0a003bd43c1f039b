"""Checking of pictures and conversion into the form that we store.

Stored form: JPEG or PNG of at most 1600 pixels a side, turned upright, in sRGB, without EXIF, place or any
other metadata. A picture in that form keeps its bytes, so that export and import do not change it.

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
WAITING_MAX = 2  # requests of one process that decode or wait; two of its four threads always stay free for readers
WAIT = 20.0  # seconds in the queue of the machine
PAUSE = 0.05  # seconds between two tries to lock
KNOWN_MAX = 1000
TOO_EXPENSIVE = "too_dear"  # code of the error: the file may be correct, but it needs more than LIMITS
log = logging.getLogger(__name__)

_is_patient = ContextVar("_is_patient", default=False)
_places = threading.BoundedSemaphore(WAITING_MAX)
_known: dict[str, tuple[str, int, int]] = {}  # digest of a picture that has our stored form → media type, width, height


class DecoderBusy(ValidationError):
    """Too many pictures at this moment: the same picture may be accepted a little later."""


@dataclass(frozen=True)
class StoredImage:
    """A picture in our stored form; width and height in pixels. ``small``: a JPEG for lists, if it was made too."""

    content: bytes
    media_type: str
    width: int
    height: int
    small: bytes | None = field(default=None, compare=False)


def is_image(content: bytes) -> bool:
    """Whether the bytes begin like a JPEG or PNG."""
    return content.startswith(tuple(SIGNATURES.values()))


def to_stored_form(content: bytes) -> StoredImage:
    """Check an upload and return it in our stored form.

    Raises DecoderBusy, or ValidationError if it is no JPEG or PNG, is damaged, or is too large.
    """
    media_type = next((name for name, sign in SIGNATURES.items() if content.startswith(sign)), None)
    if media_type is None:
        raise ValidationError(_("사진이 아닙니다. JPEG나 PNG 사진만 받습니다."))
    name = digest(content)
    if known := _known.get(name):
        return StoredImage(content, *known)
    answer, (stored, small_form) = decode("store", content, media_type)
    kind_and_size = media_type, answer["width"], answer["height"]
    if stored == content:
        if len(_known) >= KNOWN_MAX:
            _known.clear()
        _known[name] = kind_and_size
    return StoredImage(stored, *kind_and_size, small=small_form)


def shrink(content: bytes, *, media_type: str) -> bytes:
    """Return a small JPEG of a stored picture, for lists; transparent parts become white. Raises as ``to_stored_form``."""
    return decode("small", content, media_type)[1][0]


def decode(task: str, content: bytes, media_type: str) -> tuple[dict[str, Any], list[bytes]]:
    """Let the child do ``task``; return its JSON answer and the pictures it made."""
    with _decoder_slot(), tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            output = child_process.run("conference.uploads.decoder", task, media_type, limits=LIMITS, stdin=file)
        except child_process.LimitExceeded as error:
            text = _(
                "사진을 여는 데 메모리나 시간이 너무 많이 듭니다. 사진의 크기를 줄이거나 JPEG로 저장해 올려 주세요."
            )
            raise ValidationError(text, code=TOO_EXPENSIVE) from error
        except child_process.ChildFailed as error:
            log.exception("the decoder failed")
            raise ValidationError(_("사진 파일이 망가졌습니다.")) from error
    line, _newline, rest = output.partition(b"\n")
    answer = json.loads(line)
    if "refused" in answer:
        log.info("%s was refused: %s", media_type, answer.get("traceback", answer["refused"]))
        raise ValidationError(_refusal_text(answer, media_type))
    pictures, at = [], 0
    for size in answer["sizes"]:
        pictures.append(rest[at : at + size])
        at += size
    return answer, pictures


def _refusal_text(answer: dict[str, Any], media_type: str) -> str:
    if answer["refused"] == "damaged":
        return _("사진 파일이 망가졌습니다.")
    text = _("사진이 너무 큽니다(%(width)d×%(height)d화소). %(limit)d만 화소까지 받습니다. 크기를 줄여 올려 주세요.")
    if media_type == PNG:
        text = _(
            "사진이 너무 큽니다(%(width)d×%(height)d화소). PNG는 %(limit)d만 화소까지 받습니다. "
            "크기를 줄이거나 JPEG로 저장해 올려 주세요."
        )
    return text % answer


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Let pictures inside wait without limit: an import must not fail because other people send photos."""
    token = _is_patient.set(True)
    try:
        yield
    finally:
        _is_patient.reset(token)


@contextmanager
def _decoder_slot() -> Iterator[None]:
    """Hold the machine's only slot for decoding pictures. It is a lock file, because there are many worker processes.

    The system releases it when the process ends. Raises DecoderBusy if the queue is too long.
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
