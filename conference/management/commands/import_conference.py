"""Make a conference from a JSON file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _

from conference.exchange import FileRefused, importing, reading
from korean.particles import choose_particles

SHOWN_MAX = 200  # problems on one screen


class Command(BaseCommand):
    help = "JSON 파일의 행사를 들여옵니다(docs/conference.schema.json). 고칠 곳이 있으면 모두 알리고 아무것도 들여오지 않습니다."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *, file, **_options):
        try:
            if file.stat().st_size > reading.SIZE_MAX:  # too large to read
                raise CommandError(f"{file}: " + reading.too_large_text())
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s: 읽을 수 없습니다(%(reason)s).") % {"file": file, "reason": error.strerror}
            ) from error
        try:
            conference = importing.load(content)
        except FileRefused as refused:
            count = len(refused.problems)
            lines = [_("%(file)s: 고칠 곳 %(count)d곳. 아무것도 들여오지 않았습니다.") % {"file": file, "count": count}]
            lines += map(str, refused.problems[:SHOWN_MAX])
            if count > SHOWN_MAX:
                lines.append(_("외 %(count)d곳") % {"count": count - SHOWN_MAX})
            raise CommandError(choose_particles("\n".join(lines))) from None
        except (OSError, OperationalError) as error:  # a full disk, a database that is gone
            raise CommandError(
                _("%(file)s: 저장할 수 없습니다(%(reason)s).") % {"file": file, "reason": error}
            ) from error
        names = {"title": conference.title, "slug": conference.slug}
        self.stdout.write(choose_particles(_("‘%(title)s’을(를) 들여왔습니다(%(slug)s).") % names))
