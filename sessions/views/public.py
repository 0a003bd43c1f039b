"""Public pages of the programme."""

from collections import Counter

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from conference import content
from korean.dates import SEOUL, to_seoul
from publishing import event_facts, page_cache
from sessions import programme_cards, programme_search, timetable_layout


@page_cache.public_page
def programme(request, current):
    """`/<slug>/programme/`: the programme of the day that is running, past midnight too; else of today, else of the first day."""
    at = timezone.now()
    today = programme_cards.current_day(current, at) or at.astimezone(SEOUL).date()
    return _day(request, current, today, address=f"{current.root}programme/")


@page_cache.public_page
def day(request, current, day):
    """`/<slug>/programme/<2015-11-24>/`: the programme of one day."""
    if day not in current.cached(programme_cards.session_days):
        raise Http404
    return _day(request, current, day, address=f"{current.root}programme/{day}/")


def _day(request, current, day, *, address):
    """Render table and list of a day. Sessions that the query does not match are hidden, not left out."""
    at, query = timezone.now(), programme_search.parse_query(request.GET)
    dates = current.cached(programme_cards.session_days)
    day = day if day in dates else next(iter(dates), None)
    index = current.cached(programme_search.search_index)
    matches = (lambda row: query.matches(index[row["code"]])) if query.has_filters else None
    groups = list(programme_cards.groups(current, at, day, matches=matches))
    hit_count = sum(
        not card["is_filtered_out"] for group in groups for slot in group["slots"] for card in slot["cards"]
    )
    hits = programme_search.count_by_day(current, query) if query.has_filters else Counter()
    table = timetable_layout.build_table(groups, at, event_facts.room_text_for(current))
    is_table_alone = query.view == "table" and table is not None
    context = {
        "current": current,
        "event": content.event(current.sections),
        "here": "programme",
        "address": address,
        "venues": current.cached(event_facts.used_venues),
        "day": day,
        "days": [(each, hits[each]) for each in dates] if len(dates) > 1 else [],
        "query": query,
        "filters": [(facet, facet.chosen(query)) for facet in current.cached(programme_search.facets, get_language())],
        "hit_count": hit_count,
        "is_none": query.has_filters and not hit_count,
        "elsewhere": [(each, hits[each]) for each in dates if each != day and hits[each]] if not hit_count else [],
        "has_table": table is not None,
        "table": table if query.view != "list" else None,
        "is_table_alone": is_table_alone,
        "untimed": [group for group in groups if not group["slots"]],  # the table has no row for them
        "listed": [] if is_table_alone else groups,
        "to_table": address + query.query_string_for("table"),
        "to_list": address + query.query_string_for("list"),
    }
    return render(request, "sessions/programme.html", context)


@page_cache.public_page
def session(request, current, code):
    """`/<slug>/programme/<code>/`: one session, with the one before and the one after it."""
    before, card, after = programme_cards.session_with_neighbours(current, code)
    if card is None:
        raise Http404
    context = {
        "current": current,
        "event": content.event(current.sections),
        "here": "programme",
        "session": card,
        "facts": programme_cards.session_facts(card),
        "day": to_seoul(card["starts_at"]).date() if len(current.cached(programme_cards.session_days)) > 1 else None,
        "before": before,
        "after": after,
    }
    return render(request, "sessions/session.html", context)
