"""The bar of the desk that says what visitors do not see yet."""

from __future__ import annotations

from typing import Any

from django import template

from conference import permissions
from publishing.difference import difference

register = template.Library()
OWN_PAGE = "publish"  # it shows the difference itself


@register.inclusion_tag("publishing/_unpublished.html", takes_context=True)
def unpublished(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the bar; who may not publish is told of a release that lags behind, without the link. Context: conference, request."""
    request, conference = context["request"], context["conference"]
    hand = getattr(request, "hand", None) or permissions.hand(request.user, conference)
    found = None if request.resolver_match.url_name == OWN_PAGE else difference(conference)
    is_shown = found and found.is_there and (hand.may_publish or found.number)
    return {"slug": conference.slug, "may_publish": hand.may_publish, "difference": found if is_shown else None}
