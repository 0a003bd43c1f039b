"""Whole numbers from outside have one reader (that there is no second one, tests/test_house.py looks after)."""

from __future__ import annotations

import pytest

from conference.exchange import reading
from rows.whole_numbers import KEY_MAX, WholeNumberConverter, parse_keys, parse_whole_number
from tests.addresses import patterns

LONG = "9" * 5_000  # more digits than Python's int() reads
BEYOND = str(KEY_MAX + 1)  # a whole number, but of no database
NONE = ["", " 1", "1 ", "+1", "-1", "1_0", "1.0", "1e3", "٣", "²", "一", "\0", "x", LONG, BEYOND, "0" * 20]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_whole_number(text) is None


def test_numbers_up_to_the_largest() -> None:
    assert [parse_whole_number(text) for text in ("0", "007", "42", str(KEY_MAX))] == [0, 7, 42, KEY_MAX]
    assert [parse_whole_number(text, maximum=9) for text in ("9", "10", "09")] == [9, None, None]


def test_keys_of_a_form_are_each_there_once() -> None:
    assert parse_keys(["3", "x", "1", "3", LONG, ""]) == [3, 1]


@pytest.mark.parametrize(("digits", "number"), [("5", 5), ("-5", -5), ("0", 0), (LONG, float("inf"))])
def test_numbers_of_a_file(digits: str, number: float) -> None:
    assert reading._integer(digits) == number


def test_addresses_take_no_other_kind_of_number() -> None:
    kinds = {type(kind) for _route, _name, pattern in patterns() for kind in pattern.pattern.converters.values()}
    assert {kind for kind in kinds if issubclass(kind, WholeNumberConverter.__base__)} == {WholeNumberConverter}
