"""Uploads: whole or not at all, under their digest; pictures in one form."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage, default_storage

from conference import files
from conference.frozen import digest


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
    path = Path(default_storage.path(files.place(name)))
    before = path.stat().st_ino
    assert files.store(b"written once") == name
    assert path.stat().st_ino == before


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
