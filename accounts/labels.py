"""Names of accounts and offices on screen."""

from django.utils.translation import gettext_lazy as _

OTHERS = {"accounts.department": _("처리과"), "accounts.user": _("계정")}
