"""The JSON schema of the file (docs/conference.schema.json), from the same declarations."""

from __future__ import annotations

import json
from typing import Any

from . import values
from .row_lists import FORMAT, ROOT, RowList, all_row_lists, row_list_by_model

DEFINITIONS = {
    "key": {
        "description": "The natural key of another row of this file: plain where it has one part, else its parts in order, empty ones at the end left out.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    },
    "lines": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": values.TEXT_MAX}},
    "texts": {
        "description": "Texts by name. In as_written: what the source said where the value of that field normalises it; null where it says nothing.",
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "string", "maxLength": values.TEXT_MAX}, {"type": "null"}]},
    },
}


def text() -> str:
    """Return the text of docs/conference.schema.json."""
    lists = all_row_lists()
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Conference",
        "description": "A whole conference as export_conference writes it and import_conference reads it. The order of a list is the order of its rows; what is absent is empty.",
        "type": "object",
        "properties": {"format": {"const": FORMAT}, **{rows.name: _list(rows) for rows in lists}},
        "required": ["format", ROOT],
        "additionalProperties": False,
        "$defs": DEFINITIONS,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _list(rows: RowList) -> dict[str, Any]:
    item = _object(rows)
    return item if rows.is_single else {"type": "array", "items": item}


def _object(rows: RowList) -> dict[str, Any]:
    properties = {field.name: _field(rows, field) for field in rows.fields}
    required = [field.name for field in rows.fields if values.is_required(field)]
    if rows.extra:
        properties[rows.extra.name] = rows.extra.schema
        required.append(rows.extra.name)
    properties |= {child.name: _list(child) for child in rows.children}
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if rows.key:
        schema["description"] = f"Key: {rows.key.replace(' ', ', ')}."
    return {**schema, "required": required} if required else schema


def _field(rows: RowList, field: Any) -> dict[str, Any]:
    target = row_list_by_model()[field.related_model].name if field.is_relation else rows.names.get(field.name)
    return values.field_schema(field) | ({"description": f"Names a row of {target}."} if target else {})
