"""Export → import → export gives the same bytes; what must not leave the database does not."""

import base64
import fcntl
import json
import threading
from io import BytesIO, StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Department, Organisation, User
from approvals.models import ApprovalRoute
from conference.exchange import exporting, importing
from conference.exchange.row_lists import all_row_lists, flatten
from conference.models import Conference, File
from conference.uploads import images, storage
from rows.canonical_json import digest
from sessions.models import RoomUse
from tests.exchange import full_file
from tests.sample_files import PDF

EXAMPLE = settings.BASE_DIR / "examples" / "dongbuk4-2015.json"
# What the file of a conference leaves out, and why.
STAYS = {
    "Release": "frozen: made again by publishing",
    "DraftVersion": "of the database alone: says whether the pages of the desk are up to date",
    "GeneratedFile": "made again from the release",
    "SignInRecord": "of this server, and deleted on its date",
    "FailedFile": "of this server; what is owed is tried again",
    "Mail": "sent once",
    "DayChange": "of the day itself; the sessions stand as they became",
    "DeletedRow": "what was taken out; the file holds what is there",
    "Document": "the report's own half; the report stands in the file",
    "Round": "signatures stay where they were given",
    "Step": "likewise",
    "Act": "likewise",
    "Seal": "likewise",
    "Absence": "of a person, not of a conference",
    "Substitute": "likewise",
    "Authority": "of an organisation, not of a conference",
    "Edition": "frozen",
    "Rendering": "made again from the edition",
}

pytestmark = pytest.mark.django_db


def written(value) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def elsewhere(content: bytes) -> str:
    """Import into a database without it, export there, and leave no trace."""
    with transaction.atomic():
        found = exporting.dump(importing.load(content))
        transaction.set_rollback(True)
    return found


def test_the_example_survives_import_and_export_to_the_byte():
    content = EXAMPLE.read_bytes()
    assert elsewhere(content).encode() == content


def test_every_field_of_every_row_survives_to_the_byte():
    content = written(full_file.file(3))
    assert elsewhere(content).encode() == content


def test_every_row_of_the_house_is_in_the_file_or_left_out_for_a_reason():
    rows = {
        model.__name__
        for app in settings.PORTAL_APPS
        for model in apps.get_app_config({"sessions": "conference_sessions"}.get(app, app)).get_models()
    }
    exchanged = {found.model.__name__ for found in flatten(all_row_lists())}
    assert exchanged & set(STAYS) == set()
    assert exchanged | set(STAYS) == rows


def test_what_is_of_the_database_alone_is_not_in_the_file():
    conference = importing.load(EXAMPLE.read_bytes())
    User.objects.filter(username="wook").update(mail="wook@example.test", password="secret-hash", is_admin=True)
    conference.reports.update(register_no="일자리지원과-1", lock_version=7)
    assert exporting.dump(conference) == EXAMPLE.read_text("utf-8")


def test_new_accounts_cannot_sign_in_and_old_ones_stay_as_they_are():
    office = Department.objects.create(
        organisation=Organisation.objects.create(name="강북구", kind="city"), name="일자리지원과", bureau="다른 국"
    )
    route = ApprovalRoute.objects.create(department=office, name="일자리지원과 결과보고")
    User.objects.create_user("wook", "a password", name="이욱", position="주임", department=office)
    importing.load(EXAMPLE.read_bytes())
    wook = User.objects.get(username="wook")
    assert (wook.position, wook.check_password("a password")) == ("주임", True)
    assert User.objects.get(username="heedong").has_usable_password() is False
    assert User.objects.get(username="heedong").department == office
    assert Organisation.objects.get(name="강북구").kind == "city"
    assert list(office.approval_routes.values_list("pk", flat=True)) == [route.pk]
    assert route.steps.count() == 0


def test_order_is_the_order_of_the_lists():
    conference = importing.load(EXAMPLE.read_bytes())
    assert list(conference.districts.values_list("name", flat=True)) == ["도봉구", "성북구", "강북구", "노원구"]
    talks = conference.sessions.get(code="social-economy").presentations
    assert list(talks.values_list("district__name", flat=True)) == ["성북구", "강북구", "도봉구", "노원구"]


