"""The lines of the departments in the file of a conference. Rounds, steps, acts and seals never leave the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Line, LineStep
from conference.exchange import Rows


def _user_or_position(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if bool(values["user"]) == bool(values["position"]):
        yield "user", _("사람(user)과 직위(position) 가운데 하나만 적어야 합니다.")


def _department(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not values["department"]:
        yield "department", _("결재선의 처리과(department)가 없습니다.")


def _steps() -> Rows:
    return Rows("steps", LineStep, up="line", place="order", checks=(_user_or_position,))


LINE_OF_DOCUMENT = Rows("line", Line, up="document", leave_out="owner department", children=(_steps(),))
ROWS = (
    Rows(
        "lines",
        Line,
        up="",
        key="department name",
        leave_out="owner document",
        comes_with="department",
        checks=(_department,),
        children=(_steps(),),
    ),
)
