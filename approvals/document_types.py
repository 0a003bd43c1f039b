"""Kinds of document: what sign-off needs to know of a paper it cannot see into.

settings.DOCUMENT_TYPES names the module of each kind. Approvals reaches it by that name alone, so that the app that
makes a paper may import approvals and never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from accounts.models import User
from approvals.models import Document
from approvals.signature_box import SignatureBox
from conference.checks import Finding


class Kind(Protocol):
    """The functions of such a module. ``document`` is always the plain Document row.

    ``html`` draws the box in the form that the edition asks for, and escapes what people typed.

    A module may also have ``matter(document) -> str``, the 업무 of the 위임전결 table, ``STYLESHEET``, the static file
    that its html wants, ``frozen_digest(document, number) -> str``, the digest of an edition as it is kept now ("" when
    it is gone), and ``damage(document)``, which yields place and text of each file of the paper that is not whole.
    """

    def title(self, document: Document) -> str: ...

    def desk_url(self, document: Document) -> str: ...

    def findings(self, document: Document) -> list[Finding]: ...

    def freeze(
        self, document: Document, *, by: User, at: datetime, findings: Sequence[Finding], reasons: Mapping[str, str]
    ) -> tuple[int, str]: ...

    def html(self, document: Document, edition_number: int, box: SignatureBox) -> str: ...


def of(document: Document) -> Kind:
    """Return the module of the document's kind."""
    return cast("Kind", import_module(settings.DOCUMENT_TYPES[document.kind]))
