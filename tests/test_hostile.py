"""Every form of the portal, read off its page and filled with what nobody should send: taken, or told in Korean.

Never an error of ours, nothing half written, nothing of another conference touched, and nothing typed lost.
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import User
from conference import trash
from conference.exchange import importing
from conference.models import Conference
from config.management.commands.load_example import FILE
from korean.dates import SEOUL
from publishing import page_cache, releases, urgent_notices
from reports.models import Report
from sessions import today
from sessions.views.today import ACTS
from sheets.declaration import all_sheets
from tests import factories, forms, hostile_input, row_counts, visitor
from tests.addresses import fill_route, named_addresses, patterns
from tests.approvals import act_helpers, note
from tests.scale_data import grow
from tests.test_addresses import READERS, sign_in
from tests.test_permissions import lines

NOW = datetime(2015, 11, 24, 15, 10, tzinfo=SEOUL)  # so that the day's own forms are open too
KOREAN = re.compile("[가-힣]")
# who fills a form in, where it is neither 총괄 nor 이욱
USERS = READERS | dict.fromkeys(("approvals:sign", "approvals:opine", "approvals:send_back"), "youngbun")
USERS |= dict.fromkeys(("approvals:withdraw", "approvals:redraft", "approvals:hand_over"), "wook")
USERS |= dict.fromkeys(("approvals:stop", "approvals:replace_signer"), "wontaek")
USERS |= dict.fromkeys(("account_login", "account_reset_password", "account_new_password", "healthz"), "")
USERS |= {
    name: "admin" for (_method, name), _answers in lines() if name.startswith(("account-", "organisation", "depart"))
}
QUERY = {"/changes/": "?tab=removed", "/people/": "?q=도봉", "/line/": "?q=심", "/take/": "?source={other}"}
NO_FORM = {
    "healthz": (),
    "account_set_password": (),
    "reports:start": (),
    "reports:photo-add": ("pick",),  # the report has every photo of the pool
    "reports:restore": (),  # its button is there only when something was deleted
    "approvals:hand_over": ("form_key", "lock_version", "reason"),  # the drafter of the report is there
    "overview-move": ("days",),  # its button is there only when the event was put off
}  # and what scripts send there
# the page of a form that neither stands on its own address nor above it: (part of the address, part of the page's)
ELSEWHERE = {
    "reports:attachment-add": ("files/add/", "rows/attachments/"),
    "reports:attachment-file": ("/attachments/", "/rows/attachments/"),
}
# every address that takes forms, once for each kind of form it takes
TAKES = [name for (method, name), answers in lines() if method == "POST" and {*answers[1:]} != {"405"}]
TAKES = sorted({*TAKES, *(f"today-act {act}" for act in ACTS)} - {"today-act"})
if not hostile_input.TRIES:  # in the suite each sheet is looked at from one side, the next one from another
    KINDS = ["sheet", "sheet-new", "sheet-row", "sheet-delete"]
    TAKES = [name for name in TAKES if not name.startswith("sheet")]
    TAKES += [f"{KINDS[at % len(KINDS)]} {sheet}" for at, sheet in enumerate(all_sheets())]


def who(name: str) -> str:
    """Who fills the form in: 이욱 what is about a report, 총괄 all the rest that nobody else does."""
    return USERS.get(name.partition(" ")[0], "wook" if name.startswith("reports:") else "chair")


# ── where it happens ────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def world(unsigned: Conference, monkeypatch, settings) -> Iterator[SimpleNamespace]:
    """The conference on its day with something to press everywhere, and beside it another that nobody may touch."""
    settings.DOCUMENT_TYPES = {**settings.DOCUMENT_TYPES, **note.KINDS}
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # thousands of refusals
    data = json.loads(FILE.read_text("utf-8"))
    data["conference"] |= {"slug": "elsewhere", "title": "다른 행사"}
    with row_counts.OtherConference() as another:
        importing.load(json.dumps(data).encode())
    grow(unsigned, range(1))
    unsigned.reports.get(number=1).attachments.create(name="참석자 명단")
    people = SimpleNamespace(**{user.username: user for user in User.objects.all()})
    trash.delete(unsigned.main_items.create(name="지운 것", text=""), conference=unsigned, by=people.chair)
    today.start(unsigned.sessions.get(code="proposals"), by=people.chair, form_key="start")
    urgent_notices.announce(unsigned, title="긴급", text="공지", by=people.chair)
    rounds = [act_helpers.submit(_note(people)), act_helpers.withdraw(act_helpers.submit(_note(people)).document)]
    User.objects.filter(username="heedong").update(is_active=False)  # so that 결재 관리자 심원택 may act in his place
    rank = {name: getattr(people.heedong, name) for name in ("position", "level", "department")}
    User.objects.create(username="next", name="새 국장", **rank)
    people.wook.department.approval_manager = people.wontaek
    people.wook.department.save()
    cookies = {name: sign_in(name).cookies if name else {} for name in {*USERS.values(), "chair", "wook"}}
    for signed in (cookies["chair"], sign_in("chair").cookies):
        key = signed["sessionid"].value
        UserSession.objects.create(user=people.chair, session_key=key, ip="127.0.0.1", user_agent="Firefox")
    with hostile_input.no_nul_is_asked_for():
        yield SimpleNamespace(conference=unsigned, another=another, cookies=cookies, rounds=rounds)


def _note(people: SimpleNamespace) -> Any:
    document = note.write(people)
    factories.set_route(document, people)
    return document


# ── the forms ───────────────────────────────────────────────────────────────────────────────────
def addresses(world: SimpleNamespace) -> dict[str, str]:
    """Every address of TAKES with a path that is there."""
    parts = {"code": "mayor", "round_id": world.rounds[0].pk, "order": 3}
    found = {f"{name} {sheet}".strip(): path for name, sheet, path in named_addresses(world.conference, **parts)}
    found |= {f"today-act {act}": found["today-act"].replace("delay", act) for act in ACTS}
    found["approvals:redraft"] = found["approvals:redraft"].replace(str(world.rounds[0].pk), str(world.rounds[1].pk))
    return {name: found[name] for name in TAKES}


def asking(cookies: dict[str, Any]) -> Client:
    """A client with the sign-in of its person, whatever was answered before."""
    client = Client()
    client.cookies.update(cookies)
    return client


def form_of(client: Client, name: str, path: str) -> forms.Form:
    """The form that goes to the address: on its own page, or on the nearest above."""
    if name in NO_FORM:
        drawn = "".join(f"<input name={field} value=1>" for field in NO_FORM[name])
        return visitor.read(f"<form method=post action={path}>{drawn}</form>", path)[0]
    wanted = resolve(path)
    steps = path.replace(*ELSEWHERE.get(name, ("", ""))).strip("/").split("/")
    other = Report.objects.exclude(conference__slug="dongbuk4-2015", number=1).latest("pk").pk  # of the same 처리과
    for length in range(len(steps), 0, -1):
        page = "/" + "/".join(steps[:length]) + "/"
        query = next((query for end, query in QUERY.items() if page.endswith(end)), "").format(other=other)
        page += "?page=99" if name == "desk:take-back" else query  # the day of this world is before its import
        answer = client.get(page)
        for form in visitor.read(answer.content.decode(), page) if "html" in answer["Content-Type"] else ():
            found = resolve(form.action.partition("?")[0])
            same = [key for key in ("sheet", "act") if found.kwargs.get(key) != wanted.kwargs.get(key)]
            if form.method == "post" and found.view_name == wanted.view_name and not same:
                return form
    raise AssertionError(f"no page has a form for {name} ({path})")


def buttons(form: forms.Form) -> list[tuple[str, str]]:
    """What each of its buttons sends."""
    return [(button.name, button.values[0]) for button in form.buttons if button.name]


def drawn(data: Any, form: forms.Form, keys: list[str]) -> tuple[list[tuple[str, str]], list[Any], str]:
    """Draw what is sent in place of what stands there: fields, files, and what is wrong with the body."""
    names = [name for name in form.fields if name != "csrfmiddlewaretoken"] or ["x"]
    sent = [pair for pair in form.sent if pair[0] != "csrfmiddlewaretoken" and not isinstance(pair[1], forms.Upload)]
    words = hostile_input.WORDS | some.sampled_from(keys)
    for name in data.draw(some.lists(some.sampled_from([*names, "x"]), min_size=1, max_size=4)):
        how = data.draw(some.sampled_from(["say", "say", "say", "more", "gone"]))
        sent = [*sent, (name, data.draw(words))] if how == "more" else [pair for pair in sent if pair[0] != name]
        sent += [(name, data.draw(words))] if how == "say" else []
    sent += [data.draw(some.sampled_from([*buttons(form), ("do", "save"), ("do", data.draw(words))]))]
    inputs = [name for name, field in form.fields.items() if field.kind == "file"]
    files = some.lists(some.tuples(some.sampled_from(inputs), some.sampled_from(hostile_input.FILES)), max_size=3)
    return (
        sent,
        data.draw(files) if inputs else [],
        data.draw(some.sampled_from(["", "", "", "", "", *hostile_input.BODY_FAULTS])),
    )


# ── the answers ─────────────────────────────────────────────────────────────────────────────────
def said(answer: HttpResponse) -> list[str]:
    """What the answer says is wrong; [] where it takes what was sent."""
    if answer.status_code == 302:
        told = list(get_messages(answer.wsgi_request))
        return [str(message) for message in told] if {message.level_tag for message in told} == {"error"} else []
    if answer["Content-Type"].startswith("application/json"):
        found = json.loads(answer.content)
        if found.keys() == {"location"}:  # a redirect, as allauth tells it to a script
            return []
        return found.get("refused", [json.dumps(found, ensure_ascii=False)])
    page = answer.content.decode()
    found = re.findall(
        r'<(?:ul class="error"|div class="(?:errors|message is-error)")[^>]*>(.*?)</(?:ul|div)>', page, re.DOTALL
    )
    return found or (re.findall(r"<h1>(.*?)</h1>", page) if answer.status_code >= 400 else [])


def kept(form: forms.Form, sent: list[tuple[str, str]], answer: HttpResponse) -> list[str]:
    """What somebody typed that the page of a refusal no longer has; nobody types into what is hidden."""
    if [pair for pair in sent if pair not in form.sent and _kind(form, pair[0]) == "hidden"]:
        return []
    typed = {name: value for name, value in sent if _kind(form, name) in forms.TYPED}  # of two the last counts
    page = " ".join(answer.content.decode().split())
    return [text for text in typed.values() if text.isprintable() and " ".join(escape(text).split()) not in page]


def _kind(form: forms.Form, name: str) -> str:
    return form.fields[name].kind if name in form.fields else ""


ANSWERS = {200, 201, 204, 302, 400, 403, 404, 409, 410, 413, 422}


CHOSEN = {"checkbox", "radio", "select"}  # each of these once gets a number that no database can look for


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow's word to the log; the picture is taken without it
@pytest.mark.long
@pytest.mark.parametrize("some_of", range(4))
def test_hostile_forms_are_answered(some_of: int, world: SimpleNamespace) -> None:
    for name, path in list(addresses(world).items())[some_of::4]:
        attack(world, name, path)


def attack(world: SimpleNamespace, name: str, path: str) -> None:
    """Send the form as nobody should, a few times, each time to the same rows."""
    cookies = world.cookies[who(name)]
    form = form_of(asking(cookies), name, path)
    there, others, keys = row_counts.count(), world.another.count(), world.another.keys

    @hostile_input.examples(2 if name.startswith("sheet") else 3)
    @given(data=some.data())
    def send(data: Any) -> None:
        answered(*drawn(data, form, keys))

    def answered(sent: list[tuple[str, str]], files: list[Any] = (), odd: str = "") -> None:
        content, kind = hostile_input.body(sent, files, is_multipart=form.is_multipart, odd=odd)
        releases.clear_cache()
        page_cache.clear_cache()
        with transaction.atomic():
            answer = asking(cookies).generic("POST", form.action, content, content_type=kind)
            told = said(answer)
            assert answer.status_code in ANSWERS
            assert [text for text in told if not KOREAN.search(text)] == []
            assert world.another.count() == others
            if answer.status_code >= 400 or (told and answer.status_code == 302):
                now = row_counts.count()
                assert told != []
                assert {table: (there[table], now[table]) for table in there if there[table] != now[table]} == {}
            if answer.status_code in {409, 422} and not odd:
                assert kept(form, sent, answer) == []
            transaction.set_rollback(True)

    if beyond := {field.name for field in form.fields.values() if field.kind in CHOSEN}:
        rest = [pair for pair in form.sent if pair[0] not in beyond and not isinstance(pair[1], forms.Upload)]
        answered([*rest, *((field, hostile_input.BEYOND) for field in sorted(beyond)), *buttons(form)[:1]])
    send()


# ── addresses ───────────────────────────────────────────────────────────────────────────────────
ANSWERED = {200, 302, 404, 405, 410}
PARAMETERS = set("page q tab day done after source whole more only all next district stage session blank".split())  # noqa: SIM905 (read as a line)
PARAMETERS |= {name for sheet in all_sheets().values() for name in (sheet.parent_field, *sheet.filter_fields) if name}


def test_hostile_questions_are_answered(world: SimpleNamespace) -> None:
    """Whatever stands behind the question mark: a page, or that there is none."""
    for name, path in gets(world).items():
        ask(asking(world.cookies[who(name)]), path)


def gets(world: SimpleNamespace) -> dict[str, str]:
    """Every address; in the suite each kind of a sheet's once."""
    found = {
        (name, sheet if hostile_input.TRIES else ""): path for name, sheet, path in named_addresses(world.conference)
    }
    return {f"{name} {sheet}": path for (name, sheet), path in found.items()}


