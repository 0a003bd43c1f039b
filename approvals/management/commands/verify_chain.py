"""``./portal manage verify_chain``: whether every signature's proof holds; ends with 1 and names the place if not."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from approvals import verification


class Command(BaseCommand):
    help = "결재 기록의 해시 사슬과 봉인을 검증합니다 / verifies the chains of acts and seals"

    def handle(self, **_options: object) -> None:
        documents = faulty = 0
        for document, faults in verification.verify_all():
            name = _("문서 %(number)d") % {"number": document.pk} if document else _("봉인")
            documents += document is not None
            faulty += bool(faults)
            if document or faults:
                self.stdout.write(f"{name}: {'; '.join(map(str, faults)) or _('이상 없음')}")
        total = {"documents": documents, "faulty": faulty}
        if faulty:
            raise CommandError(_("문서 %(documents)d건 가운데 이상 %(faulty)d건") % total)
        self.stdout.write(_("문서 %(documents)d건, 이상 없음") % total)
