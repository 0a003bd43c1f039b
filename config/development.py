"""Differences with DEBUG (`./portal dev`): every page shows a changed template at its next reload."""

from __future__ import annotations

from collections.abc import Callable

from crispy_forms.templatetags import crispy_forms_filters, crispy_forms_tags
from crispy_forms.utils import default_field_template
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.template.autoreload import reset_loaders
from django.urls import URLPattern

# crispy caches these templates until the process ends
CRISPY_TEMPLATES = [
    default_field_template,
    crispy_forms_filters.uni_form_template,
    crispy_forms_filters.uni_formset_template,
    crispy_forms_tags.whole_uni_form_template,
    crispy_forms_tags.whole_uni_formset_template,
]


def reload_templates(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Read every template again for each request. It replaces the middleware that stores public pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reset_loaders()
        for template in CRISPY_TEMPLATES:
            template.cache_clear()
        return get_response(request)

    return middleware


def toolbar_urls() -> list[URLPattern]:
    """Return the addresses of the debug toolbar; [] if the settings do not include it."""
    if not apps.is_installed("debug_toolbar"):
        return []
    from debug_toolbar.toolbar import debug_toolbar_urls

    return debug_toolbar_urls()
