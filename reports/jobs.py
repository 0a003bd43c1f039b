"""Background work of reports: the PDFs of approved editions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from publishing.heavy import HeavyWork
from reports import renderings

HEAVY = {
    "final PDF": HeavyWork(
        _("결재가 끝난 결과보고 PDF"),
        pending=renderings.pending_with_weight,
        generate=renderings.generate_one,
        is_urgent=True,
    ),
    "lost PDF": HeavyWork(
        _("저장소에 없는 결과보고 PDF"), pending=list, generate=renderings.regenerate
    ),  # never pending: only storage_check runs it
}
