"""Creation of a conference: empty, or as a copy of an earlier one with all dates moved.

Each ``<app>.exchange`` declares what is copied (``COPIED_AS``, ``is_copied``, ``copy_overrides``). What happened only
once is never copied: contacts, consents, photos, notices, roles, outcomes, counts, releases and reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference import memberships
from conference.exchange import FileRefused, exporting, importing
from conference.exchange.row_lists import ROOT, RowList, all_row_lists
from conference.models import Conference, Membership
from korean.dates import SEOUL
from rows import app_registry
from rows.canonical_json import iso_moment

DAY, MOMENT = "DateField", "DateTimeField"


def copyable_parts() -> dict[str, str]:
    """Return the parts that can be copied from an earlier conference: app → name on screen."""
    modules = app_registry.modules("exchange").items()
    return {app: str(module.COPIED_AS) for app, module in modules if getattr(module, "COPIED_AS", "")}


def propose_slug(starts_at: datetime) -> str:
    """Propose an address: the day, and a number where the day is taken."""
    day = f"{starts_at.astimezone(SEOUL):%Y-%m-%d}"
    taken = set(Conference.objects.filter(slug__startswith=day).values_list("slug", flat=True))
    numbered = (f"{day}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (day, *numbered) if slug not in taken)


@transaction.atomic
def create(*, by: User, **fields: Any) -> Conference:
    """Create an empty conference whose 총괄 is ``by``. ``fields``: slug, title, starts_at, ends_at.

    Raises ValidationError.
    """
    conference = Conference(**fields)
    conference.full_clean()
    conference.save_by(by)
    memberships.add(conference, by, role=Membership.Role.CHAIR, by=by)
    return conference


@transaction.atomic
def copy(source: Conference, *, along: Iterable[str], by: User, **fields: Any) -> Conference:
    """Create a copy of ``source``. ``along``: keys of ``copyable_parts()``. Raises ValidationError; then nothing is created."""
    taken = {rows for app in ("conference", *along) for rows in app_registry.modules("exchange")[app].ROWS}
    copied = exporting.values_of(
        source, take=lambda rows: rows.is_copied and (rows in taken or rows not in all_row_lists())
    )
    move = _DateShift(source.starts_at, fields["starts_at"])
    for rows in all_row_lists():
        if rows.parent_field or rows.name == ROOT:
            _reset_values(rows, copied.get(rows.name, []), move, lists=set(copied))
    times = {name: iso_moment(fields.pop(name)) for name in ("starts_at", "ends_at")}
    copied[ROOT] |= fields | times
    try:
        conference = importing.load(json.dumps(copied).encode(), by=by)
    except FileRefused as refused:
        raise ValidationError([problem.text for problem in refused.problems]) from refused
    memberships.add(conference, by, role=Membership.Role.CHAIR, by=by)
    return conference


class _DateShift:
    """Shift of all dates and times: times exactly, dates by whole days."""

    def __init__(self, before: datetime, after: datetime) -> None:
        self.exact = after - before
        self.days = after.astimezone(SEOUL).date() - before.astimezone(SEOUL).date()

    def __call__(self, field: models.Field, value: Any) -> Any:
        kind = field.get_internal_type()
        try:
            if kind == MOMENT:
                return iso_moment(datetime.fromisoformat(value) + self.exact)
            return (date.fromisoformat(value) + self.days).isoformat() if kind == DAY else value
        except OverflowError as error:
            raise ValidationError(_("옮긴 날짜가 달력을 벗어납니다.")) from error


def _reset_values(rows: RowList, written: Any, move: _DateShift, *, lists: set[str]) -> None:
    """Change the exported values of a list and its children into those of an event that is still to come."""
    for value in [written] if isinstance(written, dict) else written:
        value.pop("as_written", None)  # it quotes the source of the earlier conference
        for name, override in rows.copy_overrides.items():
            if override is None:
                value.pop(name, None)
            else:
                value[name] = override
        for field in rows.fields:
            if value.get(field.name) is not None:
                value[field.name] = move(field, value[field.name])
        for name, list_name in rows.names.items():
            if list_name not in lists:
                value.pop(name, None)
        for child in rows.children:
            _reset_values(child, value.get(child.name, []), move, lists=lists)
