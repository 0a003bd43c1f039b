"""A note of 이욱's, its line of 2015, and its first round."""

import pytest

from tests import cast
from tests.approvals import acting, note


@pytest.fixture(autouse=True)
def _notes(settings, monkeypatch):
    settings.DOCUMENT_TYPES = {**settings.DOCUMENT_TYPES, **note.KINDS}
    monkeypatch.setattr(note, "FINDINGS", [])


@pytest.fixture
def people(db):
    return cast.assemble()


@pytest.fixture
def document(people):
    found = note.write(people)
    cast.set_line(found, people)
    return found


@pytest.fixture
def round_(document):
    return acting.submit(document)
