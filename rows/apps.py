"""The app of what every row has; it installs the database rules after each migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RowsConfig(AppConfig):
    name = "rows"

    def ready(self) -> None:
        from rows import database_rules

        def drop_triggers(using: str, plan: list, **_signal: object) -> None:
            """Drop the triggers first, because PostgreSQL refuses to alter a column that a trigger names."""
            if plan:
                database_rules.drop_triggers(using)

        # once a migrate: Django sends the signals for every app, before and after all of it
        pre_migrate.connect(drop_triggers, sender=self, weak=False, dispatch_uid="rows.database_rules")
        post_migrate.connect(database_rules.install, sender=self, dispatch_uid="rows.database_rules")
