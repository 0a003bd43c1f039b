"""Stored files that are gone, damaged, left behind, or named by nobody; files are deleted here as an accident would."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import html

from accounts.models import User
from conference import trash
from conference.uploads import images, lost_files, photos, storage, storage_check
from conference.uploads.lost_files import LostFile
from config import health
from publishing import generated_files, heavy, releases
from publishing.models import GeneratedFile
from reports import renderings
from reports.models import Edition, Rendering
from tests.conference.test_photos import jpeg

YESTERDAY = timedelta(days=2)


def path_of(name: str) -> Path:
    return Path(default_storage.path(storage.storage_path(name)))


def damage(name: str) -> None:
    with path_of(name).open("ab") as file:
        file.write(b"!")


def age(name: str) -> None:
    then = (timezone.now() - YESTERDAY).timestamp()
    os.utime(path_of(name), (then, then))


def lost() -> list[tuple[str, str]]:
    return [(each.name, state) for each, state in storage_check.repair().lost]


@pytest.fixture(autouse=True)
def _own_storage(request, tmp_path, settings):
    """Sweep a copy: other tests share the folder, and their rows are not in this test's database."""
    for name in {"example", "unsigned"} & set(request.fixturenames):
        request.getfixturevalue(name)  # puts its files there
    shutil.copytree(default_storage.path(""), tmp_path / "files")
    there = settings.STORAGES["default"]
    options = {**there["OPTIONS"], "location": str(tmp_path / "files")}
    settings.STORAGES = {**settings.STORAGES, "default": {**there, "OPTIONS": options}}


@pytest.fixture
def photo(unsigned, monkeypatch):
    monkeypatch.setattr(images, "_known", {})  # what this process has seen before comes without its small form
    return photos.add(unsigned, content=jpeg("olive"), name="IMG_1.jpg", by=User.objects.get(username="wook"))


def test_of_the_example_nothing_is_lost(example):
    assert (lost(), storage_check.delete_unneeded()) == ([], 0)


def test_an_upload_that_is_gone_is_named(photo):
    path_of(photo.file.digest).unlink()
    path_of(f"{photo.file.digest}.small").unlink()  # and what was made of it cannot be made again
    assert sorted(lost()) == [(photo.file.digest, "missing"), (f"{photo.file.digest}.small", "missing")]
    assert health.check_part("files") == "lost 2"
    storage.store(jpeg("olive"))
    assert (lost(), health.check_part("files")) == ([], "ok")


def test_a_small_form_is_made_again(photo):
    name = f"{photo.file.digest}.small"
    before = path_of(name).read_bytes()
    path_of(name).unlink()
    assert [each.name for each in storage_check.repair().remade] == [name]
    assert path_of(name).read_bytes() == before


def test_the_signed_pdf_is_made_again_to_the_byte(example):
    row = Rendering.objects.filter(is_final=True).first() or renderings.get_or_generate_pdf(
        Edition.objects.order_by("pk").last()
    )
    before = storage.read(row.digest)
    for spoil in (lambda name: path_of(name).unlink(), damage):
        spoil(row.digest)
        report = storage_check.repair(storage_check.find_damaged(set(storage.stored_names())))
        assert ([each.digest for each in report.remade], report.lost) == ([row.digest], [])
        assert storage.read(row.digest) == before


def test_a_pdf_that_would_come_out_otherwise_is_named_and_not_replaced(example, monkeypatch):
    row = Rendering.objects.filter(is_final=True).first() or renderings.get_or_generate_pdf(
        Edition.objects.order_by("pk").last()
    )
    path_of(row.digest).unlink()
    monkeypatch.setattr(heavy, "run", lambda _name, _key: storage.store(b"%PDF-1.7 of another time"))
    assert lost() == [(row.digest, "missing")]


def test_prints_of_the_release_are_made_again(example):
    heavy.generate_pending()
    row = GeneratedFile.objects.filter(
        kind=GeneratedFile.Kind.SOCIAL_CARD,
        generator=generated_files.generator_version(),
        release__in=releases.current_releases(),
    ).first()
    path_of(row.digest).unlink()
    assert (lost(), storage.is_intact(row.digest)) == ([], True)


