"""The app of the tables in which staff edit rows."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "sheets"
