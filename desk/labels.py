"""Korean names of the rows and fields of desk."""

from django.utils.translation import gettext_lazy as _

ROWS = {"desk.datarequest": ("", _("제출 요청"))}
FIELDS = {"reminded": _("알림")}