def ask(client: Client, path: str) -> None:
    for turn in range(hostile_input.TRIES or 1):
        dice = random.Random(f"{turn}{path}")  # noqa: S311 (no secret)
        query = "&".join(f"{name}={quoted(dice.choice(hostile_input.TEXTS)[:500])}" for name in sorted(PARAMETERS))
        answer = client.get(f"{path}?{query}")
        assert (query, answer.status_code in ANSWERED) == (query, True)


def quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def test_hostile_parts_of_addresses_are_not_there(world: SimpleNamespace) -> None:
    """A number beyond every database, a name of nobody's, bytes that are no text."""
    client = asking(world.cookies["chair"])
    texts = {"number": ["9" * 30, "9" * 5000], "slug": ["x" * 3000]}
    for route in {route for route, _name, _pattern in patterns()}:
        for kind, part in re.findall(r"<(\w+):(\w+)>", route):
            here = route.replace(f"<{kind}:{part}>", "HERE").replace("<slug:sheet>", "guests")
            path = fill_route(here, world.conference)
            for text in texts.get(kind, ["%00", "%ED%A0%80", "..%2F.."]):
                found = {ask(path.replace("HERE", text)).status_code for ask in (client.get, client.post)}
                assert (path, found - {302, 400, 401, 403, 404, 405, 410, 422}) == (path, set())
