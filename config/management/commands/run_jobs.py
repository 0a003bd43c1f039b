"""run_jobs: do all pending work once."""

from django.core.management.base import BaseCommand

from config import jobs


class Command(BaseCommand):
    help = "밀린 일(만들 PDF, 보낼 전자우편 등)을 한 번 합니다."

    def handle(self, **_options: object) -> None:
        for name, count in jobs.run_once().items():
            self.stdout.write(f"{name}: {count}")
