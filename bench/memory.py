"""Memory of a web worker (PSS): after visitors have read every public page, and after staff have opened every page of theirs."""

from __future__ import annotations

import http.client
import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from django.test import Client

from accounts.models import User
from bench import Figure
from bench.pictures import signed_in
from bench.serving import family, server
from conference.models import Conference
from tests.addresses import named_addresses

ROUNDS = 6  # so that each worker has met each page
QUICK = {"ROUNDS": 1}
STAFF = ("/desk/", "/approvals/", "/accounts/")
LEFT_OUT = ("/accounts/logout", "/desk/accounts/sign-ins")  # the first ends the session


def figures() -> Iterator[Figure]:
    """Ask for every address again and again, first as nobody, then as a drafter and as the administrator."""
    paths = list(
        dict.fromkeys(path for _name, _sheet, path in named_addresses(Conference.objects.get(slug="dongbuk4-2015")))
    )
    staff = [path for path in paths if path.startswith(STAFF) and not path.startswith(LEFT_OUT)]
    with server("config.wsgi") as (port, pid, _seconds):
        for path in [path for path in paths if not path.startswith(STAFF)] * ROUNDS:
            _get(port, path, "")
            _get(port, f"/en{path}", "")
        yield Figure("웹 일꾼 하나의 메모리(PSS), 공개 쪽을 모두 읽은 뒤", f"{_largest(pid):.0f} MB", "≤ 90 MB")
        for username in ("wook", "admin"):
            cookie = signed_in(username)
            for path in _open_to(username, staff) * ROUNDS:
                _get(port, path, cookie)
        yield Figure("웹 일꾼 하나의 메모리(PSS), 담당자 쪽을 모두 연 뒤", f"{_largest(pid):.0f} MB", "≤ 160 MB")


def _open_to(username: str, paths: list[str]) -> list[str]:
    """Give the pages that answer this person."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=username))
    logging.disable()  # who is refused, and what there is not
    found = [path for path in paths if client.get(path).status_code == HTTPStatus.OK]
    logging.disable(logging.NOTSET)
    return found


def _get(port: int, path: str, cookie: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": cookie})
    connection.getresponse().read()
    connection.close()


def _largest(pid: int) -> float:
    """Give the largest worker's proportional set size, in MB (Linux)."""
    texts = [Path(f"/proc/{child}/smaps_rollup").read_text() for child in family(pid)[1:]]
    return max(int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) for text in texts) / 1024
