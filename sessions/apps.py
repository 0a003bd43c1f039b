"""The app of the programme; its label differs from that of Django's own sessions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "conference_sessions"  # Django has an app "sessions" of its own
    verbose_name = _("세션")
