"""The app of releases, stored pages and PDF files."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("공개")

    def ready(self) -> None:
        names = ("accounts.signals", "conference.signals", "publishing.difference")
        accounts, conference, difference = map(import_module, names)
        accounts.office_changed.connect(difference.mark_all_changed, dispatch_uid="publishing.difference")
        conference.conference_changed.connect(difference.refresh_changed, dispatch_uid="publishing.difference")
