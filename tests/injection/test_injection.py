"""No text that anybody typed ever becomes an element or an attribute of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts import mail_queue
from publishing.models import Release
from tests import forms, visitor
from tests.crawl import crawl_public_pages
from tests.hostile_input import TRIES
from tests.injection.markup import FULL, found_in, without_markup
from tests.test_hostile import CHOSEN, PARAMETERS, who

ROUND = ("reports:", "approvals:")  # begin the names of addresses that are otherwise while a round is running
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
SIGNERS = ("wontaek", "wook")  # whose turn it is, and who drafted it
MANY = 50  # forms that are looked at, at least
Paths = dict[tuple[str, str], str]
Found = dict[Any, list[str]]
pytestmark = [pytest.mark.sqlite_is_enough, pytest.mark.long]


def test_no_page_as_anybody(world: SimpleNamespace, sign_in: Any) -> None:
    assert as_everybody(world, sign_in, world.paths) == {}
    answers = crawl_public_pages(Client())
    assert {path: found for path, answer in answers.items() if (found := found_in(answer))} == {}
    assert of_refusals(world, sign_in) == {}


def test_no_form_with_its_errors(world: SimpleNamespace, sign_in: Any) -> None:
    visits = [(who(name), path) for (name, _sheet), path in some_of(world.paths, lambda at: at % 4 == 0)]
    sent_to, seen = of_forms(world, sign_in, visits)
    assert {key: found for key, found in seen.items() if found} == {}
    assert len(sent_to) > MANY


def test_no_page_while_a_round_is_running(running: SimpleNamespace, sign_in: Any) -> None:
    """And there is markup to be seen: a new field takes some by itself, or fails here until LEFT_OUT says why not."""
    assert " ".join(sorted(without_markup())) == ""
    paths = {key: path for key, path in running.paths.items() if key[0].startswith(ROUND)}
    assert as_everybody(running, sign_in, paths) == {}
    approvals = [path for (name, _sheet), path in paths.items() if name.startswith("approvals:")]
    sent_to, seen = of_forms(running, sign_in, [(user, path) for user in SIGNERS for path in approvals])
    assert {key: found for key, found in seen.items() if found} == {}
    assert {action.rpartition("/")[0].rpartition("/")[2] for action in sent_to} >= {"sign", "opine", "send-back"}
    feeds_and_mails(running.conference.slug)


def feeds_and_mails(slug: str) -> None:
    """An XML file is well-formed, and a mail is plain text: what was typed is in both, and is nothing else."""
    title = Release.objects.latest("number").value["sections"]["event"]["title"]
    assert title.startswith(FULL)
    told = {path: texts_of(Client().get(f"/{slug}/{path}")) for path in ("programme.xml", "releases.atom")}
    assert {path: any(title in text for text in texts) for path, texts in told.items()} == dict.fromkeys(told, True)
    mail_queue.send_pending()
    assert {(letter.content_subtype, *getattr(letter, "alternatives", [])) for letter in mail.outbox} == {("plain",)}
    assert any(FULL in letter.body for letter in mail.outbox)


# ── the walk ────────────────────────────────────────────────────────────────────────────────────
def some_of(paths: Paths, is_chosen: Callable[[int], bool]) -> list[tuple[tuple[str, str], str]]:
    """All addresses; in the suite of those of the many tables the chosen ones, HYPOTHESIS=1 takes all."""
    return [found for at, found in enumerate(paths.items()) if TRIES or not found[0][1] or is_chosen(at)]


def as_everybody(world: SimpleNamespace, sign_in: Any, paths: Paths) -> Found:
    """Ask for every address as everybody; return what came to life. Each role sees other tables, 총괄 all."""
    seen: Found = {}
    for turn, (role, user) in enumerate(world.users.items()):
        sign_in(user)
        for key, path in some_of(paths, lambda at: role == "chair" or (at + turn) % 9 == 0):  # noqa: B023 (used at once)
            seen[role, *key] = found_in(Client().get(path))
    return {key: found for key, found in seen.items() if found}


def of_refusals(world: SimpleNamespace, sign_in: Any) -> Found:
    """Pages that say no: sign in again with what was typed, not found, not allowed, too much; and what a search repeats."""
    sign_in(world.users["stranger"])
    sent = {FULL: FULL, "title": FULL}
    answers = {
        "keep": Client().post("/desk/", sent),
        "token": Client(enforce_csrf_checks=True).post("/desk/", sent, **FROM_HERE),
        "elsewhere": Client(enforce_csrf_checks=True).post("/desk/", sent),
        "not found": Client().get(f"/{quote(FULL)}/"),
        "no session": Client().get(f"/en/{world.conference.slug}/programme/{quote(FULL)}/?{urlencode({FULL: FULL})}"),
        "many": Client().post("/accounts/login/", {f"{FULL}{at}": "" for at in range(7_000)}),
        "sign in": Client().post("/accounts/login/", {"login": FULL, "password": FULL, "next": FULL}),
    }
    assert [answer.status_code for answer in answers.values()] == [401, 403, 403, 404, 404, 413, 200]
    query = urlencode(dict.fromkeys(PARAMETERS, FULL))
    for key, path in some_of(world.paths, lambda at: at % 3 == 1):
        sign_in(world.people.get(who(key[0]), world.users["stranger"]))
        answers[key] = Client().get(f"{path}?{query}")
        answers["not allowed", *key] = Client().put(path)
    return {key: found for key, answer in answers.items() if (found := found_in(answer))}


def of_forms(world: SimpleNamespace, sign_in: Any, visits: list[tuple[str, str]]) -> tuple[set[str], Found]:
    """Send every form of these pages (who looks, address) with markup in it; return where to, and what came to life."""
    seen: Found = {}
    sent_to: set[str] = set()
    for user, path in visits:
        sign_in(world.people.get(user, world.users["stranger"]))
        page = Client().get(path)
        is_page = page.headers.get("Content-Type", "").startswith("text/html")
        for form in visitor.read(page.content.decode(), path) if is_page else ():
            if form.method == "post" and form.action not in sent_to:
                sent_to.add(form.action)
                for how, data in enumerate(spoiled(form)):
                    seen[form.action, how] = [found for answer in answers_to(form, data) for found in found_in(answer)]
    return sent_to, seen


def spoiled(form: forms.Form) -> Iterator[dict[str, Any]]:
    """Markup in whatever is typed or chosen; then in what is typed alone, with versions that were never shown."""
    drawn = {name: field.values for name, field in form.fields.items() if field.kind != "file"}
    button = {button.name: button.values for button in form.buttons[:1] if button.name}
    typed = {name: FULL for name, field in form.fields.items() if field.kind in forms.TYPED}
    chosen = {name: FULL for name, field in form.fields.items() if field.kind in CHOSEN}
    stale = {name: "0" for name in form.fields if name.endswith(("version", "seen"))}
    yield drawn | typed | chosen | button
    yield drawn | typed | stale | button


def answers_to(form: forms.Form, data: dict[str, Any]) -> list[HttpResponse]:
    """The answer, and the page it leads to with its message; nothing of it stays."""
    client = Client()
    with transaction.atomic():
        answer = client.post(form.action, data)
        found = [answer, client.get(answer["Location"])] if answer.status_code == 302 else [answer]
        transaction.set_rollback(True)
    return found


def texts_of(answer: HttpResponse) -> list[str]:
    """Every text and every value of an XML file. Raises ParseError where it is not well-formed."""
    elements = ET.fromstring(answer.getvalue()).iter()  # noqa: S314 (made by us)
    return [text for element in elements for text in (element.text or "", *element.attrib.values())]
