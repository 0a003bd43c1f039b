"""docs/conference.schema.json is the declarations' own words, and it says what import does."""

import json

import jsonschema
import pytest
from django.conf import settings

from conference.exchange import schema
from tests.exchange import full_file

FILE = settings.BASE_DIR / "docs" / "conference.schema.json"
EXAMPLE = settings.BASE_DIR / "examples" / "dongbuk4-2015.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema.text()))


def faults(value) -> list[str]:
    return sorted("/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(value))


def test_the_file_in_docs_is_current():
    assert FILE.read_text("utf-8") == schema.text()  # else: ./portal manage exchange_schema


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text()))


def test_the_example_and_a_full_file_keep_it():
    assert faults(json.loads(EXAMPLE.read_text("utf-8"))) == []
    assert faults(full_file.file(2)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": 5}, ["sessions/0/title"]),
        ({"title": "가" * 201}, ["sessions/0/title"]),
        ({"kind": "tlk"}, ["sessions/0/kind"]),
        ({"headcount": -1}, ["sessions/0/headcount"]),
        ({"end_at": "x"}, ["sessions/0"]),
        ({"starts_at": "2015-11-24 13:00"}, ["sessions/0/starts_at"]),
        ({"photos": "photo-1.png"}, ["sessions/0/photos"]),
    ],
)
def test_it_refuses_what_import_refuses(change, expected):
    data = json.loads(EXAMPLE.read_text("utf-8"))
    data["sessions"][0] |= change
    assert faults(data) == expected
