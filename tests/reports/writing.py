"""What the pages of a report would send: their lines as shown, with some of it typed anew."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from conference.models import User
from reports.forms.grid import Grid, LineForm

BASE = "/desk/dongbuk4-2015/reports/1/"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def said(line: LineForm, typed: dict[str, Any]) -> dict[str, Any]:
    """Return one line as its page sends it, with what was ``typed``."""
    fields = {name: line.now[name] for name in line.names} | typed
    data = {line.add_prefix(name): value for name, value in fields.items() if value != ""}
    return data | {line.add_prefix("seen"): line.initial["seen"]}


def sent(grid: Grid, typed: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the grid as its page sends it; ``typed``: key of a line → its fields."""
    data: dict[str, Any] = {grid.name: [line.key for line in grid.lines]}
    for line in grid.lines:
        data |= said(line, (typed or {}).get(line.key, {}))
    return data


def whole(client: Client, tab: str, typed: dict[str, dict[str, Any]] | None = None, **texts: str) -> dict[str, Any]:
    """Return all that a page sends; ``typed``: name of a part → key of a line → its fields, ``texts``: those of the report."""
    context = client.get(f"{BASE}{tab}/").context
    data: dict[str, Any] = {"do": "save"} | (said(context["texts"], texts) if tab == "texts" else {})
    for found in context["parts"]:
        data |= sent(found["grid"], (typed or {}).get(found["part"].name))
    return data


def save(client: Client, tab: str, name: str, typed: dict[str, dict[str, Any]] | None = None, **more: Any):
    return client.post(f"{BASE}{tab}/", whole(client, tab, {name: typed or {}}) | more)


def grid(answer: HttpResponse, name: str) -> Grid:
    """Return the lines of a part as the page shows them."""
    return next(found["grid"] for found in answer.context["parts"] if found["part"].name == name)
