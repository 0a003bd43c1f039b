"""The registry of document types, and the functions that sign-off calls in the module of each type.

settings.DOCUMENT_TYPES names the module of each type. Approvals imports it by that name alone, so the app that makes a
document may import approvals, and approvals never imports that app.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings
from django.utils.safestring import SafeString

from accounts.models import User
from approvals.models import Document
from approvals.signature_box import SignatureBox
from conference.checks import Finding


class DocumentType(Protocol):
    """The functions of a document type's module. ``document`` is always the plain Document row.

    ``html`` renders the sign-off box in the form that the edition has, out of a template that escapes what people typed.

    A module may also have ``matter(document) -> str``, the 업무 of the 위임전결 table; ``STYLESHEET``, the static file
    that its html needs; ``frozen_digest(document, number) -> str``, the digest of an edition as stored now ("" if it is
    gone); and ``damage(document)``, which yields place and text of each damaged file of the document.
    """

    def title(self, document: Document) -> str: ...

    def desk_url(self, document: Document) -> str: ...

    def findings(self, document: Document) -> list[Finding]: ...

    def freeze(
        self, document: Document, *, by: User, at: datetime, findings: Sequence[Finding], reasons: Mapping[str, str]
    ) -> tuple[int, str]: ...

    def html(self, document: Document, edition_number: int, box: SignatureBox) -> SafeString: ...


def type_of(document: Document) -> DocumentType:
    """Return the module of the document's type."""
    return cast("DocumentType", import_module(settings.DOCUMENT_TYPES[document.kind]))
