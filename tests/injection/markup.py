"""Markup in every text that anybody types, and how a page is asked whether any of it came to life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import lxml.html
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.utils import timezone

from conference.models import Conference
from publishing import difference
from reports.forms.scope import INNER_HEADINGS
from reports.sections import SECTIONS
from rows.fields import LinesField
from rows.models import Row
from rows.recording import HistoryEntry

# Ends an attribute in either kind of quotes, then an element whose text is no markup, then begins elements of its own.
FULL = "'\" injected=x></textarea></title></script><b class=injected><input name=injected><button formaction=/injected>"
BRIEF = "'\" injected=x><b class=injected>"
# the longest of them that a field takes: what stands before and after the number of the row
SHAPES = (
    (FULL, ""),
    (BRIEF, ""),
    ("'\"><x>", ""),
    ("<x>", ""),
    ("https://example.test/?'\"><x>", ""),
    ("\"'<x>", '"@example.test'),  # a mail address in quotation marks (RFC 5321)
)
ROW_MAX = 9_999  # the number of a row in these texts has no more digits
MODELS = [
    *(
        model
        for app in settings.PORTAL_APPS
        for model in apps.get_app_config(f"{'conference_' * (app == 'sessions')}{app}").get_models()
    ),
    UserSession,
    HistoryEntry,
]
OURS, READ, SECRET = (
    "made by us, typed by nobody",
    "one of a few words that the form reads",
    "no text: a password's hash",
)
# texts that nobody can type markup into, each with the reason; every other one holds some in the tests
LEFT_OUT = {
    "slug": "letters, digits and hyphens: the validator is asked in tests/conference/test_fields.py",
    "code": "likewise",
    "exhibition_slug": "the slug of an exhibition",
    "password": SECRET,
    "session_key": SECRET,
    "message_id": OURS,
    "digest": OURS,
    "replaces_digest": OURS,
    "box_digest": OURS,
    "media_type": OURS,
    "form_key": OURS,
    "hash": OURS,
    "previous": OURS,
    "head": OURS,
    "action": OURS,
    "renderer": OURS,
    "generator": OURS,
    "language": OURS,
    "key": OURS,
    "changes": "sentences about the release, which tests/visitors/test_visitor_news.py looks at; they go into feeds alone",
    "revisions": OURS,
    "name_mark": OURS,
    "DraftVersion.token": OURS,
    "HistoryEntry.kind": OURS,
    "HistoryEntry.reason": OURS,
    "DraftVersion.compared": "made of the rows, anew once these hold markup",
    "FailedFile.name": OURS,
    "FailedFile.reason": OURS,
    "DeletedRow.kind": OURS,
    "Document.kind": OURS,
    "section": READ,
    "items": READ,
    "section_order": READ,
    "UserSession.data": OURS,
    "Rendering.box": "out of which a file was made; the page draws the box of the round",
}


def texts(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields of a model that hold somebody's text: not those with choices, nor those left out."""
    name = model.__name__
    for field in model._meta.local_concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
        if is_text and not {field.name, f"{name}.{field.name}"} & LEFT_OUT.keys():
            yield field


def one_of_every_kind() -> None:
    """Let every kind of row that staff edit have one row at least, and that row a history."""
    for model in MODELS:
        if issubclass(model, Row):
            row = model.objects.first() or model(**dict(_needed(model)))
            row.save()


def _needed(model: type[models.Model]) -> Iterator[tuple[str, Any]]:
    """Yield a value for every field that must have one."""
    hours = count()
    for field in model._meta.local_concrete_fields:
        if field.has_default() or field.null or field.blank or field.primary_key:
            continue
        if field.is_relation:
            yield field.name, field.related_model.objects.first()
        elif field.choices:
            yield field.name, field.choices[0][0]
        elif isinstance(field, models.DateTimeField):
            yield field.name, timezone.now() + timedelta(hours=next(hours))
        elif isinstance(field, models.DateField):
            yield field.name, timezone.localdate()
        else:
            yield field.name, 1 if isinstance(field, models.IntegerField) else "x"


def inject(turn: str = "") -> None:
    """Write markup into every text of every row that may be changed; ``turn`` makes it another text than the last time."""
    for model in MODELS:
        for field in texts(model):
            if isinstance(field, models.JSONField):
                if not isinstance(field, LinesField) and field.name not in {"as_written", "headings"}:
                    continue  # what was deleted, done or frozen: filled by what does that, out of the other rows
                _fill(model.objects.all(), field, _inside(model, field, turn))
            else:
                before, after = shape(field)
                key = Cast("pk", CharField())
                _fill(model.objects.all(), field, Concat(Value(before), key, Value(f"{turn[:1]}{after}")))
    difference.mark_changed(Conference.objects.all())


def shape(field: models.Field) -> tuple[str, str]:
    """The longest of SHAPES that the field takes. Fails for a field that takes none: LEFT_OUT must say why."""
    for before, after in SHAPES:
        text = f"{before}{ROW_MAX}x{after}"
        if field.max_length is None or len(text) <= field.max_length:
            try:
                field.run_validators(text)
            except ValidationError:
                continue
            return before, after
    raise AssertionError(f"{field} takes no markup: name it in LEFT_OUT with the reason")


def _inside(model: type[models.Model], field: models.Field, turn: str) -> Any:
    """What a JSON field holds: texts by the name of a field (원문), by the key of a heading, or one a line."""
    if field.name == "as_written":
        return {column.name: f"{FULL}{turn}" for column in model._meta.local_concrete_fields}
    if field.name == "headings":
        return dict.fromkeys([*SECTIONS, *INNER_HEADINGS], f"{BRIEF}{turn}")
    return [f"{FULL}{turn}", BRIEF]


def _fill(rows: models.QuerySet, field: models.Field, value: Any) -> None:
    """Fill all rows at once; where some may have no such text, each that may. Frozen rows stay as they are."""
    try:
        with transaction.atomic():
            rows.update(**{field.name: value})
    except DatabaseError:
        for pk in rows.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field.name: value})
            except DatabaseError:
                continue


def without_markup() -> set[str]:
    """Fields of which no row holds markup."""
    found = set()
    for model in MODELS:
        for field in texts(model):
            held = (
                value if isinstance(value, str) else json.dumps(value)
                for value in model.objects.values_list(field.name, flat=True)
            )
            if not any("<" in text and ("x>" in text or "injected" in text) for text in held):
                found.add(f"{model._meta.label}.{field.name}")
    return found


# ── what came to life ───────────────────────────────────────────────────────────────────────────
ELEMENTS = {"injected", "x"}
MARKS = {"injected", "/injected"}  # what SHAPES give to attributes


def is_injected(element: Any) -> bool:
    said = dict(element.attrib)
    return (
        element.tag in ELEMENTS
        or "injected" in said
        or bool(MARKS & {said.get(name) for name in ("class", "name", "formaction")})
    )


def injected(page: bytes | str) -> list[str]:
    """The start of each element of an HTML page that somebody's text has become, or has put an attribute into."""
    tree = lxml.html.document_fromstring(page)
    return [lxml.html.tostring(element, encoding="unicode")[:200] for element in tree.iter("*") if is_injected(element)]


def found_in(answer: HttpResponse) -> list[str]:
    """The same of any answer: of HTML, of XML, which must be well-formed, or of nothing that a browser draws."""
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        return injected(answer.content) if answer.content else []
    if "xml" in kind.partition(";")[0] and "openxml" not in kind:
        return [element.tag for element in ET.fromstring(answer.getvalue()).iter() if is_injected(element)]  # noqa: S314 (ours)
    return []
