"""Command that imports a public schedule (frab XML or JSON) as a new conference."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _

from conference.exchange import FileRefused
from korean.particles import choose_particles
from sessions.schedule import reading, schedule_import
from sessions.schedule.notes import HEADINGS, SHOWN_MAX, WIDTH_MAX

PROBLEMS_SHOWN = 200


class Command(BaseCommand):
    help = (
        "다른 행사 프로그램이 내보낸 일정 파일(frab XML·JSON)을 새 행사로 들여옵니다. "
        "그대로 옮기지 못하는 것을 모두 알리고, 고칠 곳이 있으면 아무것도 들여오지 않습니다."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--slug", default="", help="행사 주소. 없으면 파일에서 따오고, 이미 있으면 번호를 붙입니다."
        )
        parser.add_argument("--dry-run", action="store_true", help="무엇이 어떻게 옮겨지는지 보이기만 합니다.")
        parser.add_argument("--all", action="store_true", help="파일에 적힌 말을 줄이지 않고 모두 보입니다.")

    def handle(self, *, file, slug, dry_run, **options):
        try:
            if file.stat().st_size > reading.SIZE_MAX:  # it is not read then
                raise CommandError(f"{file}: {reading.too_large_message()}")
            result = schedule_import.preview(file.read_bytes())
            self.report(result, shorten=not options["all"])
            if dry_run:
                self.stdout.write(_("아무것도 들여오지 않았습니다(--dry-run)."))
                return
            conference = schedule_import.create_conference(result, slug=slug, by=None)
        except FileRefused as refused:
            raise CommandError(refusal(file, refused)) from None
        except (OSError, OperationalError) as error:
            reason = getattr(error, "strerror", None) or error
            text = _("%(file)s: 읽거나 저장할 수 없습니다(%(reason)s).")
            raise CommandError(text % {"file": file, "reason": reason}) from error
        names = {"title": conference.title, "slug": conference.slug}
        self.stdout.write(choose_particles(_("‘%(title)s’을(를) 들여왔습니다(%(slug)s).") % names))

    def report(self, result, *, shorten):
        """Print what is imported, then what is left out or changed."""
        limits = (SHOWN_MAX, WIDTH_MAX) if shorten else (None, None)
        for label, value in result.facts:
            self.stdout.write(f"{label}: {value if isinstance(value, str) else ' / '.join(value)}")
        for kind, heading in HEADINGS.items():
            for at, note in enumerate(result.notes.of(kind)):
                if not at:
                    self.stdout.write(f"\n{heading}")
                self.stdout.write(f"- {note.label} {note.count:,}: {note.reason}")
                self.stdout.write("".join(f"    {line}\n" for line in note.lines(*limits)), ending="")
        self.stdout.write("")


def refusal(file, refused):
    """Return the problems with their places as one message."""
    count = len(refused.problems)
    lines = [_("%(file)s: 고칠 곳 %(count)d곳. 아무것도 들여오지 않았습니다.") % {"file": file, "count": count}]
    lines += map(str, refused.problems[:PROBLEMS_SHOWN])
    if count > PROBLEMS_SHOWN:
        lines.append(_("외 %(count)d곳") % {"count": count - PROBLEMS_SHOWN})
    return choose_particles("\n".join(lines))
