"""Whole addresses in templates, for what is read outside of the portal."""

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def whole(path: str) -> str:
    """Return ``path`` with the portal's own address before it."""
    return f"{settings.PORTAL_URL}{path}"
