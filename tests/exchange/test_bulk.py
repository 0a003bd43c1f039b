"""A large file is written kind by kind, not row by row: in a few queries, and what comes of it does not differ."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.importing import grown
from conference.exchange import FileProblem, FileRefused, exporting, importing, reading
from conference.exchange.row_lists import all_row_lists, flatten
from conference.models import Conference
from rows.recording import HistoryEntry, RecordedRow
from sessions.models import Session

pytestmark = pytest.mark.django_db


def written(file: dict) -> bytes:
    return json.dumps(file).encode()


def queries_of(file: dict) -> int:
    with CaptureQueriesContext(connection) as queries:
        importing.load(written(file))
    return len(queries)


def test_more_rows_take_no_more_queries():
    small, large = (grown(sessions=count, rooms=4) for count in (4, 8))  # less than SQLite takes in one query
    large["conference"]["slug"] = "larger"
    importing.load(written(small | {"conference": small["conference"] | {"slug": "first"}}))  # with the accounts
    assert queries_of(large) == queries_of(small)


def test_a_grown_conference_survives_import_and_export():
    text = exporting.dump(importing.load(written(grown(sessions=40, rooms=4))))
    other = text.replace('"slug": "grown"', '"slug": "other"')
    assert exporting.dump(importing.load(other.encode())) == other


def test_each_row_has_one_entry_that_says_who_imported_it():
    by = User.objects.create(username="somebody", name="누군가")
    conference = importing.load(written(grown(sessions=8, rooms=4)), by=by)
    models = [rows.model for rows in flatten(all_row_lists()) if issubclass(rows.model, RecordedRow)]
    for model in models:
        rows = model.objects.exclude(pk=by.pk) if model is User else model.objects.all()
        entries = HistoryEntry.objects.filter(kind=model._meta.label_lower, by=by)
        assert sorted(entries.values_list("key", "title", "verb")) == sorted((row.pk, str(row), "+") for row in rows)
        assert {*entries.values_list("conference")} <= {(conference.pk,), (None,)}
    assert HistoryEntry.objects.filter(conference=conference.pk, kind="conference_sessions.session").count() == 22


def test_a_command_imports_without_an_author_and_says_so():
    importing.load(written(grown(sessions=8, rooms=4)))
    assert {*HistoryEntry.objects.values_list("by", "reason")} == {(None, "import")}


def test_every_row_that_the_database_refuses_is_named(monkeypatch):
    monkeypatch.setattr(reading, "_uniqueness", lambda _found, _problems: None)
    file = grown(sessions=8, rooms=4)
    for number in (16, 18):
        file["sessions"][number]["code"] = "talk-0"
    with pytest.raises(FileRefused) as refused:
        importing.load(written(file))
    rule = refused.value.problems[0].text
    assert rule.startswith("데이터베이스의 규칙에 어긋납니다")
    assert [problem.pointer for problem in refused.value.problems] == ["/sessions/16", "/sessions/18"]
    assert (Conference.objects.count(), Session.objects.count()) == (0, 0)


def test_what_is_refused_as_a_whole_only_is_still_a_problem():
    def refuse(listed):
        if len(listed) > 1:
            raise importing.IntegrityError("only together")

    with pytest.raises(FileRefused) as refused:
        importing._write([object(), object()], refuse)
    assert refused.value.problems == [FileProblem("", "데이터베이스의 규칙에 어긋납니다: only together")]


def test_the_command_takes_a_grown_file(tmp_path, capsys):
    path = tmp_path / "grown.json"
    path.write_bytes(written(grown(sessions=8, rooms=4)))
    call_command("import_conference", str(path))
    assert capsys.readouterr().out.endswith("들여왔습니다(grown).\n")
    assert Session.objects.filter(conference__slug="grown").count() == 22
