"""The app of what every row has; it installs the database rules after each migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RowsConfig(AppConfig):
    name = "rows"

    def ready(self) -> None:
        from rows import database_rules

        def make_way(using: str, plan: list, **_signal: object) -> None:
            """PostgreSQL refuses to alter a column that a trigger names."""
            if plan:
                database_rules.remove(using)

        # once a migrate: Django sends the signals for every app, before and after all of it
        pre_migrate.connect(make_way, sender=self, weak=False, dispatch_uid="rows.database_rules")
        post_migrate.connect(database_rules.install, sender=self, dispatch_uid="rows.database_rules")
