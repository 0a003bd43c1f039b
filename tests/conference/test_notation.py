"""Official notation."""

from datetime import UTC, date, datetime

import pytest

from conference import notation


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (notation.day("2015-11-04"), "2015. 11. 4."),
        (notation.full_day(date(2015, 11, 24)), "2015. 11. 24.(화)"),
        (notation.short_day("2015-11-06"), "11. 6.(금)"),
        (notation.clock(datetime(2015, 11, 24, 4, 5, tzinfo=UTC)), "13:05"),
        (notation.hours("2015-11-24T13:00+09:00", "2015-11-24T14:40+09:00"), "13:00~14:40"),
        (notation.hours("2015-11-24T13:00+09:00", None), "13:00"),
        (notation.hours("2015-11-24T23:00+09:00", "2015-11-25T01:00+09:00"), "23:00~11. 25.(수) 01:00"),
        (notation.span("2015-11-24T13:00+09:00", "2015-11-24T18:00+09:00"), "2015. 11. 24.(화) 13:00~18:00"),
        (notation.days(["2015-10-26", "2015-11-06", "2016-01-04"]), "2015. 10. 26. / 11. 6. / 2016. 1. 4."),
        (notation.count(14, is_approximate=False, unit="명"), "14명"),
        (notation.count(1100, is_approximate=True, unit="개"), "1,100여 개"),
    ],
)
def test_notation(written: str, expected: str) -> None:
    assert written == expected


def test_a_day_is_the_day_in_seoul() -> None:
    assert notation.day(datetime(2015, 12, 1, 15, 30, tzinfo=UTC)) == "2015. 12. 2."
