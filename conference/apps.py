from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("행사")

    def ready(self) -> None:
        import_module("conference.system_checks")  # registers its checks
        cache, storage, triggers = (import_module(f"conference.{name}") for name in ("cache", "storage", "triggers"))

        def make_way(using: str, plan: list, **_signal: object) -> None:
            """PostgreSQL refuses to alter a column that a trigger names."""
            if plan:
                triggers.remove(using)

        # once a migrate: Django sends the signals for every app, before and after all of it
        pre_migrate.connect(make_way, sender=self, weak=False, dispatch_uid="conference.triggers")
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="conference.triggers")
        post_migrate.connect(cache.make_table, sender=self, dispatch_uid="conference.cache")
        post_migrate.connect(storage.begin, sender=self, dispatch_uid="conference.storage")
