"""What rows are called on screen is said of models that there are, and of whatever may hang on an office."""

import pytest
from django.apps import apps

from accounts.models import Department, Organisation
from rows import labels


@pytest.mark.parametrize("what", ["ROWS", "OTHERS"])
def test_every_name_is_a_models(what):
    known = {model._meta.label_lower for model in apps.get_models()}
    assert [label for label in labels._merged(what) if label not in known] == []


@pytest.mark.parametrize("office", [Organisation, Department])
def test_whatever_keeps_an_office_from_being_deleted_has_a_name(office):
    relations = office._meta.related_objects
    assert len(relations) > 3
    assert [each.related_model for each in relations if not labels.kind_name_of_any(each.related_model)] == []
