"""What the conference's own rows and fields are called on screen, and which sheet holds them."""

from django.utils.translation import gettext_lazy as _

# model → name of its sheet ("": no table of its own), name on screen
ROWS = {
    "conference.conference": ("", _("행사 개요")),
    "conference.mainitem": ("main-items", _("주요 행사내용")),
    "conference.hostrole": ("hosts", _("주최·주관")),
    "conference.district": ("districts", _("자치구")),
    "conference.topic": ("topics", _("분야")),
    "conference.topicoffice": ("desks", _("담당부서")),
    "conference.basis": ("bases", _("추진 근거")),
    "conference.membership": ("", _("역할")),
    "conference.notice": ("notices", _("공지")),
    "conference.venue": ("venues", _("장소")),
    "conference.room": ("rooms", _("방")),
    "conference.person": ("persons", _("사람")),
    "conference.guest": ("guests", _("주요 참석인사")),
    "conference.file": ("", _("파일")),
    "conference.photo": ("", _("사진")),
}
# fields of which the model gives no name of their own
FIELDS = {
    "officer": _("담당자"),
    "contact": _("연락 담당자"),
    "department": _("부서"),
    "organisation": _("기관"),
    "contact_department": _("문의 부서"),
    "user": _("사용자"),
    "uploaded_by": _("올린 사람"),
    "parent": _("위층"),
    "position": _("순서"),
    "as_written": _("원문"),
    "digest": _("내용"),
    "media_type": _("파일 형식"),
    "size": _("크기"),
    "width": _("너비"),
    "height": _("높이"),
    "archived_at": _("보관"),
}
