"""Pictures: one stored form, made in a child process that cannot take the server with it."""

import fcntl
import logging
import struct
import sys
import threading
import zlib
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.models import User
from conference import child_process
from conference.child_process import Limits
from conference.uploads import images, photos

TOO_DEAR = ["사진을 여는 데 메모리나 시간이 너무 많이 듭니다. 사진의 크기를 줄이거나 JPEG로 저장해 올려 주세요."]
BUSY = ["지금 사진을 올리는 사람이 많습니다. 잠시 뒤에 다시 올려 주세요."]


def encoded(image: Image.Image, form: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def refusal(content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        images.to_stored_form(content)
    return refused.value.messages


def blank_png(width: int, height: int, *, chunk: bytes = b"") -> bytes:
    """Return a PNG of one colour, made without decoding it: a few kB for any size."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + chunk + part(b"IDAT", rows) + part(b"IEND", b"")


PNG_MODES, JPEG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA"), ("1", "L", "RGB", "CMYK")


@pytest.mark.parametrize(
    ("form", "mode"), [*(("PNG", mode) for mode in PNG_MODES), *(("JPEG", mode) for mode in JPEG_MODES)]
)
def test_the_stored_form_is_reached_in_one_step(form, mode):
    options = {"dpi": (72, 72)} if form == "PNG" else {"comment": b"from the camera"}
    found = images.to_stored_form(encoded(Image.effect_noise((90, 60), 40).convert(mode), form, **options))
    assert (found.media_type, found.width, found.height) == (f"image/{form.lower()}", 90, 60)
    assert images.to_stored_form(found.content) == found
    assert b"from the camera" not in found.content


def test_large_pictures_shrink_and_stand_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # a telephone held upright
    found = images.to_stored_form(encoded(Image.new("RGB", (3200, 1600), "navy"), "JPEG", exif=exif))
    assert (found.width, found.height) == (800, 1600)


@pytest.mark.parametrize("tail", [b"GIF89a", b"\0", b"PK\x03\x04"])
def test_what_hangs_behind_a_picture_is_gone(tail):
    for form in ("PNG", "JPEG"):
        plain = encoded(Image.new("RGB", (9, 9), "navy"), form)
        assert images.to_stored_form(plain).content == plain
        found = images.to_stored_form(plain + tail)
        assert found.content[-len(tail) :] != tail
        assert images.to_stored_form(found.content) == found


def test_half_a_picture_is_refused_and_the_log_says_where_it_broke(caplog):
    whole = encoded(Image.new("RGB", (100, 100)), "PNG")
    with caplog.at_level(logging.INFO), pytest.raises(ValidationError, match="망가졌습니다"):
        images.to_stored_form(whole[:60])
    [said] = caplog.messages
    assert (said.startswith("image/png was refused: Traceback"), "in convert_picture\n" in said) == (True, True)


# ── what would stop the server ──────────────────────────────────────────────────────────────────
def test_fifty_megapixels_of_png_are_refused_in_words_that_help():
    assert refusal(blank_png(8000, 6250)) == [
        "사진이 너무 큽니다(8000×6250화소). PNG는 2500만 화소까지 받습니다. 크기를 줄이거나 JPEG로 저장해 올려 주세요."
    ]


def test_sixty_megapixels_of_jpeg_are_refused():
    assert refusal(encoded(Image.new("L", (10_000, 6_000)), "JPEG")) == [
        "사진이 너무 큽니다(10000×6000화소). 5000만 화소까지 받습니다. 크기를 줄여 올려 주세요."
    ]


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_the_largest_png_that_is_taken_fits_into_the_memory(mode):
    exif = Image.Exif()
    exif[0x0112] = 6
    found = images.to_stored_form(encoded(Image.new(mode, (6250, 4000)), "PNG", exif=exif))
    assert (found.width, found.height) == (1024, 1600)


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_the_largest_jpeg_that_is_taken_fits_into_the_memory(options):
    size = (5000, 5000) if options else (1600, 31_250)  # so thin that it cannot be read at a half
    found = images.to_stored_form(encoded(Image.new("CMYK", size), "JPEG", **options))
    assert max(found.width, found.height) == 1600


def test_a_profile_that_swells_is_damage():
    swollen = b"icc\0\0" + zlib.compress(bytes(50 * 1024**2), 9)
    chunk = struct.pack(">I", len(swollen)) + b"iCCP" + swollen + struct.pack(">I", zlib.crc32(b"iCCP" + swollen))
    assert refusal(blank_png(9, 9, chunk=chunk)) == ["사진 파일이 망가졌습니다."]


def test_thousands_of_scans_end_at_the_limit_of_time(monkeypatch):
    monkeypatch.setattr(images, "LIMITS", Limits(memory=images.LIMITS.memory, seconds=1))
    whole = encoded(Image.effect_noise((1600, 1600), 90), "JPEG", progressive=True, quality=30)
    first = whole.index(b"\xff\xda", whole.index(b"\xff\xda") + 2)  # the second scan: one that refines nothing is legal
    scan = whole[first : whole.index(b"\xff\xc4", first)]
    assert refusal(whole[:-2] + scan * 2000 + whole[-2:]) == TOO_DEAR


def test_a_child_out_of_memory_is_told_and_leaves_nothing(unsigned, monkeypatch):
    wook = User.objects.get(username="wook")
    monkeypatch.setattr(images, "LIMITS", Limits(memory=120 * 1024**2, seconds=15))
    before = (unsigned.files.count(), unsigned.photos.count())
    with pytest.raises(ValidationError) as refused:
        photos.add(unsigned, content=blank_png(5000, 5000), name="IMG_1.png", by=wook)
    assert (refused.value.messages, (unsigned.files.count(), unsigned.photos.count())) == (TOO_DEAR, before)


def test_a_child_that_is_killed_is_told(monkeypatch):
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(child_process, "COMMAND", (sys.executable, "-c", kill))
    assert refusal(encoded(Image.new("RGB", (9, 8)), "PNG")) == TOO_DEAR


# ── one at a time ───────────────────────────────────────────────────────────────────────────────
def test_the_machine_decodes_one_picture_at_a_time(monkeypatch):
    monkeypatch.setattr(images, "WAIT", 0.2)
    with (settings.DATA / "pictures.lock").open("ab") as lock:  # as another process holds it
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refusal(encoded(Image.new("RGB", (8, 8)), "PNG")) == BUSY
    assert images.to_stored_form(encoded(Image.new("RGB", (8, 8)), "PNG")).width == 8


def test_an_import_waits_for_its_turn(monkeypatch):
    """A whole conference is not refused because somebody else's picture takes longer than WAIT."""
    monkeypatch.setattr(images, "WAIT", 0.0)
    with (settings.DATA / "pictures.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Timer(0.5, fcntl.flock, [lock, fcntl.LOCK_UN]).start()
        with images.without_time_limit():
            assert images.to_stored_form(encoded(Image.new("RGB", (8, 11)), "PNG")).height == 11


def test_the_queue_of_a_process_is_short(monkeypatch):
    started, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_args, **_options):
        started.release()
        go_on.wait()
        raise child_process.LimitExceeded

    monkeypatch.setattr(child_process, "run", slow)
    monkeypatch.setattr(images, "_acquire_lock", lambda _lock: None)
    both = [threading.Thread(target=refusal, args=[encoded(Image.new("RGB", (n, 9)), "PNG")]) for n in (1, 2)]
    for each in both:
        each.start()
        started.acquire()
    with pytest.raises(images.DecoderBusy):
        images.to_stored_form(encoded(Image.new("RGB", (3, 9)), "PNG"))
    go_on.set()
    for each in both:
        each.join()
