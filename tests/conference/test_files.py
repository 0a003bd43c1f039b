"""Uploads: whole or not at all, under their digest; pictures in one form."""

import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage, default_storage

from conference import child_process
from conference.uploads import storage
from rows.canonical_json import digest
from tests.sample_files import HWP, PDF, pdf


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_bytes_come_back_under_their_digest():
    name = storage.store(b"some bytes")
    assert name == digest(b"some bytes")
    assert storage.read(name) == b"some bytes"


def test_a_stored_file_is_never_overwritten():
    name = storage.store(b"written once")
    path = Path(default_storage.path(storage.storage_path(name)))
    before = path.stat().st_ino
    assert storage.store(b"written once") == name
    assert path.stat().st_ino == before


def test_an_object_store_is_written_through_its_own_save(monkeypatch):
    monkeypatch.setattr(storage, "default_storage", InMemoryStorage())
    assert storage.read(storage.store(b"in a bucket")) == b"in a bucket"


def test_damage_is_noticed():
    name = storage.store(b"to be damaged")
    with open(default_storage.path(f"{name[:2]}/{name}"), "ab") as file:  # noqa: PTH123
        file.write(b"!")
    with pytest.raises(storage.DamagedFile):
        storage.read(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "g" * 64, digest("nobody stored this")])
def test_what_is_not_there(name):
    with pytest.raises(FileNotFoundError):
        storage.read(name)


def test_a_full_disk_leaves_nothing_behind(monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    name = digest(b"too much")
    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        storage.store(b"too much")
    assert default_storage.exists(f"{name[:2]}/{name}") is False
    assert [other for other in default_storage.listdir(name[:2])[1] if other.startswith(".new-")] == []


def test_documents_by_extension_signature_and_structure():
    assert storage.check_document(PDF, name="a.PDF") == "application/pdf"
    assert storage.check_document(HWP, name="a.hwp") == "application/x-hwp"
    assert storage.check_document(zipped("Contents/content.hpf"), name="a.hwpx") == "application/hwp+zip"
    for content, name in [(b"MZ", "a.pdf"), (zipped("x"), "a.docx"), (storage.ZIP + b"broken", "a.pptx")]:
        with pytest.raises(ValidationError, match="확장자와 다릅니다"):
            storage.check_document(content, name=name)
    with pytest.raises(ValidationError, match="받지 않는 파일"):
        storage.check_document(b"MZ", name="a.exe")


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"mail gateways put a line before it\n" + PDF,
        PDF + b"\n",
        pdf(3, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
    ],
)
def test_what_readers_open_as_pdf_is_taken(content):
    assert storage.check_document(content, name="a.pdf") == "application/pdf"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF\n", PDF[: len(PDF) // 2], pdf(0), b"%PDF-1.7\n" + b"<html>" * 100]
)
def test_what_only_begins_as_a_pdf_is_refused(content):
    with pytest.raises(ValidationError, match="PDF 파일이 망가졌거나 쪽이 없습니다"):
        storage.check_document(content, name="a.pdf")


def test_a_sound_pdf_that_is_too_much_for_the_server_is_not_called_damaged(monkeypatch):
    def ended(module, *_arguments, **_options):
        raise child_process.LimitExceeded(module)

    monkeypatch.setattr(child_process, "run", ended)
    with pytest.raises(ValidationError) as refused:
        storage.check_document(PDF, name="a.pdf")
    assert refused.value.messages == ["PDF 파일을 여는 데 메모리나 시간이 너무 많이 듭니다. 나누어 올려 주세요."]


@pytest.mark.parametrize("content", [storage.OLE, HWP[:512], HWP.replace(b"HWP Document File", b"XLS Document File")])
def test_a_container_of_something_else_is_no_hwp(content):
    with pytest.raises(ValidationError, match="HWP 파일이 망가졌습니다"):
        storage.check_document(content, name="a.hwp")


def test_a_zip_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(storage, "UNPACKED_MAX", 1)
    with pytest.raises(ValidationError, match="확장자와 다릅니다"):
        storage.check_document(zipped("word/document.xml", "b"), name="a.docx")
