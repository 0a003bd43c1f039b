"""Checks (점검) that report what a careful team head would notice. They change nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import row_addresses
from conference.models import Conference
from korean.dates import SEOUL, WEEKDAYS, format_day
from rows import app_registry

LEVELS = {"block": gettext_lazy("보완 필요"), "warn": gettext_lazy("경고"), "info": gettext_lazy("참고")}
WRITTEN_WEEKDAY = re.compile(rf"\(([{WEEKDAYS}])\)")


@dataclass(frozen=True)
class Finding:
    """One problem at one place. ``code`` names the kind: warnings of one kind are accepted together.

    ``link``: address of the field to correct. It is never frozen, because only live rows can be corrected.
    """

    level: str  # a key of LEVELS
    code: str
    where: str
    text: str
    expected: str = ""
    link: str = ""

    @property
    def level_name(self) -> str:
        """보완 필요, 경고 or 참고."""
        return str(LEVELS[self.level])

    def plain(self) -> dict[str, str]:
        """The finding as a value to freeze."""
        return {name: value for name, value in asdict(self).items() if name != "link"}


Check = Callable[[Conference], Iterable[Finding]]


def find_all(conference: Conference, *, of_release: bool = True) -> list[Finding]:
    """Return all findings of the apps in the live rows, the gravest first.

    ``of_release``: also compare the rows with what visitors read. Rows that several checks read are fetched once and
    cached in the relations of ``conference``.
    """
    findings = [
        finding
        for module in app_registry.modules("checks").values()
        for name in (("CHECKS", "RELEASE_CHECKS") if of_release else ("CHECKS",))
        for check in getattr(module, name, [])
        for finding in check(conference)
    ]
    return sorted(findings, key=lambda finding: list(LEVELS).index(finding.level))


def count_by_level(findings: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Return (level, its name, how many) of each level with findings."""
    counts = Counter(finding.level for finding in findings)
    return [(level, str(name), counts[level]) for level, name in LEVELS.items() if counts[level]]


def check_weekdays(
    conference: Conference, rows: Iterable[Any], *, fields: Iterable[str], model: type[Model] | None = None
) -> Iterator[Finding]:
    """Compare the weekday that the source wrote, ``11/6(금)``, with the weekday of the value.

    ``model``: the model of the rows, if they are not instances of it.
    """
    for row in rows:
        for field in fields:
            weekday = WRITTEN_WEEKDAY.search(str(row.as_written.get(field, "")))
            date_ = _day(getattr(row, field))
            if weekday and date_ and weekday[1] != WEEKDAYS[date_.weekday()]:
                yield Finding(
                    "block",
                    "weekday",
                    str(row),
                    _("원문의 요일 %(said)s이(가) 날짜와 맞지 않습니다: %(written)s")
                    % {"said": weekday[1], "written": row.as_written[field]},
                    _("%(day)s은 %(weekday)s요일입니다.")
                    % {"day": format_day(date_), "weekday": WEEKDAYS[date_.weekday()]},
                    row_addresses.row_address(model or type(row), row.pk, conference, field=field),
                )


def _day(value: Any) -> date | None:
    return value.astimezone(SEOUL).date() if isinstance(value, datetime) else value


def check_event_weekday(conference: Conference) -> Iterator[Finding]:
    """Check the weekday of the event itself."""
    yield from check_weekdays(conference, [conference], fields=("starts_at", "ends_at"))


CHECKS: list[Check] = [check_event_weekday]
