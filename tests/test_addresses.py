"""Every address of the portal, walked: no change without a token, no query for each row."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference.models import Conference
from publishing import difference, releases
from tests.addresses import named_addresses
from tests.scale_data import grow

# pages whose work is one stored file, not rows
FILES = {
    "file",
    "small-file",
    "material",
    "preview-file",
    "preview-small",
    "desk:photo",
    "reports:file",
    "reports:edition-pdf",
}


# files that the worker makes of a release
PRINTED = {"programme-pdf", "door", "og"}
# who may open a page that is not open to wook, a 담당 of the conference
READERS = {
    "member": "chair",
    "accounts": "admin",
    "account": "admin",
    "account-new": "admin",
    "sign-in-records": "admin",
    "organisations": "admin",
    "organisation": "admin",
    "organisation-new": "admin",
    "department": "admin",
    "department-new": "admin",
}


def sign_in(username: str = "wook", **options: Any) -> Client:
    client = Client(**options)
    client.force_login(User.objects.get(username=username))
    return client


def readers() -> dict[str, Client]:
    """A signed-in client for each address that has a reader of its own, and for all others under ""."""
    clients = {username: sign_in(username) for username in {"wook", *READERS.values()}}
    return {"": clients["wook"]} | {name: clients[username] for name, username in READERS.items()}


def addresses(conference: Conference) -> dict[str, str]:
    """Every address by name, filled from the example; ``sheet-row guests`` and the like for each sheet."""
    return {f"{name} {sheet}".strip(): path for name, sheet, path in named_addresses(conference)}


def test_no_post_without_a_token(example: Conference) -> None:
    client = sign_in(enforce_csrf_checks=True)
    found = {name: client.post(path).status_code for name, path in addresses(example).items()}
    assert found == dict.fromkeys(found, 403)


def test_every_address_answers_its_reader(example: Conference) -> None:
    grow(example, range(1))  # so that there is a row of every kind
    clients = readers()
    answers = {name: clients.get(name, clients[""]).get(path) for name, path in addresses(example).items()}
    found = {name: answer.status_code for name, answer in answers.items()}
    assert {name: status for name, status in found.items() if status not in {200, 302, 404, 405}} == {}
    assert {name for name, status in found.items() if status == 404} == PRINTED  # no worker has made them
    assert {name.partition(" ")[0] for name, status in found.items() if status == 405} == POST_ONLY


POST_ONLY = {
    "overview-move",
    "material-remove",
    "material-show",
    "sheet-delete",
    "people-add",
    "account-state",
    "account-password",
    "organisation-delete",
    "department-delete",
    "member-remove",
    "lift",
    "today-act",
    "today-photos",
    "today-undo",
    "end-sign-ins",
    "end-sign-in",
    "approvals:sign",
    "approvals:opine",
    "approvals:send_back",
    "approvals:withdraw",
    "approvals:redraft",
    "approvals:replace_signer",
    "approvals:stop",
    "approvals:hand_over",
    "desk:restore",
    "desk:take-back",
    "desk:call-withdraw",
    "desk:photo-add",
    "reports:start",
    "reports:sheet-delete",
    "reports:restore",
    "reports:photo-add",
    "reports:attachment-add",
    "reports:attachment-file",
    "reports:line-put",
    "reports:line-take",
    "reports:submit",
}


@pytest.mark.long
@pytest.mark.postgresql_is_enough
@pytest.mark.parametrize("state", ["unsigned", "example"])
@pytest.mark.usefixtures("db")
def test_queries_do_not_grow_with_the_rows(state: str, request: pytest.FixtureRequest) -> None:
    """Each page costs the same number of queries with 2 and with 20 of everything, nested rows included."""
    conference = request.getfixturevalue(state)
    grow(conference, range(2))
    few = queries(conference)
    grow(conference, range(2, 20))
    assert queries(conference) == few


def queries(conference: Conference) -> dict[str, int]:
    releases.publish(conference, by=User.objects.get(username="chair"), name="늘린 공개본", names_reason="시험")
    difference.refresh(conference)  # as the request that publishes does
    counted = {}
    clients, is_signed = readers(), conference.reports.get(number=1).rounds.exists()
    for name, path in addresses(conference).items():
        is_seen_already = is_signed and not name.startswith(("approvals:", "reports:"))  # no other page knows of 결재
        if not is_seen_already and name.partition(" ")[0] not in FILES | POST_ONLY:
            releases.clear_cache()
            with CaptureQueriesContext(connection) as found:
                clients.get(name, clients[""]).get(f"{path}?fresh=1")
            counted[name] = len(found)
    return counted
