"""A document kind as small as can be: a plain Document whose paper is its title.

``FINDINGS`` is what 점검 finds; a test may fill it for itself.
"""

from django.utils.html import format_html

from approvals.models import Document
from conference.checks import Finding
from rows.canonical_json import canonical_json, digest

KINDS = {"note": "tests.approvals.note"}
FINDINGS: list[Finding] = []
STYLESHEET = "reports/paper.css"


def title(document):
    return document.title


def desk_url(document):
    return f"/desk/notes/{document.pk}/"


def findings(document):
    return list(FINDINGS)


def content(document, number):
    return canonical_json({"title": document.title, "number": number})


def freeze(document, *, by, at, findings, reasons):
    number = document.rounds.count() + 1
    return number, digest(content(document, number))


def frozen_digest(document, number):
    return digest(content(document, number))


def html(document, edition_number, box):
    signed = " ".join(f"{column['position']} {column['date']} {column['name']}" for column in box["columns"])
    return format_html("<article class='paper'><h1>{}</h1><p>{}</p></article>", document.title, signed)


def write(people, title="지역혁신 컨퍼런스 결과보고", **fields):
    """A draft of 이욱's, with no line yet."""
    return Document.objects.create(
        kind="note", title=title, drafter=people.wook, department=people.wook.department, **fields
    )
