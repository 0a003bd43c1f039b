"""Signing in: by user name alone, no sign-up. What holds up who guesses: test_sign_in_limits.py."""

import pytest
from django.test import Client

from tests.cast import assemble

pytestmark = pytest.mark.django_db
PASSWORD = "four-words-are-enough"


@pytest.fixture
def wook():
    user = assemble().wook
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(client, login, password=PASSWORD, **more):
    answer = client.post("/accounts/login/", {"login": login, "password": password, **more})
    return answer.status_code, answer.headers.get("Location"), client.session.get("_auth_user_id")


def test_by_user_name(client, wook):
    assert signed_in(client, "wook") == (302, "/approvals/", str(wook.pk))
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")  # ends with the browser


@pytest.mark.parametrize(
    ("login", "password"), [("wook@example.test", PASSWORD), ("wook", "wrong"), ("nobody", PASSWORD), ("wook", "")]
)
def test_nothing_else_signs_in(client, wook, login, password):
    assert signed_in(client, login, password) == (200, None, None)


def test_who_has_left_does_not_come_in(client, wook):
    wook.is_active = False
    wook.save()
    assert signed_in(client, "wook")[2] is None


@pytest.mark.parametrize(
    ("wish", "place"),
    [("/desk/", "/desk/"), ("https://evil.example/", "/approvals/"), ("//evil.example/", "/approvals/")],
)
def test_the_way_goes_on_inside_the_portal_only(client, wook, wish, place):
    assert signed_in(client, "wook", next=wish)[1] == place


def test_signing_out_ends_the_session(client, wook):
    client.force_login(wook)
    assert client.get("/accounts/logout/").status_code == 200  # asks first: no GET changes a row
    assert client.post("/accounts/logout/").status_code == 302
    assert client.session.get("_auth_user_id") is None


def test_a_form_from_elsewhere_is_refused(wook):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": "wook", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("cookie", ['sessionid="aaaaaaaa\\000bbbb"', 'csrftoken="\\000"'])
@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_a_cookie_that_no_database_takes_is_passed_over(client, path, cookie):
    assert client.get(path, headers={"cookie": cookie}).status_code == 200