def test_a_room_use_has_the_times_of_its_session():
    conference = importing.load(EXAMPLE.read_bytes())
    use = RoomUse.objects.select_related("session", "room").get(
        session__code="social-economy", session__conference=conference
    )
    assert use.room.name == "601호"
    assert (use.starts_at, use.ends_at) == (use.session.starts_at, use.session.ends_at)


def test_emoji_and_decomposed_letters_are_text():
    data = json.loads(EXAMPLE.read_text("utf-8"))
    data["sessions"][3]["title"] = "축제 🎉 한글"
    conference = importing.load(written(data))
    assert conference.sessions.get(code="sustainable-city").title == "축제 🎉 한글"


def test_a_photograph_loses_its_metadata_once_and_keeps_its_bytes_from_then_on():
    image, exif, out = Image.new("RGB", (2000, 1000), "navy"), Image.Exif(), BytesIO()
    exif[0x0112], exif[0x010E] = 6, "where it was taken"  # turned by 90°
    image.save(out, "JPEG", exif=exif)
    data = json.loads(EXAMPLE.read_text("utf-8"))
    data["files"][0] |= {
        "media_type": "image/jpeg",
        "digest": digest(out.getvalue()),
        "content": base64.b64encode(out.getvalue()).decode(),
    }
    first = elsewhere(written(data))
    conference = importing.load(first.encode())
    file = File.objects.get(conference=conference, name="photo-1.png")
    assert (file.width, file.height, file.size) == (800, 1600, len(storage.read(file.digest)))
    assert b"where it was taken" not in storage.read(file.digest)
    assert exporting.dump(conference) == first


def test_documents_are_kept_as_they_are():
    data = json.loads(EXAMPLE.read_text("utf-8"))
    content = PDF
    paper = {"name": "원고.pdf", "media_type": "application/pdf"}
    data["files"].append(
        {"digest": digest(content), **paper, "content": base64.b64encode(content).decode()},
    )
    data["sessions"][1]["presentations"][0]["materials"] = ["원고.pdf"]
    conference = importing.load(written(data))
    talk = conference.sessions.get(code="social-economy").presentations.first()
    assert [storage.read(file.digest) for file in talk.materials.all()] == [content]


def test_export_asks_as_often_for_many_rows_as_for_few():
    asked = []
    for count in (1, 4):  # in every list at every level: 4 tracks, 256 tasks
        with transaction.atomic():
            conference = importing.load(written(full_file.file(count)))
            with CaptureQueriesContext(connection) as queries:
                exporting.dump(conference)
            asked.append(len(queries))
            transaction.set_rollback(True)
    assert asked[0] == asked[1]


def test_the_commands_import_and_export(tmp_path, capsys):
    call_command("import_conference", str(EXAMPLE))
    assert capsys.readouterr().out == "‘동북4구 지역혁신 컨퍼런스’를 들여왔습니다(dongbuk4-2015).\n"
    call_command("export_conference", "dongbuk4-2015")
    assert capsys.readouterr().out == EXAMPLE.read_text("utf-8")
    call_command("export_conference", "dongbuk4-2015", output=tmp_path / "out.json")
    assert (tmp_path / "out.json").read_bytes() == EXAMPLE.read_bytes()
    assert Conference.objects.count() == 1


def test_a_conference_comes_in_though_others_send_photos(monkeypatch):
    """The command waits for its turn with pictures, however long, where a web request would be told to come again."""
    monkeypatch.setattr(images, "WAIT", 0.0)
    monkeypatch.setattr(images, "_known", {})
    with (settings.DATA / "pictures.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Timer(0.5, fcntl.flock, [lock, fcntl.LOCK_UN]).start()
        call_command("import_conference", str(EXAMPLE), stdout=StringIO())
    assert Conference.objects.get().photos.count() == len(json.loads(EXAMPLE.read_text("utf-8"))["photos"])
