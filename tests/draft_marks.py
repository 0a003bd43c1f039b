"""A mark in every text that staff can edit, to be looked for where no draft may be."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db import models
from django.http import HttpResponse

from rows.fields import LinesField

MARKER = "초안표시"
ENCODED_MARKERS = (MARKER, json.dumps(MARKER)[1:-1], quote(MARKER))  # in a page, in JSON, in a header
# what is no text of the staff's: names in addresses, digests, what signs people in
UNMARKED_FIELDS = {"slug", "code", "exhibition_slug", "map_url", "url", "mail", "username", "password", "media_type"}
UNMARKED_FIELDS |= {"digest", "form_key", "hash", "previous", "head"}
# frozen rows, which nobody edits, and the mails that were sent
FROZEN_MODELS = {"Release", "Edition", "Round", "Step", "Act", "Seal", "Rendering", "Mail", "GeneratedFile"}
SHARED_MODELS = {"User", "Organisation", "Department"}  # of all conferences


def mark_texts(*, without: set[str] = frozenset()) -> int:
    """Write MARKER into every text of every row, but for those of the models named; return into how many."""
    marked = 0
    for app in settings.PORTAL_APPS:
        for model in apps.get_app_config({"sessions": "conference_sessions"}.get(app, app)).get_models():
            if model.__name__ in FROZEN_MODELS | without:
                continue
            marked += sum(_mark(model, field) for field in model._meta.local_concrete_fields)
    return marked


def _mark(model: type[models.Model], field: models.Field) -> int:
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    if field.name in UNMARKED_FIELDS or not (is_text or isinstance(field, LinesField)):
        return 0
    filled = model.objects.exclude(**{f"{field.name}__isnull": True}).exclude(**{field.name: "" if is_text else []})
    for row in filled:
        model.objects.filter(pk=row.pk).update(**{field.name: f"{MARKER}{row.pk}" if is_text else [MARKER]})
    return len(filled)


def is_marked(answer: HttpResponse) -> bool:
    """Whether the mark stands anywhere in the answer, its headers included."""
    text = answer.getvalue().decode(errors="replace").replace("\r\n ", "")  # lines of calendars unfolded
    said = text + str(answer.headers)
    return any(mark in said for mark in ENCODED_MARKERS)
