"""The pages of a report of 2015 as people of its office write on them."""

from __future__ import annotations

from django.test import Client

from accounts.models import User
from sheets.row_formset import RowFormSet
from tests.forms import Form
from tests.visitor import Page, Visitor

BASE = "/desk/dongbuk4-2015/reports/1/"


def sign_in(username: str) -> Client:
    """Return a client for pages that are only looked at."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def form(tab: str, username: str = "youngbun") -> Form:
    """Return the form of a page: by a colleague of the drafter, who writes, too."""
    return Visitor(username).open(f"{BASE}{tab}/").form("저장")


def grid(page: Page, name: str) -> RowFormSet:
    """Return the lines of a part as the page shows them."""
    return next(part["formset"] for part in page.answer.context["parts"] if part["part"].name == name)
