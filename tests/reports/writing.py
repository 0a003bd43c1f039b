"""What the pages of a report would send: their lines as shown, with some of it typed anew."""

from __future__ import annotations

from typing import Any

from django.test import Client

from conference.models import User
from reports.forms.grid import Grid

BASE = "/desk/dongbuk4-2015/reports/1/"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def sent(grid: Grid, typed: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the grid as its page sends it; ``typed``: key of a line → its fields."""
    data: dict[str, Any] = {grid.name: [line.key for line in grid.lines]}
    for line in grid.lines:
        fields = {name: line.now[name] for name in line.names} | (typed or {}).get(line.key, {})
        data |= {line.add_prefix(name): value for name, value in fields.items() if value != ""}
        data[line.add_prefix("seen")] = line.initial["seen"]
    return data


def part(client: Client, tab: str, name: str) -> tuple[Grid, int]:
    """Return the lines of a part as the page shows them, and the document's version."""
    context = client.get(f"{BASE}{tab}/").context
    grid = next(found["grid"] for found in context["parts"] if found["part"].name == name)
    return grid, context["lock_version"]


def save(client: Client, tab: str, name: str, typed: dict[str, dict[str, Any]] | None = None, **more: Any):
    grid, lock_version = part(client, tab, name)
    return client.post(f"{BASE}parts/{name}/", {"do": "save", "lock_version": lock_version} | sent(grid, typed) | more)
