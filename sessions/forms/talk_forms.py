"""Forms of presentations, questions and proposals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from sessions.models import Presentation, Proposal, Question
from sheets.row_form import RowForm


class PresentationForm(RowForm):
    layout = ("session district",)

    class Meta(RowForm.Meta):
        model = Presentation
        fields = ("session", "district", "presenter", "title", "title_en", "points", "outcome")
        labels = {
            "session": gettext_lazy("세션"),
            "district": gettext_lazy("자치구"),
            "presenter": gettext_lazy("발표자"),
            "outcome": gettext_lazy("실제 발표"),
        }
        help_texts = {
            "presenter": gettext_lazy("성명(소속 직위)으로 적습니다. 처음 적는 사람은 인물로 등록됩니다."),
            "title": gettext_lazy("비워 두면 세션 제목과 같습니다."),
            "points": gettext_lazy("한 줄에 하나씩 적습니다."),
        }


class QuestionForm(RowForm):
    class Meta(RowForm.Meta):
        model = Question
        fields = ("session", "text", "answer")
        labels = {"session": gettext_lazy("세션")}


class ProposalForm(RowForm):
    layout = ("department state", "may_be_public")

    class Meta(RowForm.Meta):
        model = Proposal
        fields = ("session", "text", "department", "state", "may_be_public")
        labels = {"session": gettext_lazy("세션")}
