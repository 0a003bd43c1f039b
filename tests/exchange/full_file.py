"""A file in which every list has rows and every field a value, made from the declarations themselves."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

from django.db import models
from PIL import Image

from conference.exchange.row_lists import FORMAT, RowList, all_row_lists, row_list_by_model
from conference.exchange.values import INTEGERS
from rows.canonical_json import digest
from rows.fields import JSONField, LinesField

# what a rule of its own decides; None: left out
CHOSEN: dict[tuple[str, str], Any] = {
    ("hosts", "name"): None,
    ("guests", "attendance"): "represented",
    ("steps", "position"): None,
    ("reports", "kind"): "result",
    ("reports", "section_order"): ["programme", "basis"],
    ("files", "media_type"): "image/png",
    ("paragraphs", "level"): 3,
}


def png(number: int) -> bytes:
    """A picture in our stored form, another for each number."""
    out = BytesIO()
    Image.new("RGB", (4, 4), (number, 0, 0)).save(out, "PNG")
    return out.getvalue()


def file(count: int) -> dict[str, Any]:
    """The values of a file with ``count`` rows in every list, at every level."""
    return {
        "format": FORMAT,
        **{rows.name: row(rows, 0, count) if rows.is_single else listed(rows, count) for rows in all_row_lists()},
    }


def listed(rows: RowList, count: int) -> list[dict[str, Any]]:
    return [row(rows, number, count) for number in range(count)]


def row(rows: RowList, number: int, count: int) -> dict[str, Any]:
    made = {field.name: value(rows, field, number) for field in rows.fields}
    if rows.extra:
        made |= {"digest": digest(png(number)), "content": base64.b64encode(png(number)).decode()}
    for child in rows.children:
        made[child.name] = row(child, 0, count) if child.is_single else listed(child, count)
    return {name: found for name, found in made.items() if found is not None}


def value(rows: RowList, field: models.Field, number: int) -> Any:
    if (rows.name, field.name) in CHOSEN:
        return CHOSEN[rows.name, field.name]
    if field.is_relation:
        return reference(rows, field, number)
    if isinstance(field, LinesField):
        return [f"{field.name} {number:02} 하나", f"{field.name} {number:02} 둘"]
    if isinstance(field, JSONField):
        return {"none": None, "title": f"원문 {number:02}"}
    return plain(rows, field, number)


def reference(rows: RowList, field: models.Field, number: int) -> Any:
    if field.related_model is rows.model:  # a room in a room: all in the first one
        return key(rows, 0) if number else None
    named = key(row_list_by_model()[field.related_model], number)
    return [named] if field.many_to_many else named


def plain(rows: RowList, field: models.Field, number: int) -> Any:
    if field.choices:
        return [choice for choice, _name in field.flatchoices if choice != ""][-1]
    kind, is_end = field.get_internal_type(), "ends" in field.name
    found = {
        "BooleanField": True,
        "DateTimeField": f"2015-11-24T{'10' if is_end else '09'}:{number:02}+09:00",
        "DateField": f"2015-11-{number + 1:02}",
        "TimeField": "10:00" if is_end else "09:00",
    }
    shape = "slug" if field.name in rows.names else field.name
    return found.get(kind, number + 1 if kind in INTEGERS else text(shape, number))


def text(name: str, number: int) -> str:
    shapes = {
        "mail": "a{0:02}@example.test",
        "map_url": "https://example.test/{0:02}",
        "url": "https://example.test/{0:02}",
    }
    if name in {"slug", "code"}:
        return f"{name}-{number:02}"
    return shapes.get(name, name + " {0:02}").format(number)


def key(rows: RowList, number: int) -> Any:
    """The natural key of the row of that number; rows below others are those of the first one."""

    def part(name: str) -> Any:
        if name == rows.parent_field:
            above = next(found for found in all_row_lists() if rows in found.children)
            return as_tuple(key(above, 0))
        field = rows.model._meta.get_field(name)
        return (
            as_tuple(key(row_list_by_model()[field.related_model], number)) if field.is_relation else text(name, number)
        )

    parts = rows.key_of(part)
    return parts[0] if len(parts) == 1 else list(parts)


def as_tuple(named: Any) -> tuple[str, ...]:
    return tuple(named) if isinstance(named, list) else (named,)
