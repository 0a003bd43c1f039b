from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("행사")

    def ready(self) -> None:
        import_module("conference.system_checks")  # registers its checks
        triggers = import_module("conference.triggers")
        # once a migrate: Django sends the signal for every app after all tables stand
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="conference.triggers")
