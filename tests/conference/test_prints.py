"""Files made of a release: owed, made once by the worker, served as they are, gone with their release."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from typing import Any
from urllib.parse import quote

import pikepdf
import pypdfium2
import pytest
import segno
import zxingcpp
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from conference.models import Conference
from conference.uploads import storage
from config.management.commands import load_example
from publishing import generated_files, heavy, qr, releases
from publishing.models import GeneratedFile, Release
from publishing.page_cache import CACHE_CONTROL
from sessions import jobs as of_sessions
from sessions import programme_pdf
from tests import snapshot
from tests.draft_marks import MARKER, SHARED_MODELS, mark_texts
from tests.reports.edition_2015 import squeezed
from tests.scale_data import grow
from visitors import door_sign, jobs, social_card

SLUG = "/dongbuk4-2015/"
PAPERS = ("programme.pdf", "door.pdf", "og.png")
TITLE = "동북4구 지역혁신 컨퍼런스"


def made(out: Any) -> Conference:
    """The 2015 conference with everything that its release owes."""
    conference = load_example.publish(out)
    assert work() == [2, 2, 2]  # in two languages
    return conference


def work() -> list[int]:
    counts = heavy.generate_pending(is_forced=True)
    return [counts[name] for name in ("sessions.programme PDF", "visitors.door sheet", "visitors.card")]


def make_only(name: str) -> int:
    return sum(heavy.generate(found) for found in heavy.pending() if found.name == f"visitors.{name}")


@pytest.fixture
def printed(db: None) -> Conference:
    return snapshot.once(made)


def publish(conference: Conference, **options: Any) -> Release:
    found = releases.publish(conference, by=User.objects.get(username="chair"), name="시험", **options)
    releases.clear_cache()
    return found


def text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def seen_by_phone(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [found.text for found in zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())]


# ── owed ────────────────────────────────────────────────────────────────────────────────────────
def test_until_it_is_made_a_page_says_so(client: Client, unsigned: Conference) -> None:
    for name in PAPERS:
        answer = client.get(SLUG + name)
        said = (answer.status_code, answer["Retry-After"], answer["Cache-Control"], answer["Content-Type"])
        assert said == (404, "10", CACHE_CONTROL, "text/html; charset=utf-8")
        assert "<h1>파일을 만들고 있습니다</h1>" in answer.content.decode()
    assert make_only("card") == 2
    assert client.get(f"{SLUG}og.png").status_code == 200  # nothing was remembered of the answer before


def test_each_release_in_force_owes_once_and_those_before_it_nothing(printed: Conference, monkeypatch) -> None:
    programme = generated_files.heavy_work(GeneratedFile.Kind.PROGRAMME, lambda _current: b"%PDF-1.7 programme")
    monkeypatch.setitem(of_sessions.HEAVY, "programme PDF", programme)
    monkeypatch.setitem(
        jobs.HEAVY,
        "door sheet",
        generated_files.heavy_work(GeneratedFile.Kind.DOOR_SIGN, lambda _current: b"%PDF-1.7 door"),
    )
    assert work() == [0, 0, 0]
    publish(printed)
    publish(printed)
    assert work() == [2, 2, 2]
    assert work() == [0, 0, 0]
    counted = {row.number: row.generated_files.count() for row in printed.releases.all()}
    assert counted == {1: 6, 2: 0, 3: 6}


def test_no_content_is_read_to_see_that_nothing_is_owed(printed: Conference) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert list(heavy.pending()) == []
    assert [query["sql"] for query in asked if "event" in query["sql"]] == []
    publish(printed)
    assert len({found.name for found in heavy.pending()}) == 3


def test_what_cannot_be_printed_starves_no_other(unsigned: Conference, caplog, monkeypatch) -> None:
    times = {"starts_at": unsigned.starts_at, "ends_at": unsigned.ends_at}
    publish(Conference.objects.create(slug="bad", title="못 찍는 행사", **times))
    publish(Conference.objects.create(slug="notices", title="공지뿐", **times), sections=["notices"])

    def make(current: releases.LiveRelease) -> bytes:
        if current.slug == "bad":
            raise ValueError("no such glyph")
        return current.slug.encode()

    monkeypatch.setitem(jobs.HEAVY, "door sheet", generated_files.heavy_work(GeneratedFile.Kind.DOOR_SIGN, make))
    with caplog.at_level(logging.ERROR, "publishing.heavy"):
        assert make_only("door sheet") == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"visitors.door sheet bad/1/door/{language} was not made and is tried again: ValueError('no such glyph')"
        for language in ("en", "ko")
    ]
    assert {storage.read(row.digest) for row in GeneratedFile.objects.all()} == {b"dongbuk4-2015"}


def test_a_portal_that_moves_prints_anew(client: Client, printed: Conference, settings) -> None:
    old = client.get(f"{SLUG}door.pdf").content
    settings.PORTAL_URL = "https://conference.example.kr"
    assert make_only("door sheet") == 2
    new = client.get(f"{SLUG}door.pdf").content
    assert (seen_by_phone(old), seen_by_phone(new)) == (
        ["http://localhost:8000/dongbuk4-2015/"],
        ["https://conference.example.kr/dongbuk4-2015/"],
    )
    settings.PORTAL_URL = "http://localhost:8000"
    assert client.get(f"{SLUG}door.pdf").content == old


def test_without_the_libraries_nothing_is_tried(unsigned: Conference, monkeypatch) -> None:
    monkeypatch.setattr("publishing.pdf.pdf_libraries.missing", lambda: ["libpango-1.0-0"])
    assert work() == [0, 0, 2]


# ── served ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("programme.pdf", "application/pdf", "프로그램.pdf"),
        ("door.pdf", "application/pdf", "QR 안내문.pdf"),
        ("og.png", "image/png", "미리보기 그림.png"),
    ],
)
def test_a_stored_file_is_served_as_it_is(client: Client, name: str, kind: str, saved: str) -> None:
    client.cookies["sessionid"] = "unknown"
    answer = client.get(SLUG + name)
    row = GeneratedFile.objects.get(digest=answer["ETag"].strip('"'))
    assert (answer.status_code, len(answer.content), answer.content) == (200, row.size, storage.read(row.digest))
    said = (answer["Content-Type"], answer["Cache-Control"], "Vary" in answer, bool(answer.cookies))
    assert said == (kind, "public, max-age=0, s-maxage=1", False, False)
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer.headers["Content-Disposition"].endswith(quote(saved))
    again = client.get(SLUG + name, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert client.head(SLUG + name).content == b""


def test_it_goes_with_its_release_and_comes_back(client: Client, printed: Conference) -> None:
    first = client.get(f"{SLUG}og.png").content
    Conference.objects.update(title="다른 이름의 컨퍼런스")
    second = publish(printed)
    assert client.get(f"{SLUG}og.png").status_code == 404  # never the picture of another release
    make_only("card")
    assert client.get(f"{SLUG}og.png").content != first
    releases.withdraw(second, by=User.objects.get(username="chair"))
    releases.clear_cache()
    assert client.get(f"{SLUG}og.png").content == first
    releases.withdraw(printed.releases.get(number=1), by=User.objects.get(username="chair"))
    releases.clear_cache()
    assert [client.get(SLUG + name).status_code for name in PAPERS] == [404, 404, 404]


def test_a_lost_file_is_no_page(client: Client, printed: Conference, monkeypatch) -> None:
    def lost(name: str) -> bytes:
        raise FileNotFoundError(name)

    monkeypatch.setattr("conference.uploads.storage.open_stored", lost)
    assert client.get(f"{SLUG}programme.pdf").status_code == 404


def test_no_draft_is_on_paper(printed: Conference) -> None:
    grow(printed, range(1))
    assert mark_texts(without=SHARED_MODELS) > 180
    current = releases.live_release("dongbuk4-2015")
    papers = {form: storage.read(generated_files.find_file(current, form).digest) for form in GeneratedFile.Kind}
    assert papers == {
        "programme": programme_pdf.render_pdf(current),
        "door": door_sign.render_door_sign(current),
        "card": social_card.render_social_card(current),
    }
    assert [form for form in ("programme", "door") if MARKER in text(papers[form])] == []


# ── what they are ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("language", "path"), [("ko", SLUG), ("en", f"/en{SLUG}")])
def test_papers_can_be_read_aloud_and_kept(client: Client, printed: Conference, language: str, path: str) -> None:
    for name in ("programme.pdf", "door.pdf"):
        data = client.get(path + name).content
        with pikepdf.open(io.BytesIO(data)) as document:
            packet = document.Root.Metadata.read_bytes().decode()
            fonts = [font for page in document.pages for font in page.Resources.Font.values()]
            said = (len(document.pages), str(document.Root.Lang), "<pdfuaid:part>1</pdfuaid:part>" in packet)
            assert (*said, 'pdfaid:part="3"' in packet) == (1, language, True, True)
            assert {str(font.BaseFont).split("+")[1] for font in fonts} <= {
                "Pretendard-GOV",
                "Pretendard-GOV-Semi-Bold",
                "Pretendard-GOV-Bold",
            }
        assert seen_by_phone(data) == [f"http://localhost:8000{path}"]


def test_the_sheet_for_the_door_says_what_when_where(client: Client, printed: Conference) -> None:
    said = squeezed(text(client.get(f"{SLUG}door.pdf").content))
    assert said == squeezed(
        f"2015. 11. 24.(화) {TITLE} 서울 테크노 파크 3층, 6층 오늘의 프로그램, 휴대전화로 보세요"
        "카메라로 비추면 시간과 장소, 바뀐 소식이 열립니다. localhost:8000/dongbuk4-2015"
    )


@pytest.mark.parametrize("title", [TITLE, "아주 긴 이름의 컨퍼런스 " * 6, "띄어쓰기없는이름" * 18])
def test_the_sheet_for_the_door_is_one_sheet(unsigned: Conference, title: str) -> None:
    current = releases.live_release("dongbuk4-2015")
    current.sections["event"]["title"] = title
    data = door_sign.render_door_sign(current)
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 1
    assert seen_by_phone(data) == ["http://localhost:8000/dongbuk4-2015/"]


# ── the picture ─────────────────────────────────────────────────────────────────────────────────
def test_the_picture_has_its_size_and_the_letters_of_the_title(client: Client, printed: Conference) -> None:
    data = client.get(f"{SLUG}og.png").content
    current = releases.live_release("dongbuk4-2015")
    assert (data, len(data) < 100_000) == (social_card.render_social_card(current), True)
    with Image.open(io.BytesIO(data)) as drawn:
        assert (drawn.size, drawn.format) == ((1200, 630), "PNG")
        bright = drawn.convert("L").point(lambda tone: 255 * (tone > 240))
    left, top, right, bottom = bright.getbbox()  # the title alone is white
    assert (left >= social_card.MARGIN, right <= 1200 - social_card.MARGIN, top > 114, bottom < 430) == (True,) * 4
    assert bright.histogram()[255] > 10_000
    current.sections["event"]["title"] = ""
    with Image.open(io.BytesIO(social_card.render_social_card(current))) as empty:
        assert empty.convert("L").point(lambda tone: 255 * (tone > 240)).getbbox() is None


def test_a_title_breaks_between_words_and_is_cut_where_it_does_not_end() -> None:
    title = "2026년 서울특별시 동북권역 지역혁신과 사회적경제 활성화를 위한 주민참여 정책 컨퍼런스"
    lines, _font = social_card._fit_title(title)
    assert (" ".join(lines), len(lines)) == (title, 3)
    lines, font = social_card._fit_title("끝없는 이름 " * 40)
    assert (len(lines), lines[-1][-1], font.size) == (3, "…", 60)
    unbroken, font = social_card._fit_title("가" * 50)
    assert "".join(unbroken) == "가" * 50
    assert max(font.getlength(line) for line in unbroken) <= 1200 - 2 * social_card.MARGIN


# ── the QR code ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("unsigned")
@pytest.mark.parametrize("path", [SLUG, f"/en{SLUG}"])
def test_the_code_is_a_plain_svg_with_a_quiet_zone(client: Client, path: str) -> None:
    answer = client.get(f"{path}qr.svg")
    drawn = answer.content.decode()
    modules = len(segno.make(f"http://localhost:8000{path}", error="m", micro=False).matrix)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/svg+xml", "public, max-age=0, s-maxage=1")
    assert f'viewBox="0 0 {modules + 8} {modules + 8}"' in drawn
    assert [word for word in ("style", "<script", "class=", "href") if word in drawn] == []
    assert drawn.encode() == qr.render_svg(
        f"http://localhost:8000{path}", title="QR code" if "/en/" in path else "QR 코드"
    )


# ── weight ──────────────────────────────────────────────────────────────────────────────────────
def test_a_web_worker_loads_nothing_that_prints() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, conference.jobs, sessions.jobs;"
        "print(sorted({'weasyprint', 'pikepdf', 'PIL', 'fontTools', 'segno'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
