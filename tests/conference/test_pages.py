"""Stored pages: the same bytes for everybody, no longer than they are true, and never more than a process can hold."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from publishing import page_cache, releases
from tests.crawl import crawl_public_pages

PROGRAMME = "/dongbuk4-2015/programme/"
DAY = datetime(2015, 11, 24, tzinfo=SEOUL)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Give `clock(13, 5)`: the portal's time is 13:05 on the day of the event."""

    def turn(hour: int, minute: int = 0) -> None:
        monkeypatch.setattr(timezone, "now", lambda: DAY + timedelta(hours=hour, minutes=minute))

    return turn


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path, headers=headers).status_code == 200
    return len(found)


@pytest.mark.usefixtures("unsigned")
def test_a_page_costs_one_query_afresh_and_none_when_stored(client):
    paths = (PROGRAMME, "/dongbuk4-2015/", "/dongbuk4-2015/programme/mayor/", "/dongbuk4-2015/exhibits/", "/", "/en/")
    afresh = []
    for path in paths:
        releases.clear_cache()
        afresh.append(queries(client, path))
    client.get(PROGRAMME)
    assert afresh == [1, 1, 1, 1, 3, 3]
    assert [queries(client, path) for path in paths] == [0, 0, 0, 0, 0, 0]


@pytest.mark.usefixtures("unsigned")
def test_signed_in_or_not_the_bytes_and_headers_are_the_same():
    person = Client()
    person.force_login(User.objects.get(username="chair"))
    person.cookies["csrftoken"] = "malformed"
    strangers = {path: (dict(answer.headers), answer.content) for path, answer in crawl_public_pages().items()}
    page_cache.clear_cache()
    persons = {path: (dict(answer.headers), answer.content) for path, answer in crawl_public_pages(person).items()}
    assert persons == strangers
    assert len(strangers) > 40


@pytest.mark.usefixtures("unsigned")
def test_no_answer_sets_a_cookie_or_varies_by_one():
    client = Client()
    client.cookies["csrftoken"] = "malformed"
    client.cookies["sessionid"] = "unknown"
    answers = crawl_public_pages(client)
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert [path for path, answer in answers.items() if answer.cookies or "Cookie" in answer.get("Vary", "")] == []


@pytest.mark.usefixtures("unsigned")
def test_headers_of_a_stored_page(client):
    for path in (PROGRAMME, PROGRAMME):  # rendered, then stored
        answer = client.get(path)
        named = (
            "Cache-Control",
            "Vary",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Content-Length",
        )
        assert [answer[name] for name in named] == [
            "public, max-age=0, s-maxage=1",
            "Accept-Encoding",
            "nosniff",
            "DENY",
            "same-origin",
            str(len(answer.content)),
        ]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "Content-Language" not in answer


@pytest.mark.usefixtures("unsigned")
def test_who_has_the_page_is_told_so(client):
    first = client.get(PROGRAMME)
    again = client.get(PROGRAMME, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]
    assert "Content-Type" not in again
    other = client.get(PROGRAMME, headers={"If-None-Match": 'W/"something-else"'})
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.usefixtures("unsigned")
@pytest.mark.parametrize(
    ("asked", "encoding"),
    [("gzip;q=0", None), ("br, gzip; q=0.0, *", None), ("gzip;q=0.5", "gzip"), ("identity", None), ("br,gzip", "gzip")],
)
def test_gzip_only_for_who_takes_it(client, asked, encoding):
    assert client.get(PROGRAMME, headers={"Accept-Encoding": asked}).get("Content-Encoding") == encoding


def served(environ: dict) -> tuple:
    """What the WSGI server is told: (status, headers, body), from before Django; None where Django is asked."""
    told: list = []
    base = {"REQUEST_METHOD": "GET", "PATH_INFO": PROGRAMME, "QUERY_STRING": "", "wsgi.url_scheme": "http"}
    base["SERVER_NAME"] = "localhost"
    answer = page_cache.serve_before_django(lambda *_: None)(base | environ, lambda *said: told.extend(said))
    return None if answer is None else (*told, b"".join(answer))


@pytest.mark.usefixtures("unsigned")
def test_a_kept_page_is_served_before_django(client, settings):
    assert served({}) is None
    plain = client.get(PROGRAMME)
    assert served({}) == ("200 OK", list(plain.headers.items()), plain.content)
    assert served({"REQUEST_METHOD": "HEAD"})[2] == b""
    assert served({"HTTP_IF_NONE_MATCH": plain["ETag"]})[::2] == ("304 Not Modified", b"")
    for asked in ({"REQUEST_METHOD": "POST"}, {"QUERY_STRING": "q"}, {"PATH_INFO": "/dongbuk4-2015/programme"}):
        assert served(asked) is None
    settings.SECURE_SSL_REDIRECT = True
    assert served({}) is None
    assert served({"HTTP_X_FORWARDED_PROTO": "https"})[0] == "200 OK"
    releases.clear_cache()  # the second is over
    assert served({"HTTP_X_FORWARDED_PROTO": "https"}) is None


HOSTS = {
    "localhost": 200,
    "LocalHost:8000": 200,
    "sub.portal.example.test": 200,
    "evil.example": 400,
    "localhost.evil.example": 400,
    "evil.example:localhost": 400,
    "localhost@evil.example": 400,
    "[::1]": 400,
    "localhost, evil.example": 400,
}


