"""programme.json keeps docs/programme.schema.json, which describes all of it and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from conference.models import Conference, HostRole, Person, Room
from publishing import releases
from sessions import today
from sessions.feeds import data
from sessions.feeds.entries import feed_context, feed_entries
from sessions.models import Part, Session
from tests.sessions import feed_data
from tests.sessions.day_helpers import act_params
from tests.sessions.feed_data import ROOT
from tests.visitors.test_public import publish

SCHEMA = json.loads((settings.BASE_DIR / "docs" / "programme.schema.json").read_text("utf-8"))
BASE = "https://portal.example/dongbuk4-2015/"


@pytest.fixture(autouse=True)
def _outside(settings) -> None:
    settings.PORTAL_URL = "https://portal.example"


def faults(value: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(value)]


def of(client, path: str = f"{ROOT}programme.json") -> dict[str, Any]:
    releases.clear_cache()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = json.loads(answer.content)
    assert faults(found) == []
    return found


def session(found: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in found["sessions"] if row["code"] == code)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


def test_the_schema_is_one_and_names_every_key():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == data.FORMAT
    loose = [found for found in objects(SCHEMA) if found["additionalProperties"] is not False]
    optional = [found for found in objects(SCHEMA) if found.get("required", []) != list(found["properties"])]
    assert loose == []
    assert optional == [SCHEMA["properties"]["sessions"]["items"]["properties"]["announced"]]


def test_its_codes_are_the_models():
    inner = SCHEMA["properties"]
    of_event = inner["conference"]["properties"]
    room = of_event["venues"]["items"]["properties"]["rooms"]["items"]["properties"]
    assert of_event["admission"]["enum"] == ["", *Conference.Admission.values]
    assert of_event["hosts"]["items"]["properties"]["role"]["enum"] == HostRole.Role.values
    assert room["kind"]["enum"] == Room.Kind.values
    assert inner["parts"]["items"]["properties"]["kind"]["enum"] == Part.Kind.values
    assert inner["sessions"]["items"]["properties"]["kind"]["enum"] == Session.Kind.values
    assert SCHEMA["$defs"]["person"]["properties"]["kind"]["enum"] == Person.Kind.values


@pytest.mark.usefixtures("unsigned")
def test_one_session(client):
    assert session(of(client), "mayor") == {
        "code": "mayor",
        "uid": "mayor@dongbuk4-2015.portal.example",
        "url": f"{BASE}programme/mayor/",
        "sequence": 1,
        "is_cancelled": False,
        "announced": None,
        "part": "2부",
        "kind": "talk",
        "topic": "",
        "title": "서울시의 사회혁신 실험과 동북4구",
        "title_en": "",
        "starts_at": "2015-11-24T15:20+09:00",
        "ends_at": "2015-11-24T15:35+09:00",
        "host": "",
        "conduct": "사회진행",
        "performers": "",
        "participants": "",
        "moderator": None,
        "rooms": [{"name": "6층 강당", "floor": "6층", "venue": "서울 테크노 파크"}],
        "destination": None,
        "presentations": [
            {
                "district": "",
                "title": "",
                "title_en": "",
                "points": [],
                "presenter": {"kind": "office", "name": "서울시장", "affiliation": "", "job": ""},
                "materials": [],
            }
        ],
    }


def test_the_whole(client, unsigned: Conference):
    found = of(client)
    released = unsigned.releases.get()
    assert found["release"]["number"] == 1
    assert found["release"]["digest"] == released.digest
    assert found["url"] == f"{BASE}programme/"
    assert of(client, f"/en{ROOT}programme.json")["url"] == "https://portal.example/en/dongbuk4-2015/programme/"
    assert [part["label"] for part in found["parts"]] == ["사전행사", "1부", "2부", "3부"]
    assert len(found["sessions"]) == 14
    assert [venue["name"] for venue in found["conference"]["venues"]] == ["서울 테크노 파크"]


def test_materials_moves_and_the_day_itself(client, unsigned: Conference):
    chair = User.objects.get(username="chair")
    talk, file = unsigned.sessions.get(code="mayor").presentations.get(), unsigned.photos.first().file
    type(file).objects.filter(pk=file.pk).update(may_be_public=True)
    talk.materials.add(file)
    unsigned.hosts.create(name="동북4구 발전협의회", role="host")
    Conference.objects.update(admission="free")
    publish(unsigned)
    social = unsigned.sessions.get(code="social-economy")
    today.delay(social, minutes=10, also="", **act_params(chair))
    today.move(social, rooms=[Room.objects.get(name="6층 로비")], **act_params(chair))
    today.cancel(unsigned.sessions.get(code="opening"), **act_params(chair))
    found = of(client)
    files = session(found, "mayor")["presentations"][0]["materials"]
    assert [(row["name"], row["url"]) for row in files] == [(file.name, f"{BASE}files/{file.digest}")]
    assert session(found, "social-economy")["announced"] == {
        "starts_at": "2015-11-24T13:00+09:00",
        "ends_at": "2015-11-24T14:40+09:00",
        "rooms": [{"name": "601호", "floor": "6층", "venue": "서울 테크노 파크"}],
    }
    assert session(found, "opening")["is_cancelled"] is True
    move = next(row for row in found["sessions"] if row["kind"] == "move")
    assert move["destination"] == {"name": "6층 강당", "floor": "6층", "venue": "서울 테크노 파크"}


def test_nobody_is_named_without_a_basis_and_no_telephone(client, unsigned: Conference):
    Conference.objects.update(contact_phone="02-901-0000")
    publish(unsigned)
    text = client.get(f"{ROOT}programme.json").content.decode()
    assert [word for word in ("이원영", "02-901", "basis") if word in text] == []
    presenter = session(of(client), "social-economy")["presentations"][0]["presenter"]
    assert presenter == {"kind": "person", "name": "", "affiliation": "사회적기업 놀이나무", "job": "대표"}


def test_hostile_texts_and_an_empty_programme(unsigned: Conference):
    def empty(sections: dict) -> None:
        del sections["programme"]

    for bend in (feed_data.fill_with_hostile_text, empty):
        current = feed_data.altered_release(unsigned, bend)
        context = feed_context(current)
        found = data.programme(current, context, feed_entries(current, context, include_breaks=True))
        assert faults(json.loads(json.dumps(found))) == []


def test_a_preview_has_the_feeds_of_what_is_previewed(unsigned: Conference):
    unsigned.sessions.filter(code="mayor").update(title="아직 초안")
    client = Client()
    client.force_login(User.objects.get(username="chair"))
    base = "/desk/dongbuk4-2015/publish/preview/event-programme/desk/"
    answers = {
        path: client.get(base + path).content.decode()
        for path in ("programme.ics", "programme/mayor.ics", "programme.json", "programme.xml", "schedule.json")
    }
    assert [path for path, text in answers.items() if "아직 초안" not in text or base in text] == []
    assert f'href="{base}programme.ics"' in client.get(f"{base}programme/").content.decode()