def test_what_is_printed_is_made_again_by_children_alone(example, monkeypatch):
    """The worker itself loads no WeasyPrint: it holds 200 MB for ever, and a print may grow without measure."""
    heavy.generate_pending()
    signed = Rendering.objects.filter(is_final=True).first() or renderings.get_or_generate_pdf(
        Edition.objects.order_by("pk").last()
    )
    made = GeneratedFile.objects.filter(
        generator=generated_files.generator_version(), release__in=releases.current_releases()
    )
    number, asked = made.first().release.number, []
    for row in [*made, signed]:
        path_of(row.digest).unlink(missing_ok=True)
    monkeypatch.setattr(heavy, "run", lambda name, key: asked.append((name, key)))
    names = {"door": "visitors.door sheet", "card": "visitors.card", "programme": "sessions.programme PDF"}
    keys = [(names[row.kind], f"{example.slug}/{number}/{row.kind}/{row.language}") for row in made]
    assert storage_check.repair().remade == []
    assert sorted(asked) == sorted([*keys, ("reports.lost PDF", signed.key)])


# ── sent again ──────────────────────────────────────────────────────────────────────────────────
def other_bytes(name: str) -> None:
    """Change the file without changing its size."""
    path_of(name).write_bytes(b"?" * path_of(name).stat().st_size)


def missing(name: str) -> None:
    path_of(name).unlink()


@pytest.mark.parametrize("spoil", [damage, other_bytes, missing])
def test_the_same_bytes_sent_again_mend_a_file(photo, spoil):
    spoil(photo.file.digest)
    storage_check.repair(storage_check.find_damaged(set(storage.stored_names())))
    assert [each.name for each in lost_files.known()] == [photo.file.digest]
    storage.store(jpeg("olive"))
    assert (storage.is_intact(photo.file.digest), lost_files.known(), health.check_part("files")) == (True, [], "ok")


def test_a_photo_that_was_lost_is_taken_again_and_stays_the_same_photo(photo):
    wook = User.objects.get(username="wook")
    missing(photo.file.digest)
    storage_check.repair()
    again = {"content": jpeg("olive"), "name": "other name.jpg", "by": wook}
    assert photos.add(photo.conference, **again).pk == photo.pk
    with pytest.raises(ValidationError, match="이미 올린 사진입니다"):
        photos.add(photo.conference, **again)  # now it is there


def notice(client, conference, username: str) -> list[str]:
    client.force_login(User.objects.get(username=username))
    page = html.document_fromstring(client.get(f"/desk/{conference.slug}/").content.decode())
    return [" ".join(found.text_content().split()) for found in page.xpath("//main//*[@class='message is-error']")]


def test_who_can_help_reads_on_the_dashboard_what_is_lost(photo, client):
    chair, editor = (
        photo.conference.memberships.filter(role=role).first().user.username for role in ("chair", "editor")
    )
    assert notice(client, photo.conference, chair) == []
    missing(photo.file.digest)
    missing(f"{photo.file.digest}.small")
    storage_check.repair()
    text = "파일 1개가 저장소에 없거나 망가졌습니다. 같은 파일을 다시 올려 주세요. 설명과 자리는 그대로 남습니다. IMG_1.jpg"
    assert [notice(client, photo.conference, name) for name in (chair, editor)] == [[text], []]
    photos.add(photo.conference, content=jpeg("olive"), name="IMG_1.jpg", by=photo.file.uploaded_by)
    assert notice(client, photo.conference, chair) == []


def test_a_signed_pdf_that_is_lost_is_told_otherwise(example, client, monkeypatch):
    row = Rendering.objects.filter(is_final=True).first() or renderings.get_or_generate_pdf(
        Edition.objects.order_by("pk").last()
    )
    missing(row.digest)
    monkeypatch.setattr(heavy, "run", lambda _name, _key: None)
    storage_check.repair()
    title = lost_files.for_conference(example.slug)["made"][0]
    chair = example.memberships.filter(role="chair").first().user.username
    text = (
        "만들어 둔 파일 1개가 저장소에 없습니다. 다시 만들지 못했습니다. 백업에서 되찾도록 서버 담당자에게 알려 주세요."
    )
    assert notice(client, example, chair) == [f"{text} {title}"]


