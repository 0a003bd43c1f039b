"""What the rows and fields of the programme are called on screen, and which sheet holds them."""

from django.utils.translation import gettext_lazy as _

# model → name of its sheet ("": no table of its own), name on screen
ROWS = {
    "conference_sessions.part": ("parts", _("부")),
    "conference_sessions.session": ("sessions", _("세션")),
    "conference_sessions.presentation": ("presentations", _("발표")),
    "conference_sessions.question": ("questions", _("질의응답")),
    "conference_sessions.proposal": ("proposals", _("제안사항")),
}
# fields of which the model gives no name of their own
FIELDS = {
    "presenter": _("발표자"),
    "moderator": _("사회자"),
    "host": _("주관"),
    "destination": _("이동 장소"),
}
