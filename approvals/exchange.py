"""Approval routes in the exchange file: those of departments and of documents. Rounds, steps, acts and seals are not exported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import ApprovalRoute, RouteStep
from conference.exchange import RowList


def _check_user_or_position(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if bool(values["user"]) == bool(values["position"]):
        yield "user", _("사람(user)과 직위(position) 가운데 하나만 적어야 합니다.")


def _check_department(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not values["department"]:
        yield "department", _("결재선의 처리과(department)가 없습니다.")


def _step_rows() -> RowList:
    return RowList("steps", RouteStep, parent_field="route", position_name="order", checks=(_check_user_or_position,))


ROUTE_OF_DOCUMENT = RowList(
    "line", ApprovalRoute, parent_field="document", leave_out="owner department", children=(_step_rows(),)
)
ROWS = (
    RowList(
        "lines",
        ApprovalRoute,
        parent_field="",
        key="department name",
        leave_out="owner document",
        exported_with="department",
        checks=(_check_department,),
        children=(_step_rows(),),
    ),
)
