"""The app of settings, commands and system checks."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        import_module("config.system_checks")  # registers its checks
        cache, storage = import_module("config.database_cache"), import_module("conference.uploads.folder_storage")
        # once a migrate: Django sends the signal for every app that has models, after all of it
        sender = import_module("django.apps").apps.get_app_config("conference")
        post_migrate.connect(cache.make_table, sender=sender, dispatch_uid="config.database_cache")
        post_migrate.connect(
            storage.make_folder_after_migrate, sender=sender, dispatch_uid="conference.uploads.folder_storage"
        )
