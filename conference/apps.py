from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("행사")

    def ready(self) -> None:
        import_module("conference.system_checks")  # registers its checks
        cache, storage = (import_module(f"conference.{name}") for name in ("cache", "storage"))
        difference, signals = import_module("conference.difference"), import_module("accounts.signals")
        signals.office_changed.connect(difference.touch_all, dispatch_uid="conference.difference")
        # once a migrate: Django sends the signal for every app, after all of it
        post_migrate.connect(cache.make_table, sender=self, dispatch_uid="conference.cache")
        post_migrate.connect(storage.begin, sender=self, dispatch_uid="conference.storage")
