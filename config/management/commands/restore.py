"""Fill an empty portal from a backup."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts import mail_queue
from config import backup
from config.backup import restorer


class Command(BaseCommand):
    help = "백업을 빈 포털에 되살립니다. 열린 로그인은 옮기지 않으므로 모두 다시 로그인합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="백업 파일")
        parser.add_argument("--verify", action="store_true", help="되살리지 않고 백업이 온전한지만 봅니다.")
        parser.add_argument("--secret-key", metavar="FILE", type=Path, help="따로 적어 둔 비밀 키")

    def handle(self, *, file: Path, verify: bool, secret_key: Path | None, **_options: object) -> None:
        with backup.errors_in_one_line(file):
            manifest = restorer.check(file) if verify else restorer.restore(file, secret_key=secret_key)
        what = "백업이 온전합니다(sound)" if verify else "되살렸습니다(restored)"
        self.stdout.write(f"{what}: {file}, {backup.describe(manifest)}")
        if not verify:
            self.stdout.write(f"보내지 않은 전자우편(mails that the server will send): {mail_queue.pending().count()}")
            call_command("verify_chain", stdout=self.stdout)
            call_command("check_files", stdout=self.stdout)
