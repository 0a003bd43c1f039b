"""발표자료: who may send which files, and what is said of those that are not taken."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from conference.models import Conference, File
from publishing import releases
from tests.forms import Upload
from tests.sample_files import PDF
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db


def pptx() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("ppt/presentation.xml", "<p/>")
    return out.getvalue()


@pytest.fixture
def talk(unsigned):
    return unsigned.sessions.get(code="social-economy").presentations.get(district__name="강북구")


def send(talk, *files, username="wook") -> Page:
    page = Visitor(username).open(f"/desk/{talk.session.conference.slug}/materials/{talk.pk}/")
    form = page.form("올리기")
    if files:
        form.fill("파일", [Upload(name, content) for name, content in files])
    return form.press("올리기")


def test_each_file_is_taken_or_refused_for_itself(talk):
    sent = [("원고.pdf", PDF), ("빈.pdf", b""), ("발표.pptx", pptx()), ("거짓.hwp", b"text"), ("안내.html", b"<p>")]
    page = send(talk, *sent)
    assert list(talk.materials.order_by("pk").values_list("name", flat=True)) == ["원고.pdf", "발표.pptx"]
    assert page.messages == [
        "발표자료 2건을 올렸습니다.",
        "빈.pdf: 빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요.",
        "거짓.hwp: 파일의 내용이 확장자와 다릅니다.",
        ("안내.html: 받지 않는 파일입니다. 받는 파일: 사진(JPEG, PNG), .pdf, .hwp, .hwpx, .pptx, .docx, .xlsx"),
    ]


def test_only_what_may_be_public_is_published_and_then_only_by_publishing(client, talk, unsigned):
    wook = User.objects.get(username="wook")
    page = send(talk, ("원고.pdf", PDF), ("안에만.pdf", PDF + b" inside")).follow()
    shown, kept = (talk.materials.get(name=name) for name in ("원고.pdf", "안에만.pdf"))
    page = page.press("공개하기 원고.pdf")
    assert page.messages == ["‘원고.pdf’을(를) 다음 공개 때 보입니다."]

    def seen() -> list[int]:
        releases.clear_cache()
        files = [client.get(f"/{unsigned.slug}/files/{file.digest}").status_code for file in (shown, kept)]
        page = client.get(f"/{unsigned.slug}/programme/{talk.session.code}/", {"q": 1}).content.decode()
        return [*files, "원고.pdf" in page, "안에만.pdf" in page]

    assert seen() == [404, 404, False, False]
    releases.publish(unsigned, by=wook, name="자료 공개", names_reason="공개 행사")
    assert seen() == [200, 404, True, False]
    told = unsigned.releases.first().changes
    assert [leaf["where"][-2:] for leaf in told] == [["materials", "원고.pdf"]]
    page.follow().press("공개하지 않기 원고.pdf")
    assert seen() == [200, 404, True, False]
    releases.publish(unsigned, by=wook, name="자료 내림", names_reason="공개 행사")
    assert seen() == [404, 404, False, False]


def test_the_same_file_twice_is_told_and_a_namesake_gets_a_number(talk):
    send(talk, ("원고.pdf", PDF))
    assert send(talk, ("원고.pdf", PDF)).messages == ["원고.pdf: 이미 올린 파일입니다: 원고.pdf"]
    send(talk, ("원고.pdf", PDF + b" 2"))
    assert sorted(talk.materials.values_list("name", flat=True)) == ["원고 (2).pdf", "원고.pdf"]


def test_a_file_is_saved_never_opened_and_can_be_taken_away(client, talk):
    client.force_login(User.objects.get(username="wook"))
    page = send(talk, ("원고.pdf", PDF)).follow()
    file = talk.materials.get()
    version = talk.session.presentations.get(pk=talk.pk).version
    address = f"/desk/{talk.session.conference.slug}/materials/{talk.pk}/{file.pk}/"
    got = client.get(address)
    assert (got.content, got["Content-Type"], got["Content-Disposition"].partition(";")[0]) == (
        PDF,
        "application/pdf",
        "attachment",
    )
    page.press("지우기 원고.pdf")
    assert (talk.materials.count(), File.objects.filter(pk=file.pk).count()) == (0, 0)
    assert talk.session.presentations.get(pk=talk.pk).version == version + 1


def test_only_the_presenters_desk_and_the_editors_send(talk):
    for name in ("seongbuk", "nowon", "gangbuk"):
        page = Visitor(name).open(f"/desk/{talk.session.conference.slug}/materials/{talk.pk}/")
        sent = {"files": SimpleUploadedFile(f"{name}.pdf", PDF + name.encode())}
        assert (name, page.has("올리기"), page.visitor.post_raw(page.path, sent).status) == (name, False, 403)
    for name in ("chair", "wook"):
        assert (name, send(talk, (f"{name}.pdf", PDF + name.encode()), username=name).status) == (name, 302)
    assert sorted(talk.materials.values_list("name", flat=True)) == ["chair.pdf", "wook.pdf"]


def test_nothing_chosen_is_told(talk):
    assert send(talk).messages == ["올릴 파일을 고른 뒤 눌러 주세요."]


def test_a_presentation_of_another_conference_is_not_there(client, talk, example_two):
    client.force_login(User.objects.get(username="wook"))
    assert client.get(f"/desk/{example_two.slug}/materials/{talk.pk}/").status_code == 404


@pytest.fixture
def example_two(unsigned):
    other = Conference.objects.create(
        slug="other", title="다른 행사", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at
    )
    other.memberships.create(user=User.objects.get(username="wook"), role="editor")
    return other
