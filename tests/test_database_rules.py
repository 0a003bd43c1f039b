"""Rules that the database itself keeps, and that no migration may lose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from approvals.models import Act, Round, Seal, Step
from conference.models import Conference
from publishing.models import Release
from reports.models import Edition, Rendering
from rows import database_rules
from sessions.models import RoomUse


def refused(statement: str) -> bool:
    """Whether the database refuses the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


def test_every_rule_is_there(db: None) -> None:
    assert database_rules.missing_rules() == []
    assert len(database_rules.all_rules()) == len({rule.name for rule in database_rules.all_rules()})


@pytest.mark.parametrize("model", [Act, Seal, Edition])
def test_what_was_signed_is_never_changed_or_deleted(example: Conference, model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert model.objects.exists()
    assert [
        refused(f"UPDATE {table} SET digest = 'x'" if model is not Seal else f"UPDATE {table} SET head = 'x'"),
        refused(f"DELETE FROM {table}"),
    ] == [True, True]


@pytest.mark.parametrize("model", [Round, Step])
def test_rounds_and_steps_are_never_deleted(example: Conference, model: type[models.Model]) -> None:
    assert model.objects.exists()
    assert refused(f"DELETE FROM {model._meta.db_table}")


def test_a_release_may_be_withdrawn_but_not_changed(example: Conference) -> None:
    release = Release.objects.get()
    assert [refused("UPDATE publishing_release SET content = '{}'"), refused("DELETE FROM publishing_release")] == [
        True,
        True,
    ]
    release.withdrawn_at, release.withdrawn_by = release.frozen_at, release.frozen_by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    assert Release.objects.get().withdrawn_at == release.frozen_at


def test_a_rendering_is_never_replaced(example: Conference) -> None:
    edition = example.reports.get().editions.get()
    Rendering.objects.create(
        edition=edition, box="{}", box_digest="b", form="pdf", renderer="1", key="k", digest="d", size=1
    )
    assert [refused("UPDATE reports_rendering SET digest = 'x'"), refused("DELETE FROM reports_rendering")] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("minutes", "is_deliberate", "expected"),
    [(0, False, True), (14, False, True), (15, False, False), (0, True, False)],
)
def test_no_room_is_held_twice(example: Conference, minutes: int, is_deliberate: bool, expected: bool) -> None:
    """The hall is held 15:05–15:20 by ``proposals``; another session may not hold it then, unless it was meant so."""
    held = RoomUse.objects.get(session__code="proposals")
    RoomUse.objects.filter(session__code__in=("mayor", "superintendent", "cooperation")).delete()
    start = held.starts_at + timedelta(minutes=minutes)
    other = RoomUse(
        session=example.sessions.get(code="university"),
        room=held.room,
        starts_at=start,
        ends_at=start + timedelta(minutes=5),
    )
    other.is_deliberate = is_deliberate
    try:
        with transaction.atomic():
            other.save()
            connection.check_constraints()
        was_refused = False
    except DatabaseError:
        was_refused = True
    assert was_refused is expected


def test_a_lost_rule_is_named_and_the_next_migrate_brings_it_back(db: None) -> None:
    database_rules.drop_triggers()
    named = {message.msg for message in run_checks(tags=[Tags.database], databases=["default"])}
    assert "The database has lost its rule approvals_act_no_update." in named
    call_command("migrate", verbosity=0)
    assert database_rules.missing_rules() == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_gets_its_rules_back() -> None:
    """SQLite drops a table's triggers when a migration rebuilds it; PostgreSQL keeps them."""
    old = Act._meta.get_field("action")
    new = models.CharField(max_length=old.max_length + 1)
    new.set_attributes_from_name(old.name)
    with connection.schema_editor() as editor:
        editor.alter_field(Act, old, new)
        editor.alter_field(Act, new, old)
    assert ("approvals_act_no_update" in database_rules.missing_rules()) is (connection.vendor == "sqlite")
    call_command("migrate", verbosity=0)
    assert database_rules.missing_rules() == []
