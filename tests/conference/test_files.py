"""Uploads: whole or not at all, under their digest; pictures in one form."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage, default_storage
from PIL import Image, ImageFile

from conference import files, pictures
from conference.frozen import digest


def encoded(image: Image.Image, form: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_bytes_come_back_under_their_digest():
    name = files.store(b"some bytes")
    assert name == digest(b"some bytes")
    assert files.read(name) == b"some bytes"


def test_a_stored_file_is_never_overwritten():
    name = files.store(b"written once")
    path = f"{name[:2]}/{name}"
    before = default_storage.get_modified_time(path)
    assert files.store(b"written once") == name
    assert default_storage.get_modified_time(path) == before


def test_an_object_store_is_written_through_its_own_save(monkeypatch):
    monkeypatch.setattr(files, "default_storage", InMemoryStorage())
    assert files.read(files.store(b"in a bucket")) == b"in a bucket"


def test_damage_is_noticed():
    name = files.store(b"to be damaged")
    with open(default_storage.path(f"{name[:2]}/{name}"), "ab") as file:  # noqa: PTH123
        file.write(b"!")
    with pytest.raises(files.Damaged):
        files.read(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "g" * 64, digest("nobody stored this")])
def test_what_is_not_there(name):
    with pytest.raises(FileNotFoundError):
        files.read(name)


def test_a_full_disk_leaves_nothing_behind(monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    name = digest(b"too much")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.store(b"too much")
    assert default_storage.exists(f"{name[:2]}/{name}") is False
    assert [other for other in default_storage.listdir(name[:2])[1] if other.startswith(".new-")] == []


def test_documents_by_extension_signature_and_structure():
    assert files.document(b"%PDF-1.7", name="a.PDF") == "application/pdf"
    assert files.document(zipped("Contents/content.hpf"), name="a.hwpx") == "application/hwp+zip"
    for content, name in [(b"MZ", "a.pdf"), (zipped("x"), "a.docx"), (files.ZIP + b"broken", "a.pptx")]:
        with pytest.raises(ValidationError, match="확장자와 다릅니다"):
            files.document(content, name=name)
    with pytest.raises(ValidationError, match="받지 않는 파일"):
        files.document(b"MZ", name="a.exe")


def test_a_zip_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(files, "UNPACKED_MAX", 1)
    with pytest.raises(ValidationError, match="확장자와 다릅니다"):
        files.document(zipped("word/document.xml", "b"), name="a.docx")


PNG_MODES, JPEG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA"), ("1", "L", "RGB", "CMYK")


@pytest.mark.parametrize(
    ("form", "mode"), [*(("PNG", mode) for mode in PNG_MODES), *(("JPEG", mode) for mode in JPEG_MODES)]
)
def test_the_stored_form_is_reached_in_one_step(form, mode):
    options = {"dpi": (72, 72)} if form == "PNG" else {"comment": b"from the camera"}
    found = pictures.picture(encoded(Image.effect_noise((90, 60), 40).convert(mode), form, **options))
    assert (found.media_type, found.width, found.height) == (f"image/{form.lower()}", 90, 60)
    assert pictures.picture(found.content) == found
    assert b"from the camera" not in found.content


def test_large_pictures_shrink_and_stand_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # a telephone held upright
    found = pictures.picture(encoded(Image.new("RGB", (3200, 1600), "navy"), "JPEG", exif=exif))
    assert (found.width, found.height) == (800, 1600)


@pytest.mark.parametrize("tail", [b"GIF89a", b"\0", b"PK\x03\x04"])
def test_what_hangs_behind_a_picture_is_gone(tail):
    for form in ("PNG", "JPEG"):
        plain = encoded(Image.new("RGB", (9, 9), "navy"), form)
        assert pictures.picture(plain).content == plain
        found = pictures.picture(plain + tail)
        assert found.content[-len(tail) :] != tail
        assert pictures.picture(found.content) == found


def test_half_a_picture_is_refused_after_a_pdf_was_made_too(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what WeasyPrint does when it is loaded
    whole = encoded(Image.new("RGB", (100, 100)), "PNG")
    with pytest.raises(ValidationError, match="망가졌습니다"):
        pictures.picture(whole[:60])
