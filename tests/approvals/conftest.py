"""A note of 이욱's, its line of 2015, and its first round."""

import pytest

from tests import factories
from tests.approvals import act_helpers, note


@pytest.fixture(autouse=True)
def _notes(settings, monkeypatch):
    settings.DOCUMENT_TYPES = {**settings.DOCUMENT_TYPES, **note.KINDS}
    monkeypatch.setattr(note, "FINDINGS", [])


@pytest.fixture
def people(db):
    return factories.make_people()


@pytest.fixture
def document(people):
    found = note.write(people)
    factories.set_route(found, people)
    return found


@pytest.fixture
def round_(document):
    return act_helpers.submit(document)
