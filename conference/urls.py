"""Addresses. Every app's `urls` is found by its name; what the public may read comes last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from conference import health, house

URLS = house.rooms("urls")

# `/<slug>/` would swallow every address after it, so apps give public addresses apart, as `public_patterns`.
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("allauth.account.urls")),
    *(path("", include(module)) for app, module in URLS.items() if app != "conference"),
    *i18n_patterns(
        *(pattern for module in URLS.values() for pattern in getattr(module, "public_patterns", [])),
        prefix_default_language=False,
    ),
]
