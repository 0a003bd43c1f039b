"""check_files: name stored files that are missing or damaged, and make again what can be made."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference.uploads import storage, storage_check


class Command(BaseCommand):
    help = "저장된 파일을 살핍니다: 없어진 것은 만들 수 있으면 다시 만들고, 나머지는 이름을 적습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hash", action="store_true", help="모든 파일을 읽어 내용이 바뀌었는지도 살핍니다")

    def handle(self, **options: Any) -> None:
        damaged = list(storage_check.find_damaged(storage.stored_names())) if options["hash"] else []
        report = storage_check.repair(damaged)
        swept = storage_check.delete_unneeded()
        for each in report.remade:
            self.stdout.write(f"다시 만들었습니다 / made again: {each.slug}: {each.title}")
        for each, state in report.lost:
            korean = "내용이 바뀌었습니다" if state == "damaged" else "없습니다"
            self.stdout.write(f"{korean} / {state}: {each.slug}: {each.title} ({each.name})")
        self.stdout.write(f"아무도 쓰지 않아 지운 파일 / deleted, named by no row: {swept}")
        if report.lost:
            raise CommandError(f"되찾지 못한 파일 {len(report.lost)}개 / files that are lost: {len(report.lost)}")
