"""What 제출 요청 is called on screen."""

from django.utils.translation import gettext_lazy as _

ROWS = {"desk.call": ("", _("제출 요청"))}
FIELDS = {"reminded": _("알림")}
