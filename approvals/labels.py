"""What rows of the sign-off are called on screen."""

from django.utils.translation import gettext_lazy as _

OTHERS = {
    "approvals.document": _("결재 문서"),
    "approvals.line": _("결재선"),
    "approvals.authority": _("위임전결"),
}
