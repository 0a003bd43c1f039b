"""Closed by default: a stranger meets the sign-in page everywhere but at the addresses named here."""

import re

import pytest
from django.contrib.staticfiles.finders import find

from tests.addresses import patterns

# What anybody may read, by name. A new address is closed until somebody adds a line here.
OPEN = {
    "healthz",
    "home",
    "event",
    "version",
    "manifest",
    "worker",
    "file",
    "small-file",
    "programme",
    "programme-day",
    "session",
    "exhibits",
    "programme-ics",
    "session-ics",
    "programme-json",
    "programme-xml",
    "schedule-json",
    "releases-atom",
    "programme-pdf",
    "door",
    "og",
    "qr",
    "robots",
    "sitemaps",
    "sitemap",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_new_password",
}
EXAMPLES = {"digest": "0" * 64, "number": "1", "path": "x/", "slug": "nowhere", "str": "x"}


def is_open(pattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def filled(route: str) -> str:
    route = re.sub(r"<(\w+):\w+>", lambda part: EXAMPLES[part[1]], route)
    return "/" + route.replace("^", "").replace("$", "")


def test_open_addresses_are_those_named_here():
    assert {name for _, name, pattern in patterns() if is_open(pattern)} == OPEN


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_everywhere_else(client):
    closed = {filled(route) for route, _, pattern in patterns() if not is_open(pattern)}
    answers = {path: client.get(path) for path in closed}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(closed, 302)
    assert {answer["Location"].partition("?")[0] for answer in answers.values()} == {"/accounts/login/"}


@pytest.mark.django_db
def test_static_files_are_there_for_the_sign_in_page(client):
    page = client.get("/accounts/login/").content.decode()
    styles = re.findall(r'<link rel="stylesheet" href="(/static/[^"]+)"', page)
    assert styles != []
    for style in styles:
        original = re.sub(r"\.[0-9a-f]{12}\.css$", ".css", style)  # names carry a hash, to be kept for ever
        assert original != style
        assert find(original.removeprefix("/static/")) is not None
        answer = client.get(style)
        answer.close()  # the file that it would stream
        assert (answer.status_code, answer["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
