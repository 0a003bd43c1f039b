"""Whatever the file says: it is imported, or refused with problems. Never anything else."""

import base64
import copy
import json

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as some

from conference.exchange import FileRefused, importing
from conference.models import Conference
from rows.canonical_json import digest
from tests.exchange import full_file
from tests.hostile_input import examples

EXAMPLE = json.loads((settings.BASE_DIR / "examples" / "dongbuk4-2015.json").read_text("utf-8"))
for number, file in enumerate(EXAMPLE["files"]):  # small pictures, for speed
    file |= {"digest": digest(full_file.png(number)), "content": base64.b64encode(full_file.png(number)).decode()}
PIECES = [part for rows in EXAMPLE.values() if isinstance(rows, list) for part in rows]
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text()
    | some.dates().map(str)
    | some.sampled_from(["", "\0", "\ud800", "2015-11-24T13:00+09:00", "wook", "강북구", "가" * 30_000, "=1+1"])
)
VALUES = some.recursive(
    SCALARS, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3)
) | some.sampled_from(PIECES)


def places(value, path=()):
    """Every place in the example, as a path."""
    if path:
        yield path
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*path, step))


PLACES = list(places(EXAMPLE))


@pytest.mark.django_db
@examples(40)
@given(
    changes=some.lists(some.tuples(some.sampled_from(PLACES), some.sampled_from("=x+"), VALUES), min_size=1, max_size=4)
)
def test_a_mangled_example_is_imported_or_refused(changes):
    data = copy.deepcopy(EXAMPLE)
    for (*path, last), action, value in changes:
        place = data
        try:
            for step in path:
                place = place[step]
            if action == "x":
                del place[last]
            elif action == "+" and isinstance(place, list):
                place.insert(last, value)
            else:
                place[last] = value
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    with transaction.atomic():
        found = outcome(json.dumps(data).encode())
        assert (Conference.objects.count(), found) in {(1, "imported"), (0, "refused")}
        transaction.set_rollback(True)


def outcome(content: bytes) -> str:
    try:
        importing.load(content)
    except FileRefused as refused:
        return "refused" if refused.problems else "refused for nothing"
    return "imported"
