"""Addresses. Every app's `urls` is found by its name; what the public may read comes last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter

from conference.views import founding
from config import development, health
from rows import app_registry
from rows.whole_numbers import WholeNumber

register_converter(WholeNumber, "number")  # Django's own `int` takes any length, and its name cannot be taken
URLS = app_registry.modules("urls")
urlpatterns = [
    *development.toolbar_urls(),
    path("healthz", health.healthz, name="healthz"),
    path("", include(URLS["accounts"])),  # desk/accounts/ and desk/new/ before desk/<slug>/
    path("desk/new/", founding.new, name="new"),
    *(path("", include(module)) for app, module in URLS.items() if app != "accounts"),
    *i18n_patterns(
        *(pattern for module in URLS.values() for pattern in getattr(module, "public_patterns", [])),
        prefix_default_language=False,
    ),
]
handler400 = "config.error_pages.bad_request"
handler429 = "config.error_pages.too_many"  # asked for by allauth
handler500 = "config.error_pages.server_error"
