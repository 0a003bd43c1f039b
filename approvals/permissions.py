"""The one door to a round: its document's office, its drafter, and whoever stands in its line; nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.requests import SignedInRequest
from approvals.models import Document, Round, Step

View = Callable[..., HttpResponseBase]


def may_read(user: User, document: Document) -> bool:
    """Whether the document and all its rounds are the person's to read."""
    is_of_the_office = user.department_id is not None and user.department_id == document.department_id
    in_line = Q(signer=user) | Q(acted_by=user)
    return (
        is_of_the_office
        or document.drafter_id == user.pk
        or Step.objects.filter(in_line, round__document=document.pk).exists()
    )


def document_page(view: View) -> View:
    """Give the view ``(request, document)`` in place of its key; to a stranger the document does not exist (404)."""

    @wraps(view)
    def inner(request: SignedInRequest, document_id: int) -> HttpResponse:
        document = get_object_or_404(Document.objects.select_related("department", "drafter"), pk=document_id)
        if not may_read(request.user, document):
            raise Http404
        return view(request, document)

    return inner


def round_page(view: View) -> View:
    """Give the view ``(request, round)`` in place of its number; to a stranger the round does not exist (404)."""

    @wraps(view)
    def inner(request: SignedInRequest, round_id: int, **rest: int) -> HttpResponse:
        rows = Round.objects.select_related(
            "document__department__organisation", "document__department__approval_manager", "document__drafter"
        )
        round_ = get_object_or_404(rows, pk=round_id)
        if not may_read(request.user, round_.document):
            raise Http404
        return view(request, round_, **rest)

    return inner
