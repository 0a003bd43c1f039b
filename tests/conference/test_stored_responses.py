"""Stored files on their way out: whole, unchanged, in part, or by nginx."""

import errno
from contextlib import closing

import pytest
from django.db import OperationalError
from django.http import FileResponse, Http404
from django.test import Client, RequestFactory

from conference import outage
from conference.uploads import file_responses, images, photos, storage
from conference.uploads.file_responses import file_response, picture_response
from tests.conference.test_photos import jpeg

CONTENT = bytes(range(256)) * 4096  # 1 MiB: more than is read at once
SAID = {"media_type": "application/pdf", "filename": "발표.pdf", "cache_control": "private"}


@pytest.fixture
def name(db) -> str:  # the end of an answer looks after the connections
    return storage.store(CONTENT)


def asked(name: str, method: str = "get", **headers: str):
    return file_response(getattr(RequestFactory(), method)("/", headers=headers), name, is_attachment=True, **SAID)


def body(response) -> bytes:
    if not response.streaming:
        return response.content
    with closing(response):
        return response.getvalue()


def test_a_large_file_comes_in_pieces_and_nobody_hashes_it(name, monkeypatch):
    monkeypatch.delattr(storage, "read")
    monkeypatch.setattr(storage, "digest", None)
    response = asked(name)
    assert (type(response), response.status_code, body(response) == CONTENT) == (FileResponse, 200, True)
    assert {key: response.headers[key] for key in ("Content-Length", "ETag", "Accept-Ranges", "Content-Type")} == {
        "Content-Length": str(len(CONTENT)),
        "ETag": f'"{name}"',
        "Accept-Ranges": "bytes",
        "Content-Type": "application/pdf",
    }
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=1048570-", 1048570, 1048576),
        ("bytes=-6", 1048570, 1048576),
        ("bytes=-9999999", 0, 1048576),
        ("bytes=10-99999999", 10, 1048576),
    ],
)
def test_a_part(name, wanted, start, end):
    response = asked(name, range=wanted)
    assert (response.status_code, response.headers["Content-Range"]) == (206, f"bytes {start}-{end - 1}/1048576")
    assert (body(response) == CONTENT[start:end], response.headers["Content-Length"]) == (True, str(end - start))


@pytest.mark.parametrize("wanted", ["bytes=1048576-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_there_is_not(name, wanted):
    response = asked(name, range=wanted)
    assert (response.status_code, response.headers["Content-Range"], body(response)) == (416, "bytes */1048576", b"")


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b", "bytes=٣-٤", f"bytes=0-{'9' * 5000}"]
)
def test_what_is_no_one_part_gets_the_whole(name, wanted):
    response = asked(name, range=wanted)
    assert (response.status_code, len(body(response))) == (200, len(CONTENT))


def test_a_part_of_another_file_gets_the_whole(name):
    same, other = (asked(name, range="bytes=0-9", if_range=tag) for tag in (f'"{name}"', '"of before"'))
    assert [(answer.status_code, len(body(answer))) for answer in (same, other)] == [(206, 10), (200, len(CONTENT))]


def test_head_and_unchanged_send_no_bytes(name):
    head, unchanged = asked(name, "head", range="bytes=0-9"), asked(name, if_none_match=f'"{name}"')
    assert (head.status_code, head.headers["Content-Length"], body(head)) == (200, str(len(CONTENT)), b"")
    assert (unchanged.status_code, body(unchanged), unchanged.headers["ETag"]) == (304, b"", f'"{name}"')


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 64])
def test_what_is_not_there(name):
    with pytest.raises(Http404):
        asked(name)


def test_behind_nginx_only_the_place_is_said(name, settings):
    settings.ACCEL = "/stored/"
    response = asked(name)
    assert (response.headers["X-Accel-Redirect"], body(response)) == (f"/stored/{name[:2]}/{name}", b"")
    assert response.headers["Content-Type"] == "application/pdf"


def small_one(monkeypatch, error: Exception):
    """The answer to who asks for a small form that cannot be made."""

    def fails(*_args, **_options):
        raise error

    digest = storage.store(jpeg("maroon"))
    monkeypatch.setattr(photos, "small_form", fails)
    return picture_response(RequestFactory().get("/"), digest, is_small=True, **SAID | {"media_type": "image/jpeg"})


@pytest.mark.parametrize(
    "error",
    [
        images.DecoderBusy(""),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        PermissionError(errno.EACCES, "Permission denied"),
        OperationalError("database is locked"),
    ],
)
def test_a_small_picture_that_cannot_be_made_now_is_the_whole_one(monkeypatch, error):
    response = small_one(monkeypatch, error)
    assert (body(response), response.headers["Cache-Control"]) == (jpeg("maroon"), file_responses.NO_STORE)


@pytest.mark.parametrize("error", [outage.StorageUnavailable("/files"), OSError(errno.EIO, "Input/output error")])
def test_a_storage_that_is_gone_has_no_whole_picture_either(monkeypatch, error):
    with pytest.raises(type(error)):
        small_one(monkeypatch, error)


def test_a_visitor_gets_a_part_of_a_released_picture(example):
    digest = example.photos.filter(may_be_public=True).first().file.digest
    path, content = f"/dongbuk4-2015/files/{digest}", storage.read(digest)
    whole, part = Client().get(path), Client().get(path, headers={"range": "bytes=5-9"})
    assert (whole.status_code, body(whole) == content, whole.headers["ETag"]) == (200, True, f'"{digest}"')
    assert (part.status_code, body(part)) == (206, content[5:10])
    assert Client().get(path, headers={"if-none-match": f'"{digest}"'}).status_code == 304
