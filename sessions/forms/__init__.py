"""Forms of the programme."""

from .part_form import PartForm
from .session_form import SessionForm
from .talk_forms import PresentationForm, ProposalForm, QuestionForm

__all__ = ["PartForm", "PresentationForm", "ProposalForm", "QuestionForm", "SessionForm"]
