"""Write docs/conference.schema.json."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from conference.exchange import schema


class Command(BaseCommand):
    requires_system_checks = []
    help = "docs/conference.schema.json을 지금의 모델로 다시 씁니다."

    def handle(self, **_options):
        path = Path(settings.BASE_DIR) / "docs" / "conference.schema.json"
        path.write_text(schema.text(), "utf-8")
        self.stdout.write(str(path))
