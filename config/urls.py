"""Addresses. Every app's `urls` is found by its name; public pages come last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter

from config import development, health
from rows import app_registry
from rows.whole_numbers import WholeNumberConverter

register_converter(WholeNumberConverter, "number")  # Django's `int` accepts any length, and cannot be replaced
URLS = app_registry.modules("urls")
urlpatterns = [
    *development.toolbar_urls(),
    path("healthz", health.healthz, name="healthz"),
    *(path("", include(module)) for module in URLS.values()),  # accounts first: desk/accounts/ before desk/<slug>/
    *i18n_patterns(
        *(pattern for module in URLS.values() for pattern in getattr(module, "public_patterns", [])),
        prefix_default_language=False,
    ),
]
handler400 = "config.error_pages.bad_request"
handler429 = "config.error_pages.too_many"  # allauth uses it
handler500 = "config.error_pages.server_error"
