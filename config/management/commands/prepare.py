"""prepare: the steps before a server starts (database, static files, example)."""

from django.apps import apps
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from conference.models import DraftVersion
from conference.uploads import folder_storage
from config import system_checks
from rows import database_rules

EARLIER_HISTORY = "accounts_historicaluser"  # a table for each model: nothing would read or wipe what they hold


class Command(BaseCommand):
    help = "서버를 열기 전에 할 일: 데이터베이스를 맞추고, 정적 파일을 모읍니다."
    requires_system_checks = []  # migrate runs all; without a migration ``handle`` runs those that may have changed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--example", action="store_true", help="비어 있으면 2015년 예시를 싣습니다.")

    def handle(self, *, example: bool, **_options: object) -> None:
        executor = MigrationExecutor(connection)
        if other := _find_other_version(executor.loader):
            korean = f"이 데이터베이스는 이 프로그램과 판이 다릅니다({other})."
            advice = "프로그램을 그 판으로 되돌리거나, PORTAL_DATA나 DATABASE_URL을 새 곳으로 정하십시오."
            english = "the database is of another version of this program"
            raise CommandError(f"{korean} {advice} / {english}")
        if executor.migration_plan(executor.loader.graph.leaf_nodes()) or database_rules.missing_rules():
            self.stdout.write("데이터베이스를 준비합니다.")
            call_command("migrate", interactive=False, verbosity=0)
        else:
            self.check(tags=[system_checks.TAG, Tags.database], databases=["default"])
        call_command("collectstatic", interactive=False, verbosity=0)
        folder_storage.make_folder_after_migrate()
        DraftVersion.objects.update(compared=None)  # this version may compare differently
        if example:
            call_command("load_example", stdout=self.stdout)
        elif not User.objects.filter(is_active=True, is_admin=True).exists():
            english = "there is no administrator yet, so nobody can sign in"
            self.stdout.write(
                f"관리자 계정이 아직 없습니다: ./portal manage make_admin 아이디 --name 관리자 / {english}"
            )


def _find_other_version(loader: MigrationLoader) -> str:
    """Return the name of a migration or table that shows another version of the portal; "" if this version can use it.

    The database has a migration that this version does not know, or lacks one or a table that this version needs: earlier
    versions had tables in other apps and with other names.
    """
    if unknown := sorted(loader.applied_migrations.keys() - loader.disk_migrations.keys()):
        return ".".join(unknown[0])
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory:
        return "accounts.0001_initial"
    due = {app for app, _name in loader.disk_migrations.keys() - loader.applied_migrations.keys()}
    expected = {model._meta.db_table for model in apps.get_models() if model._meta.app_label not in due}
    tables = {*connection.introspection.table_names()}
    return min(expected - tables, default="") or min(tables & {EARLIER_HISTORY}, default="")