def test_a_damaged_upload_is_named_and_keeps_what_is_left_of_it(photo):
    damage(photo.file.digest)
    with pytest.raises(CommandError, match="files that are lost: 1"):
        call_command("check_files", "--hash")
    assert lost_files.known() == [
        LostFile(photo.file.digest, "IMG_1.jpg", "damaged", photo.conference.slug, is_upload=True)
    ]
    assert path_of(photo.file.digest).exists() is True


def test_the_worker_finds_damage_within_its_round(photo, monkeypatch):
    damage(photo.file.digest)
    monkeypatch.setattr(storage_check, "HASH_CYCLE", 1)  # all files in one day
    monkeypatch.setattr(storage_check, "_work", storage_check._DailyWork())
    for _call in range(2):
        storage_check.run_daily()
    assert [(each.name, each.state) for each in lost_files.known()] == [(photo.file.digest, "damaged")]
    monkeypatch.setattr(storage_check, "_work", storage_check._DailyWork())
    storage_check.run_daily()  # the next day: known damage is looked at again, and not forgotten
    assert [(each.name, each.state) for each in lost_files.known()] == [(photo.file.digest, "damaged")]


def test_a_file_that_goes_while_it_is_looked_at_stops_no_check(photo, monkeypatch):
    """Known to be damaged and then deleted; or swept after the day's names were taken."""
    damage(photo.file.digest)
    storage_check.repair(storage_check.find_damaged(set(storage.stored_names())))
    missing(photo.file.digest)
    missing(f"{photo.file.digest}.small")
    monkeypatch.setattr(storage_check, "_work", storage_check._DailyWork())
    storage_check.run_daily()
    assert [each.state for each in lost_files.known()] == ["missing", "missing"]
    monkeypatch.setattr(storage_check._work, "share", iter([photo.file.digest]))
    assert storage_check.run_daily() == 0


# ── what nobody needs ───────────────────────────────────────────────────────────────────────────
def test_leftovers_of_a_crash_and_bytes_that_no_row_names_go_after_a_day(unsigned):
    storage_check.delete_unneeded(now=timezone.now() + YESTERDAY)  # of other tests
    name = storage.store(b"a row was never written")
    half = path_of(name).with_name(".new-abc")
    half.write_bytes(b"hal")
    assert storage_check.delete_unneeded() == 0  # an upload in flight looks the same
    assert storage_check.delete_unneeded(now=timezone.now() + YESTERDAY) == 2
    assert (storage.exists(name), half.exists()) == (False, False)


def test_nothing_that_can_come_back_is_swept(photo):
    """Taken out of the pool, a photo can be restored; frozen in a release or an edition, it is shown without a row."""
    digest = photo.file.digest
    taken_out = trash.delete(photo, conference=photo.conference, by=User.objects.get(username="wook"))
    assert photo.conference.photos.filter(pk=photo.pk).exists() is False
    storage_check.delete_unneeded(now=timezone.now() + YESTERDAY)
    trash.restore(taken_out, by=User.objects.get(username="wook"))
    assert (storage.is_intact(digest), storage.exists(f"{digest}.small"), lost()) == (True, True, [])


def test_what_is_sent_again_while_it_is_swept_stays(unsigned, monkeypatch):
    name = storage.store(b"sent again")
    age(name)
    rename = Path.rename

    def sent_again(path: Path, target: Path) -> Path:
        if path.name == name:
            storage.store(b"sent again")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", sent_again)
    assert (storage_check.delete_unneeded(), storage.is_intact(name)) == (0, True)


def test_a_sweep_that_was_killed_puts_back_what_it_moved(photo):
    path = path_of(photo.file.digest)
    path.rename(path.with_name(f".gone-{path.name}"))
    assert (storage_check.delete_unneeded(), storage.is_intact(path.name)) == (0, True)
