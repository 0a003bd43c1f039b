"""Who may read a document and its rounds: its 처리과, its drafter and its signers; and the decorators of the pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.requests import SignedInRequest
from approvals.models import Document, Round, Step

View = Callable[..., HttpResponseBase]


def can_read(user: User, document: Document) -> bool:
    """Whether the person may read the document and all its rounds."""
    is_own_department = user.department_id is not None and user.department_id == document.department_id
    is_signer = Q(signer=user) | Q(acted_by=user)
    return (
        is_own_department
        or document.drafter_id == user.pk
        or Step.objects.filter(is_signer, round__document=document.pk).exists()
    )


def document_page(view: View) -> View:
    """Decorate a page of one document: the view gets it in place of its key. Who may not read it gets 404."""

    @wraps(view)
    def inner(request: SignedInRequest, document_id: int) -> HttpResponseBase:
        document = get_object_or_404(Document.objects.select_related("department", "drafter"), pk=document_id)
        if not can_read(request.user, document):
            raise Http404
        return view(request, document)

    return inner


def round_page(view: View) -> View:
    """Decorate a page of one round: the view gets it in place of its key. Who may not read it gets 404."""

    @wraps(view)
    def inner(request: SignedInRequest, round_id: int, **rest: int) -> HttpResponseBase:
        rows = Round.objects.select_related(
            "document__department__organisation", "document__department__approval_manager", "document__drafter"
        )
        round_ = get_object_or_404(rows, pk=round_id)
        if not can_read(request.user, round_.document):
            raise Http404
        return view(request, round_, **rest)

    return inner
