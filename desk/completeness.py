"""취합 현황: how much each district has handed in, item by item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference import row_addresses
from conference.models import Conference, Photo
from desk.labels import ITEMS
from exhibits.checks import read_exhibitions
from exhibits.models import Exhibitor, Giveaway
from sessions.models import Session
from sessions.programme_facts import PresentationFacts, SessionFacts, Speaker, read_sessions


class CompletenessState(Enum):
    """How far one item of one district is: word and kind of badge."""

    NONE = _("해당 없음"), ""
    MISSING = _("미제출"), "error"
    SOME = _("일부"), "warning"
    DONE = _("완료"), "success"

    @property
    def label(self) -> str:
        """미제출, 일부, 완료 or 해당 없음."""
        return str(self.value[0])

    @property
    def kind(self) -> str:
        """The kind of its badge."""
        return self.value[1]


@dataclass(frozen=True)
class ItemCompleteness:
    """One item of one district: ``done`` of ``expected`` are there. ``link``: where they are entered."""

    item: str  # a key of ITEMS
    done: int
    expected: int
    link: str

    @property
    def label(self) -> str:
        """The item's name."""
        return str(ITEMS[self.item])

    @property
    def state(self) -> CompletenessState:
        """Nothing is expected, nothing is there, some is there, or all."""
        if not self.expected:
            return CompletenessState.NONE
        if not self.done:
            return CompletenessState.MISSING
        return CompletenessState.DONE if self.done >= self.expected else CompletenessState.SOME

    @property
    def is_incomplete(self) -> bool:
        """Whether something is still to come."""
        return self.state in {CompletenessState.MISSING, CompletenessState.SOME}


@dataclass
class DistrictCompleteness:
    """One district with its cells in the order of ITEMS, and the officers of its topic offices."""

    district: int
    name: str
    topics: set[int] = field(default_factory=set)
    officers: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    cells: list[ItemCompleteness] = field(default_factory=list)

    def missing_items(self, items: Iterable[str] = tuple(ITEMS)) -> list[ItemCompleteness]:
        """Cells of these items for which something is still to come."""
        return [cell for cell in self.cells if cell.item in items and cell.is_incomplete]

    @property
    def complete_count(self) -> tuple[int, int]:
        """How many items are complete, of how many that are expected."""
        return sum(cell.state is CompletenessState.DONE for cell in self.cells), sum(
            cell.expected > 0 for cell in self.cells
        )


def measure(conference: Conference) -> list[DistrictCompleteness]:
    """Return every district's line. One query besides those of the checks, which read the same conference."""
    lines = _read_districts(conference)
    sessions = read_sessions(conference)
    has_expo = bool(read_exhibitions(conference))
    is_over = conference.ends_at <= timezone.now()
    for line in lines:
        counts = _measure_talks(line, sessions) | (_measure_expo(line) if has_expo else {}) | _measure_photos(line)
        counts |= _measure_outcomes(line, sessions) if is_over else {}
        line.cells = [
            ItemCompleteness(item, *counts.get(item, (0, 0)), _link(item, line, conference)) for item in ITEMS
        ]
    return lines


def _read_districts(conference: Conference) -> list[DistrictCompleteness]:
    """Districts with their topic offices and with what the database counts of them."""
    counts = {
        "invited": _count_by_district(Exhibitor.objects.exclude(state=Exhibitor.State.CANCELLED)),
        "confirmed": _count_by_district(Exhibitor.objects.filter(state=Exhibitor.State.CONFIRMED)),
        "handed_out": _count_by_district(Giveaway.objects.all()),
        "numbered": _count_by_district(
            Giveaway.objects.filter(
                Q(planned__isnull=False) | Q(given__isnull=False) | Q(stated__isnull=False) | Q(left__isnull=False)
            )
        ),
        "taken": _count_by_district(Photo.objects.all()),
        "described": _count_by_district(Photo.objects.exclude(caption="").exclude(alt="")),
    }
    rows = conference.districts.annotate(topic=F("topic_offices__topic"), officer=F("topic_offices__officer"), **counts)
    lines: dict[int, DistrictCompleteness] = {}
    for row in rows.order_by("position", "pk").values("pk", "name", "topic", "officer", *counts):
        line = lines.setdefault(
            row["pk"], DistrictCompleteness(row["pk"], row["name"], counts={name: row[name] for name in counts})
        )
        line.topics |= {row["topic"]} - {None}
        line.officers |= {row["officer"]} - {None}
    return list(lines.values())


def _count_by_district(rows: QuerySet[Any]) -> Coalesce:
    mine = rows.filter(district=OuterRef("pk")).order_by().values("district")
    return Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0)


def _measure_talks(line: DistrictCompleteness, sessions: list[SessionFacts]) -> dict[str, tuple[int, int]]:
    """The district's talks in the topics of its topic offices; a topic without one still expects one."""
    of_topics = [session for session in sessions if session.topic in line.topics]
    talks = [(talk, session) for session in of_topics for talk in session.talks if talk.district == line.district]
    expected = len(talks) + len(line.topics - {session.topic for _talk, session in talks})
    fits = {
        "presenter": lambda talk, _session: talk.presenter is not None,
        "affiliation": lambda talk, _session: talk.presenter is not None and _is_known(talk.presenter),
        "title": _has_title,
        "points": lambda talk, _session: bool(talk.points),
        "materials": lambda talk, _session: talk.has_materials,
    }
    return {item: (sum(fit(*talk) for talk in talks), expected) for item, fit in fits.items()}


def _is_known(who: Speaker) -> bool:
    return not who.is_person or bool(who.affiliation or who.job)


def _has_title(talk: PresentationFacts, session: SessionFacts) -> bool:
    """Whether the talk has a title. One without has that of the session, unless the session has other talks."""
    return bool(talk.title) or len(session.talks) == 1


def _measure_expo(line: DistrictCompleteness) -> dict[str, tuple[int, int]]:
    return {
        "exhibitors": (line.counts["confirmed"], max(line.counts["invited"], 1)),
        "giveaways": (line.counts["numbered"], max(line.counts["handed_out"], 1)),
    }


def _measure_photos(line: DistrictCompleteness) -> dict[str, tuple[int, int]]:
    return {"photos": (line.counts["described"], max(line.counts["taken"], 1))}


def _measure_outcomes(line: DistrictCompleteness, sessions: list[SessionFacts]) -> dict[str, tuple[int, int]]:
    """The outcomes of the sessions that the district hosts; expected only after the event."""
    hosted = [session for session in sessions if not session.is_silent and session.host == line.district]
    topical = [session for session in hosted if session.kind == Session.Kind.TOPIC]
    return {
        "headcount": (sum(session.headcount is not None for session in hosted), len(hosted)),
        "proposals": (sum(session.has_proposals for session in topical), len(topical)),
    }


SHEET_OF_ITEM = {
    "exhibitors": "exhibitors",
    "giveaways": "giveaways",
    "headcount": "sessions",
    "proposals": "proposals",
}


def _link(item: str, line: DistrictCompleteness, conference: Conference) -> str:
    table = row_addresses.table_address(SHEET_OF_ITEM.get(item, "presentations"), conference)
    page = f"/desk/{conference.slug}/photos/" if item == "photos" else table
    return f"{page}?district={line.district}"
