"""The bar of the desk that says what visitors do not see yet."""

from __future__ import annotations

from typing import Any

from django import template

from conference.permissions import permissions_for
from publishing.difference import difference

register = template.Library()
OWN_PAGE = "publish"  # it shows the difference itself


@register.inclusion_tag("publishing/_unpublished.html", takes_context=True)
def unpublished(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the bar; who may not publish is told of a release that lags behind, without the link. Context: conference, request."""
    request, conference = context["request"], context["conference"]
    permissions = getattr(request, "permissions", None) or permissions_for(request.user, conference)
    found = None if request.resolver_match.url_name == OWN_PAGE else difference(conference)
    is_shown = found and found.is_there and (permissions.can_publish or found.number)
    return {"slug": conference.slug, "may_publish": permissions.can_publish, "difference": found if is_shown else None}
