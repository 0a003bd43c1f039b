"""What the rows of the preparation are called on screen, and which sheet holds them."""

from django.utils.translation import gettext_lazy as _

# model → name of its sheet ("": no table of its own), name on screen
ROWS = {
    "preparation.track": ("tracks", _("준비과정")),
    "preparation.meeting": ("meetings", _("준비회의")),
    "preparation.deadline": ("deadlines", _("준비 제출기한")),
    "preparation.milestone": ("milestones", _("준비단계")),
    "preparation.decision": ("decisions", _("결정사항")),
    "preparation.task": ("tasks", _("조치사항")),
}
