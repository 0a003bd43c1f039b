"""The app of the event itself: its people, places, files, exchange and history."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("행사")

    def ready(self) -> None:
        import_module("conference.uploads.converters")  # how addresses name uploads
