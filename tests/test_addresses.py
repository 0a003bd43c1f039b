"""Every address of the portal, walked: no change without a token, no query for each row."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference import release
from conference.models import Conference, User
from tests.addresses import filled, patterns
from tests.growth import grow

# pages whose work is one stored file, not rows
FILES = {"file", "preview-file", "reports:photo", "reports:file", "reports:edition-pdf"}


def signed_in(**options: Any) -> Client:
    client = Client(**options)
    client.force_login(User.objects.get(username="wook"))
    return client


def addresses(conference: Conference) -> dict[str, str]:
    """Every address by name, filled from the example."""
    return {name or route: filled(route, conference) for route, name, _ in patterns()}


def test_no_post_without_a_token(example: Conference) -> None:
    client = signed_in(enforce_csrf_checks=True)
    found = {name: client.post(path).status_code for name, path in addresses(example).items()}
    assert found == dict.fromkeys(found, 403)


def test_every_address_answers_its_reader(example: Conference) -> None:
    client = signed_in()
    answers = {name: client.get(path) for name, path in addresses(example).items()}
    found = {name: answer.status_code for name, answer in answers.items()}
    assert {name: status for name, status in found.items() if status not in {200, 302, 405}} == {}
    assert {name for name, status in found.items() if status == 405} == POST_ONLY


POST_ONLY = {
    "lift",
    "end-sign-ins",
    "end-sign-in",
    "approvals:sign",
    "approvals:opine",
    "approvals:send_back",
    "approvals:withdraw",
    "approvals:redraft",
    "reports:restore",
    "reports:photo-add",
    "reports:photo-order",
    "reports:start",
    "reports:texts",
    "reports:submit",
}


@pytest.mark.parametrize("state", ["unsigned", "example"])
def test_queries_do_not_grow_with_the_rows(state: str, request: pytest.FixtureRequest) -> None:
    """Each page costs the same number of queries with 2 and with 20 of everything, nested rows included."""
    conference = request.getfixturevalue(state)
    grow(conference, range(2))
    few = queries(conference)
    grow(conference, range(2, 20))
    assert queries(conference) == few


def queries(conference: Conference) -> dict[str, int]:
    release.publish(conference, by=User.objects.get(username="chair"), name="늘린 공개본", names_reason="시험")
    counted = {}
    client = signed_in()
    for name, path in addresses(conference).items():
        if name not in FILES | POST_ONLY:
            release.forget()
            with CaptureQueriesContext(connection) as found:
                client.get(f"{path}?fresh=1")
            counted[name] = len(found)
    return counted
