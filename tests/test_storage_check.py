"""Stored files that are gone, damaged, left behind, or named by nobody; files are deleted here as an accident would."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from conference import files, health, heavy, photos, pictures, prints, release, removal, storage_check
from conference.models import Print, User
from reports import renderings
from reports.models import Edition, Rendering
from tests.conference.test_photos import jpeg

YESTERDAY = timedelta(days=2)


def path_of(name: str) -> Path:
    return Path(default_storage.path(files.place(name)))


def damage(name: str) -> None:
    with path_of(name).open("ab") as file:
        file.write(b"!")


def age(name: str) -> None:
    then = (timezone.now() - YESTERDAY).timestamp()
    os.utime(path_of(name), (then, then))


def lost() -> list[tuple[str, str]]:
    return [(each.name, state) for each, state in storage_check.mend().lost]


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
    monkeypatch.setattr(pictures, "_known", {})  # what this process has seen before comes without its small form
    return photos.add(unsigned, content=jpeg("olive"), name="IMG_1.jpg", by=User.objects.get(username="wook"))


def test_of_the_example_nothing_is_lost(example):
    assert (lost(), storage_check.sweep()) == ([], 0)


def test_an_upload_that_is_gone_is_named(photo):
    path_of(photo.file.digest).unlink()
    path_of(f"{photo.file.digest}.small").unlink()  # and what was made of it cannot be made again
    assert sorted(lost()) == [(photo.file.digest, "missing"), (f"{photo.file.digest}.small", "missing")]
    assert health.state("files") == "lost 2"
    files.store(jpeg("olive"))
    assert (lost(), health.state("files")) == ([], "ok")


def test_a_small_form_is_made_again(photo):
    name = f"{photo.file.digest}.small"
    before = path_of(name).read_bytes()
    path_of(name).unlink()
    assert [each.name for each in storage_check.mend().remade] == [name]
    assert path_of(name).read_bytes() == before


def test_the_signed_pdf_is_made_again_to_the_byte(example):
    row = Rendering.objects.filter(is_final=True).first() or renderings.pdf(Edition.objects.order_by("pk").last())
    before = files.read(row.digest)
    for spoil in (lambda name: path_of(name).unlink(), damage):
        spoil(row.digest)
        report = storage_check.mend(storage_check.damaged(set(files.stored())))
        assert ([each.digest for each in report.remade], report.lost) == ([row.digest], [])
        assert files.read(row.digest) == before


def test_a_pdf_that_would_come_out_otherwise_is_named_and_not_replaced(example, monkeypatch):
    row = Rendering.objects.filter(is_final=True).first() or renderings.pdf(Edition.objects.order_by("pk").last())
    path_of(row.digest).unlink()
    monkeypatch.setattr(renderings, "remake", lambda _row: files.store(b"%PDF-1.7 of another time"))
    assert lost() == [(row.digest, "missing")]


def test_prints_of_the_release_are_made_again(example):
    heavy.make_owed()
    row = Print.objects.filter(form=Print.Form.CARD, maker=prints.maker(), release__in=release.newest()).first()
    path_of(row.digest).unlink()
    assert (lost(), files.is_whole(row.digest)) == ([], True)


def test_a_damaged_upload_is_named_and_keeps_what_is_left_of_it(photo):
    damage(photo.file.digest)
    with pytest.raises(CommandError, match="files that are lost: 1"):
        call_command("check_files", "--hash")
    assert storage_check.lost() == [(photo.file.digest, f"{photo.conference}: IMG_1.jpg", "damaged")]
    assert path_of(photo.file.digest).exists() is True


def test_the_worker_finds_damage_within_its_round(photo, monkeypatch):
    damage(photo.file.digest)
    monkeypatch.setattr(storage_check, "ROUND", 1)  # all files in one day
    monkeypatch.setattr(storage_check, "_work", storage_check._Work())
    for _call in range(2):
        storage_check.daily()
    assert [(name, state) for name, _title, state in storage_check.lost()] == [(photo.file.digest, "damaged")]
    monkeypatch.setattr(storage_check, "_work", storage_check._Work())
    storage_check.daily()  # the next day: known damage is looked at again, and not forgotten
    assert [(name, state) for name, _title, state in storage_check.lost()] == [(photo.file.digest, "damaged")]


# ── what nobody needs ───────────────────────────────────────────────────────────────────────────
def test_leftovers_of_a_crash_and_bytes_that_no_row_names_go_after_a_day(unsigned):
    storage_check.sweep(now=timezone.now() + YESTERDAY)  # of other tests
    name = files.store(b"a row was never written")
    half = path_of(name).with_name(".new-abc")
    half.write_bytes(b"hal")
    assert storage_check.sweep() == 0  # an upload in flight looks the same
    assert storage_check.sweep(now=timezone.now() + YESTERDAY) == 2
    assert (files.exists(name), half.exists()) == (False, False)


def test_nothing_that_can_come_back_is_swept(photo):
    """Taken out of the pool, a photo can be restored; frozen in a release or an edition, it is shown without a row."""
    digest = photo.file.digest
    taken_out = removal.remove(photo, conference=photo.conference, by=User.objects.get(username="wook"))
    assert photo.conference.photos.filter(pk=photo.pk).exists() is False
    storage_check.sweep(now=timezone.now() + YESTERDAY)
    removal.restore(taken_out, by=User.objects.get(username="wook"))
    assert (files.is_whole(digest), files.exists(f"{digest}.small"), lost()) == (True, True, [])


def test_what_is_sent_again_while_it_is_swept_stays(unsigned, monkeypatch):
    name = files.store(b"sent again")
    age(name)
    rename = Path.rename

    def sent_again(path: Path, target: Path) -> Path:
        if path.name == name:
            files.store(b"sent again")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", sent_again)
    assert (storage_check.sweep(), files.is_whole(name)) == (0, True)


def test_a_sweep_that_was_killed_puts_back_what_it_moved(photo):
    path = path_of(photo.file.digest)
    path.rename(path.with_name(f".gone-{path.name}"))
    assert (storage_check.sweep(), files.is_whole(path.name)) == (0, True)
