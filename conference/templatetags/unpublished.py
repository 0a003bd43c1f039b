"""The bar of the desk that says what visitors do not see yet."""

from __future__ import annotations

from typing import Any

from django import template

from conference import access
from conference.difference import difference

register = template.Library()
OWN_PAGE = "publish"  # it shows the difference itself


@register.inclusion_tag("conference/_unpublished.html", takes_context=True)
def unpublished(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the bar for who may publish. Context: conference, request."""
    request, conference = context["request"], context["conference"]
    hand = getattr(request, "hand", None) or access.hand(request.user, conference)
    is_shown = hand.may_publish and request.resolver_match.url_name != OWN_PAGE
    return {"slug": conference.slug, "difference": difference(conference) if is_shown else None}