@pytest.mark.usefixtures("unsigned")
@pytest.mark.parametrize("path", [PROGRAMME, "/", "/dongbuk4-2015/og.png", "/healthz", "/nowhere/"])
def test_a_host_that_is_not_ours_is_refused_stored_or_not(client, settings, path):
    """Whatever lies in the memory, and in whichever order they ask."""
    settings.ALLOWED_HOSTS = ["localhost", ".portal.example.test"]
    missing = client.get(path, headers={"Host": "localhost"}).status_code
    for _afresh_then_stored in range(2):
        answers = {host: client.get(path, headers={"Host": host}) for host in HOSTS}
        found = {host: answer.status_code for host, answer in answers.items()}
        assert found == {host: missing if status == 200 else 400 for host, status in HOSTS.items()}
        bodies = [answer.getvalue() for answer in answers.values()]
        assert [body for body in bodies if b"evil.example" in body] == []


@pytest.mark.usefixtures("unsigned")
def test_before_django_only_our_hosts_are_answered(client, settings):
    settings.ALLOWED_HOSTS = ["localhost", ".portal.example.test"]
    client.get(PROGRAMME, headers={"Host": "localhost"})
    found = {host: 200 if served({"HTTP_HOST": host}) else 400 for host in HOSTS}
    assert found == HOSTS
    assert served({"SERVER_NAME": "10.0.0.7"}) is None  # HTTP/1.0 without a Host
    settings.ALLOWED_HOSTS = ["other.example.test"]
    assert served({}) is None


@pytest.mark.usefixtures("unsigned")
def test_zipped_for_who_takes_it_and_without_a_body_for_head(client):
    plain = client.get(PROGRAMME)
    zipped = client.get(PROGRAMME, headers={"Accept-Encoding": "br, gzip"})
    assert (zipped["Content-Encoding"], gzip.decompress(zipped.content)) == ("gzip", plain.content)
    assert (zipped["ETag"], zipped["Content-Length"]) == (plain["ETag"], str(len(zipped.content)))
    head = client.head(PROGRAMME)
    assert (head.content, head["Content-Length"], head["ETag"]) == (b"", plain["Content-Length"], plain["ETag"])


@pytest.mark.usefixtures("unsigned")
def test_only_bare_paths_are_stored(client):
    bare = client.get(PROGRAMME).content
    size = len(page_cache._pages)
    releases.clear_cache()
    for number in range(50):
        assert client.get(PROGRAMME, {"x": number}).content == bare
        assert client.get(f"/invented-{number}/").status_code == 404
    assert len(page_cache._pages) == size
    assert client.post(PROGRAMME).status_code in {403, 405}


@pytest.mark.usefixtures("unsigned")
def test_invented_slugs_do_not_fill_the_memory(client, monkeypatch):
    monkeypatch.setattr(releases, "LOOKUPS_MAX", 20)
    for number in range(60):
        client.get(f"/invented-{number}/")
    assert len(releases._lookups) <= 20


@pytest.mark.usefixtures("unsigned")
def test_a_process_keeps_only_so_many_bytes(client, monkeypatch):
    monkeypatch.setattr(page_cache, "CACHE_MAX_BYTES", 40_000)
    crawl_public_pages(client)
    assert sum(page.size for page in page_cache._pages.values()) == page_cache._cached_bytes[0]
    assert page_cache._cached_bytes[0] <= 40_000


def test_a_publication_is_seen_when_the_second_is_over(client, unsigned: Conference, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(releases.time, "monotonic", lambda: now[0])
    client.get("/"), client.get(PROGRAMME)
    unsigned.sessions.filter(code="mayor").update(title="바뀐 강연")
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="둘째")
    assert "바뀐 강연" not in client.get(PROGRAMME).content.decode()
    now[0] += 1.1
    assert "바뀐 강연" in client.get(PROGRAMME).content.decode()


def test_withdrawn_is_gone_from_warm_pages_too(client, unsigned: Conference, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(releases.time, "monotonic", lambda: now[0])
    before = crawl_public_pages(client)
    releases.withdraw(unsigned.releases.get(), by=User.objects.get(username="chair"))
    now[0] += 1.1
    after = {path: client.get(path) for path in before}
    assert {path: answer.status_code for path, answer in after.items()} == {
        path: 200 if path in {"/", "/en/"} else 404 for path in before
    }
    # a cache that had them takes these in their place, and has nothing to show when the portal is down
    assert {answer["Cache-Control"] for answer in after.values()} == {page_cache.CACHE_CONTROL}
    assert [path for path, answer in after.items() if answer.cookies or "Cookie" in answer.get("Vary", "")] == []
    assert "동북4구" not in client.get("/").content.decode()


def test_a_page_ends_at_the_next_start_or_end(client, unsigned: Conference, clock):
    clock(13, 5)
    first = client.get(PROGRAMME).content
    clock(14, 39)
    assert client.get(PROGRAMME).content == first
    clock(14, 40)  # the parallel sessions end, people move
    assert client.get(PROGRAMME).content != first


@pytest.mark.parametrize(
    ("asked", "starts_at", "until"),
    [((9, 0), 13, (13, 0)), ((13, 0), 13, (24, 0)), ((23, 59), 13, (24, 0)), ((24, 0), 13, (48, 0))],
)
def test_until(asked, starts_at, until):
    moments = [DAY + timedelta(hours=starts_at)]
    at = DAY + timedelta(hours=asked[0], minutes=asked[1])
    response = page_cache.mark_cacheable(type("Answer", (), {})(), slug="", version=1, moments=moments, at=at)
    assert response.cache_key == ("", 1, DAY + timedelta(hours=until[0], minutes=until[1]))
