"""Forms of the programme."""

from .part import PartForm
from .session import SessionForm
from .talks import PresentationForm, ProposalForm, QuestionForm

__all__ = ["PartForm", "PresentationForm", "ProposalForm", "QuestionForm", "SessionForm"]
