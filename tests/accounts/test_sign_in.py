"""Signing in: by user name alone, no sign-up. What holds up who guesses: test_sign_in_limits.py."""

from urllib.parse import urlencode

import pytest

from tests.factories import make_people
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
PASSWORD = "four-words-are-enough"


@pytest.fixture
def wook():
    user = make_people().wook
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(login, password=PASSWORD):
    """Return the answer's status, where it leads, and who is signed in."""
    page = Visitor().sign_in(login, password)
    return page.status, page.answer.headers.get("Location"), page.visitor.client.session.get("_auth_user_id")


def test_by_user_name(wook):
    assert signed_in("wook") == (302, "/approvals/", str(wook.pk))


def test_the_cookie_is_the_browsers_alone(wook):
    cookie = Visitor().sign_in("wook", PASSWORD).answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")  # ends with the browser


@pytest.mark.parametrize(
    ("login", "password"), [("wook@example.test", PASSWORD), ("wook", "wrong"), ("nobody", PASSWORD), ("wook", "")]
)
def test_nothing_else_signs_in(wook, login, password):
    assert signed_in(login, password) == (200, None, None)


def test_who_has_left_does_not_come_in(wook):
    wook.is_active = False
    wook.save()
    assert signed_in("wook")[2] is None


@pytest.mark.parametrize(
    ("wish", "place"),
    [("/desk/", "/desk/"), ("https://evil.example/", "/approvals/"), ("//evil.example/", "/approvals/")],
)
def test_the_way_goes_on_inside_the_portal_only(wook, wish, place):
    form = Visitor().open(f"/accounts/login/?{urlencode({'next': wish})}").form("로그인")
    assert form.fill_all({"아이디": "wook", "비밀번호": PASSWORD}).press("로그인").answer["Location"] == place


def test_signing_out_ends_the_session(wook):
    page = Visitor("wook").open("/accounts/logout/")
    assert page.status == 200  # asks first: no GET changes a row
    assert page.press("로그아웃").status == 302
    assert page.visitor.client.session.get("_auth_user_id") is None


def test_a_form_from_elsewhere_is_refused(wook):
    sent = [("login", "wook"), ("password", PASSWORD)]  # no token
    assert Visitor().send("post", "/accounts/login/", sent, is_multipart=False).status == 403


@pytest.mark.parametrize("cookie", ['sessionid="aaaaaaaa\\000bbbb"', 'csrftoken="\\000"'])
@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_a_cookie_that_no_database_takes_is_passed_over(client, path, cookie):
    assert client.get(path, headers={"cookie": cookie}).status_code == 200


@pytest.mark.parametrize(("is_admin", "place"), [(False, "/approvals/"), (True, "/desk/")])
def test_who_signs_nothing_begins_at_the_desk(wook, is_admin, place):
    wook.is_admin = is_admin
    wook.save()
    assert signed_in("wook")[:2] == (302, place)
