"""Write a whole conference as a JSON file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from conference.exchange import exporting
from conference.models import Conference


class Command(BaseCommand):
    help = "행사 하나를 JSON으로 내보냅니다(docs/conference.schema.json). 결재와 공개본은 들어가지 않습니다."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--output", metavar="FILE", type=Path, help="없으면 화면(표준 출력)에 씁니다.")

    def handle(self, *, slug, output, **_options):
        conference = Conference.objects.filter(slug=slug).first()
        if conference is None:
            raise CommandError(_("‘%(slug)s’ 행사가 없습니다.") % {"slug": slug})
        text = exporting.dump(conference)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, "utf-8")
        except OSError as error:
            raise CommandError(
                _("%(file)s: 쓸 수 없습니다(%(reason)s).") % {"file": output, "reason": error.strerror}
            ) from error
