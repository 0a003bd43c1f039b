"""A day of the programme as HTML: the list by time and the table of rooms.

The HTML is put together here because templates took most of the time of the page.

Every piece goes through ``html``, which escapes what comes from a release. ``_SessionHtml`` holds what does not change
while the release is live, and is cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from publishing import event_facts, wording
from publishing.markup import EMPTY, html, join_html
from publishing.releases import LiveRelease
from sessions import programme_cards, programme_search
from sessions.content import PartContent
from sessions.programme_cards import Card, CardGroup, ShownCard, TimeSlot
from sessions.timetable_layout import RoomTable, TableCell, TableRow

MAX_OPEN = 6  # parallel sessions that are shown at once; if there are more, all are folded
MAX_NAMES = 4  # presenters named on a card
HIDDEN, OPEN, SELECTED = SafeString(" hidden"), SafeString(" open"), SafeString(" selected")
KOREAN = SafeString(' lang="ko"')
CURRENT_PAGE = SafeString(' aria-current="page"')

PART = '<section class="part" aria-labelledby="{}"{}>{}{}</section>'
HEAD = '<div class="part-head"><h2 id="{}"><b>{}</b> {}</h2>{}{}</div>'
SLOT = '<li class="slot{}"{}><p class="slot-time">{}{}</p>{}</li>'
PARALLEL = '<details class="side-by-side"{}><summary>{}</summary><ul class="parallel">{}</ul></details>'
ITEM = '<{} class="session-card {}" data-code="{}"{}{}>{}{}</{}>'
CELL = '<td class="{}" rowspan="{}" colspan="{}" data-code="{}"{}><div><p class="cell-time">{}{}</p>{}</div></td>'
COLUMN = '<th scope="col" colspan="{}">{}</th>'
ROW = '{}<tr class="t{}"><th scope="row">{}</th>{}</tr>'
PART_ROW = '<tr class="raster-part"><th colspan="{}"><span id="t-{}"><b>{}</b> {}</span> {}</th></tr>'
TABLE = (
    '<table class="raster{}"><caption class="sr-only">{}</caption>'
    '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>'
)
CHOICE = '<div><label for="by-{}">{}</label><select id="by-{}" name="{}"><option value="">{}</option>{}</select></div>'
OPTION = '<option value="{}"{}{}>{}</option>'
DAY = '<li><a href="{}programme/{}/{}" data-keep{}>{}{}</a></li>'
ELSEWHERE = '<a href="{}programme/{}/{}">{} {}</a>'
LINK = '<a href="{}programme/{}/">{}</a>'
SEARCH_ATTRIBUTES = ' data-find="{}" data-district="{}" data-topic="{}" data-part="{}" data-room="{}" data-kind="{}"'


@dataclass(frozen=True)
class _SessionHtml:
    """What never changes of a session: its content in the list and in the table, and its search attributes."""

    in_list: SafeString
    in_table: SafeString
    search_attributes: SafeString


# ── the list ────────────────────────────────────────────────────────────────────────────────────
def render_list(current: LiveRelease, groups: Iterable[CardGroup], *, is_narrowed: bool) -> SafeString:
    """Render the groups one below the other. While a search is on (``is_narrowed``), nothing is folded."""
    return join_html(_render_group(current, group, is_narrowed=is_narrowed) for group in groups)


def render_untimed_parts(current: LiveRelease, groups: Iterable[CardGroup]) -> SafeString:
    """Render the parts without sessions, which are shown above the table because it has no row for them."""
    return join_html(_render_group(current, group, is_narrowed=False) for group in groups if not group["slots"])


def _render_group(current: LiveRelease, group: CardGroup, *, is_narrowed: bool) -> SafeString:
    slots = join_html(_render_slot(current, slot, is_narrowed=is_narrowed) for slot in group["slots"])
    slots = html('<ol class="slots">{}</ol>', slots) if slots else EMPTY
    hidden = HIDDEN if group["is_filtered_out"] else EMPTY
    if not (part := group["part"]):
        return html('<div class="part is-between"{}>{}</div>', hidden, slots)
    return html(PART, group["id"], hidden, _render_part_head(current, group, part), slots)


def _render_part_head(current: LiveRelease, group: CardGroup, part: PartContent) -> SafeString:
    note = html("<p>{}</p>", wording.korean(part["note"])) if part["note"] else EMPTY
    label, title = wording.korean(part["label"]), wording.words(part, "title")
    return html(HEAD, group["id"], label, title, note, _render_meta(_part_details(current, group, part)))


def _part_details(current: LiveRelease, group: CardGroup, part: PartContent) -> Iterator[SafeString]:
    if part["starts_at"] and not group["slots"]:
        hours = wording.hours(part["starts_at"], part["ends_at"])
        yield html('<span class="with-icon is-time"><span>{}</span></span>', hours)
    yield _render_place(wording.rooms(part["places"], event_facts.room_text_for(current)))
    yield _render_span(wording.korean(part["participants"]))
    if part["exhibition"] and current.sections.get("expo"):
        link = '<a class="more" href="{}exhibits/#{}">{}</a>'
        yield html(link, current.root, part["exhibition"], _("전시마당 보기"))


def _render_slot(current: LiveRelease, slot: TimeSlot, *, is_narrowed: bool) -> SafeString:
    kinds = (" is-now" if slot["is_now"] else "") + (" is-move" if slot["is_break"] else "")
    hidden, now = HIDDEN if slot["is_filtered_out"] else EMPTY, _render_now_badge() if slot["is_now"] else EMPTY
    hours, cards = _render_hours(current, slot), slot["cards"]
    if len(cards) == 1:
        return html(SLOT, kinds, hidden, hours, now, _render_item(current, cards[0], slot, tag="div"))
    is_open = is_narrowed or slot["is_now"] or len(cards) <= MAX_OPEN
    count = ngettext("동시에 {n}개", "동시에 {n}개", len(cards)).replace("{n}", str(len(cards)))
    items = join_html(_render_item(current, card, slot, tag="li") for card in cards)
    return html(SLOT, kinds, hidden, hours, now, html(PARALLEL, OPEN if is_open else EMPTY, count, items))


def _render_item(current: LiveRelease, card: ShownCard, slot: TimeSlot, *, tag: str) -> SafeString:
    session = _session_html(current, card)
    hours = (
        EMPTY if card["ends_at"] == slot["ends_at"] else html('<p class="meta">{}</p>', _render_hours(current, card))
    )
    hidden = HIDDEN if card["is_filtered_out"] else EMPTY
    return html(
        ITEM, tag, _topic_colour(card), card["code"], session.search_attributes, hidden, session.in_list, hours, tag
    )


# ── the table ───────────────────────────────────────────────────────────────────────────────────
def render_table(current: LiveRelease, table: RoomTable, *, day: date, is_alone: bool) -> SafeString:
    """Render the rooms side by side. ``is_alone``: there is no list that carries the search attributes."""
    heads = join_html(html(COLUMN, n, wording.korean(name) if name else _("그 밖의 장소")) for name, n in table.heads)
    rows = join_html(_render_row(current, row, table.width, is_alone=is_alone) for row in table.rows)
    caption = _("장소별 시간표 %(day)s") % {"day": wording.day(day)}
    return html(TABLE, " is-wide" if table.width > MAX_OPEN else "", caption, _("시간"), heads, rows)


def _render_row(current: LiveRelease, row: TableRow, width: int, *, is_alone: bool) -> SafeString:
    heads = join_html(_render_part_row(current, group, part, width) for group in row.heads if (part := group["part"]))
    cells = join_html(_render_cell(current, cell, width, is_alone=is_alone) for cell in row.cells)
    return html(ROW, heads, row.steps, wording.hours(row.starts_at, None), cells)


def _render_part_row(current: LiveRelease, group: CardGroup, part: PartContent, width: int) -> SafeString:
    place = _render_place(wording.rooms(part["places"], event_facts.room_text_for(current)))
    label, title = wording.korean(part["label"]), wording.words(part, "title")
    return html(PART_ROW, width + 1, group["id"], label, title, place)


def _render_cell(current: LiveRelease, cell: TableCell, width: int, *, is_alone: bool) -> SafeString:
    card = cell.card
    if card is None:
        return html('<td class="is-free" rowspan="{}" colspan="{}"></td>', cell.rows, cell.columns)
    is_across = cell.columns == width
    flags = {
        "is-across": is_across,
        "is-move": not card["has_page"],
        "is-now": card["is_now"],
        "is-out": card["is_filtered_out"],
    }
    kinds = " ".join([*(name for name, is_so in flags.items() if is_so), _topic_colour(card)])
    session, now = _session_html(current, card), _render_now_badge() if card["is_now"] else EMPTY
    search_attributes = session.search_attributes if is_alone else EMPTY
    spans = (cell.rows, cell.columns)
    return html(
        CELL, kinds, *spans, card["code"], search_attributes, _render_hours(current, card), now, session.in_table
    )


# ── search and filters ──────────────────────────────────────────────────────────────────────────
def render_filters(current: LiveRelease, query: programme_search.ProgrammeQuery) -> SafeString:
    """Render a select element for each facet."""
    return join_html(
        html(CHOICE, key, label, key, key, _("전체"), _render_options(options, query.chosen.get(key)))
        for key, label, options in current.cached(programme_search.facet_options, get_language())
    )


def _render_options(options: list[programme_search.FacetOption], chosen: str | None) -> SafeString:
    return join_html(
        html(OPTION, o.value, KOREAN if o.is_korean else EMPTY, SELECTED if o.value == chosen else EMPTY, o.words)
        for o in options
    )


def render_day_links(
    current: LiveRelease, query: programme_search.ProgrammeQuery, *, dates: list[date], day: date | None
) -> SafeString:
    """Render a link to each day; while a search is on, with the number of matching sessions."""
    counts = programme_search.count_by_day(current, query) if query.has_filters else {}
    return join_html(
        html(
            DAY,
            current.root,
            each,
            query.query_string,
            CURRENT_PAGE if each == day else EMPTY,
            wording.short_day(each),
            html(' <span class="count">{}</span>', counts[str(each)]) if query.has_filters else EMPTY,
        )
        for each in dates
    )


def render_matches_on_other_days(
    current: LiveRelease, query: programme_search.ProgrammeQuery, *, dates: list[date], day: date | None
) -> SafeString:
    """Render links to the other days that have matching sessions, with their number."""
    counts = programme_search.count_by_day(current, query)
    other_days = [
        (each, ngettext("{n}개", "{n}개", n).replace("{n}", str(n)))
        for each in dates
        if each != day and (n := counts[str(each)])
    ]
    return join_html(
        (
            html(ELSEWHERE, current.root, each, query.query_string, wording.short_day(each), many)
            for each, many in other_days
        ),
        ", ",
    )


# ── pieces ──────────────────────────────────────────────────────────────────────────────────────
def _session_html(current: LiveRelease, card: Card) -> _SessionHtml:
    return current.cached(_render_session, card["code"], get_language())


def _render_session(current: LiveRelease, code: str, language: str) -> _SessionHtml:
    card = current.cached(programme_cards.session_card, code, language)
    title = wording.words(card, "title")
    title = html(LINK, current.root, code, title) if card["has_page"] else title
    was, place, details = (
        _render_span(card["was"]["hours"]),
        _render_place(card["place"], card["was"]["place"]),
        list(_session_details(card)),
    )
    entry = current.cached(programme_search.search_index)[code]
    head = html("<h3>{}</h3>{}", title, _render_badges(card))
    is_in_heading = len(card["own_rooms"]) == 1 and not card["was"]["place"]  # the table names the room above
    return _SessionHtml(
        head + _render_meta((was, place, *details)),
        head
        + _render_meta((was, html('<span class="of-room">{}</span>', place) if is_in_heading else place, *details)),
        html(
            SEARCH_ATTRIBUTES,
            entry.text,
            *(programme_search.NAME_SEPARATOR.join(names) for names in entry.names.values()),
        ),
    )


def _session_details(card: Card) -> Iterator[SafeString]:
    """Yield topic, host, performers and presenters; the topic only if the title differs from it."""
    if card["topic"] and card["topic"]["name"] != card["title"]:
        yield html('<span class="chip {}">{}</span>', card["topic"]["tone"], wording.words(card["topic"], "name"))
    yield _render_span(card["hosted_by"])
    yield _render_span(wording.korean(card["performers"]))
    talks = card["presentations"]
    if len(talks) > 1:
        names = [talk["presenter"]["name"] for talk in talks if talk["presenter"] and talk["presenter"]["name"]]
        count = ngettext("발표 {n}건", "발표 {n}건", len(talks)).replace("{n}", str(len(talks)))
        more = " …" if len(names) > MAX_NAMES else ""
        names_html = html(" · {}{}", wording.korean(", ".join(names[:MAX_NAMES])), more) if names else EMPTY
        yield html("<span>{}{}</span>", count, names_html)
    elif talks:
        yield _render_span(wording.person(talks[0]["presenter"]))


def _render_badges(card: Card) -> SafeString:
    badges = join_html(html('<span class="badge is-{}">{}</span> ', *mark) for mark in card["badges"])
    return html('<p class="marks">{}</p>', badges) if badges else EMPTY


def _render_place(place: str, was: str = "") -> SafeString:
    return html('<span class="with-icon is-place">{} {}</span>', place, was) if place else EMPTY


def _render_span(words: str) -> SafeString:
    return html("<span>{}</span>", words) if words else EMPTY


def _render_meta(spans: Iterable[SafeString]) -> SafeString:
    words = join_html(spans)
    return html('<p class="meta">{}</p>', words) if words else EMPTY


def _topic_colour(card: Card) -> str:
    return card["topic"]["tone"] if card["topic"] else ""


def _render_now_badge() -> SafeString:
    return html(' <span class="badge is-info now">{}</span>', _("지금"))


def _render_hours(current: LiveRelease, row: Card | TimeSlot) -> SafeString:
    return current.cached(_hours_html, get_language(), row["starts_at"], row["ends_at"])


def _hours_html(_current: LiveRelease, _language: str, starts_at: str, ends_at: str) -> SafeString:
    return wording.hours(starts_at, ends_at)
