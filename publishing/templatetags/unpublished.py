"""The bar of the desk that says what visitors do not see yet."""

from __future__ import annotations

from typing import Any

from django import template

from conference.permissions import permissions_for
from publishing.difference import difference

register = template.Library()
OWN_PAGE = "publish"  # this page shows the difference itself


@register.inclusion_tag("publishing/_unpublished.html", takes_context=True)
def unpublished(context: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the bar. A person who may not publish sees no link, and no bar before the first release."""
    request, conference = context["request"], context["conference"]
    permissions = getattr(request, "permissions", None) or permissions_for(request.user, conference)
    change = None if request.resolver_match.url_name == OWN_PAGE else difference(conference)
    is_shown = change and change.is_there and (permissions.can_publish or change.number)
    return {"slug": conference.slug, "may_publish": permissions.can_publish, "difference": change if is_shown else None}
