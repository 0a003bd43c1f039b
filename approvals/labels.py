"""Names of the sign-off's rows on screen."""

from django.utils.translation import gettext_lazy as _

OTHERS = {
    "approvals.document": _("결재 문서"),
    "approvals.approvalroute": _("결재선"),
    "approvals.authority": _("위임전결"),
}
