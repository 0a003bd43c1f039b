"""Public pages of the programme."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from conference import overview, pages
from sessions import grid


@pages.public_page
def programme(request, current):
    """`/<slug>/programme/`: days, parts, times; what runs side by side stands side by side."""
    days = grid.days(current, timezone.now())
    context = {
        "current": current,
        "event": current.sections["event"],
        "here": "programme",
        "days": days,
        "venues": overview.venues(current),
    }
    return render(request, "sessions/programme.html", context)


@pages.public_page
def session(request, current, code):
    """`/<slug>/programme/<code>/`: one session, with the one before and the one after it."""
    cards = grid.cards(current)
    here = next((i for i, row in enumerate(cards) if row["code"] == code), None)
    if here is None:
        raise Http404
    context = {
        "current": current,
        "event": current.sections["event"],
        "here": "programme",
        "session": cards[here],
        "facts": grid.facts(cards[here]),
        "before": cards[here - 1] if here else None,
        "after": cards[here + 1] if here + 1 < len(cards) else None,
    }
    return render(request, "sessions/session.html", context)
