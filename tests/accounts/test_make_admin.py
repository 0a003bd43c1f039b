"""The first account of an empty portal."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def made(username: str = "root", name: str = "시스템 관리자") -> str:
    out = StringIO()
    call_command("make_admin", username, name=name, stdout=out)
    return out.getvalue()


def test_it_signs_in_with_the_password_that_was_shown():
    password = re.search(r"비밀번호: (\S+)", made())[1]
    page = Visitor().sign_in("root", password)
    assert (page.status, page.visitor.open("/desk/accounts/").status) == (302, 200)


def test_it_says_where_the_password_is_changed():
    words = made()
    password = re.search(r"비밀번호: (\S+)", words)[1]
    page = Visitor().sign_in("root", password).visitor.open("/accounts/")
    assert ("‘내 계정’의 ‘비밀번호 바꾸기’" in words, "<h1>내 계정</h1>" in page.text, "비밀번호 바꾸기" in page.text) == (
        True, True, True,
    )  # fmt: skip


def test_there_is_one_first(client):
    made()
    with pytest.raises(CommandError, match="관리자가 이미 있습니다"):
        made("second")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("username", "name"), [("", "관리자"), ("root", ""), ("ro\x00ot", "관리자"), ("r" * 51, "관리자")]
)
def test_what_cannot_be_is_told(username, name):
    with pytest.raises(CommandError):
        made(username, name)
    assert User.objects.count() == 0


def test_starting_a_portal_without_one_says_so_until_there_is_one(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    said = StringIO()
    call_command("prepare", stdout=said)
    assert "관리자 계정이 아직 없습니다: ./portal manage make_admin" in said.getvalue()
    made()
    said = StringIO()
    call_command("prepare", stdout=said)
    assert "관리자 계정" not in said.getvalue()
