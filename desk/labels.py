"""Korean names of the rows and fields of desk."""

from django.utils.translation import gettext_lazy as _

ROWS = {"desk.datarequest": ("", _("제출 요청"))}
FIELDS = {"reminded": _("알림")}
# what a district can be asked for; the keys are stored in DataRequest.items
ITEMS = {
    "presenter": _("발표자"),
    "affiliation": _("소속"),
    "title": _("제목"),
    "points": _("요지"),
    "materials": _("자료"),
    "exhibitors": _("참여 기업"),
    "giveaways": _("배부 물품"),
    "photos": _("사진"),
    "headcount": _("인원"),
    "proposals": _("제안사항"),
}
VALUES = {"desk.datarequest.items": ITEMS}
