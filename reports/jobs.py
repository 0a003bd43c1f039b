"""Background work of reports: the PDFs of approved editions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from publishing.heavy import Work
from reports import renderings

HEAVY = {
    "final PDF": Work(
        _("결재가 끝난 결과보고 PDF"), owed=renderings.pending_with_weight, make=renderings.generate_one, is_urgent=True
    ),
    "lost PDF": Work(
        _("저장소에 없는 결과보고 PDF"), owed=list, make=renderings.regenerate
    ),  # owed by nothing: storage_check asks for it
}
