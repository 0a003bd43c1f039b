"""Write the whole portal to one file while it is in use."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from config import backup
from config.backup import writer


class Command(BaseCommand):
    help = "포털 전체(자료와 파일)를 새 파일 하나로 백업합니다. 쓰는 중에도 됩니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="새로 만들 파일(ZIP)")
        parser.add_argument("--secret-key", metavar="FILE", type=Path, help="비밀 키를 따로 적을 새 파일")

    def handle(self, *, file: Path, secret_key: Path | None, **_options: object) -> None:
        with backup.errors_in_one_line(file):
            if secret_key:
                writer.refuse_existing(secret_key)  # before the long work
            manifest = writer.write(file)
            if secret_key:
                writer.write_secret_key(secret_key)
        self.stdout.write(f"백업했습니다(backup made): {file}, {backup.describe(manifest)}")
