"""Official notation."""

from datetime import UTC, date, datetime

import pytest

from korean import dates, numbers, particles


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (dates.format_day("2015-11-04"), "2015. 11. 4."),
        (dates.format_full_day(date(2015, 11, 24)), "2015. 11. 24.(화)"),
        (dates.format_short_day("2015-11-06"), "11. 6.(금)"),
        (dates.format_clock(datetime(2015, 11, 24, 4, 5, tzinfo=UTC)), "13:05"),
        (dates.format_hours("2015-11-24T13:00+09:00", "2015-11-24T14:40+09:00"), "13:00~14:40"),
        (dates.format_hours("2015-11-24T13:00+09:00", None), "13:00"),
        (dates.format_hours("2015-11-24T23:00+09:00", "2015-11-25T01:00+09:00"), "23:00~11. 25.(수) 01:00"),
        (dates.format_span("2015-11-24T13:00+09:00", "2015-11-24T18:00+09:00"), "2015. 11. 24.(화) 13:00~18:00"),
        (dates.format_days(["2015-10-26", "2015-11-06", "2016-01-04"]), "2015. 10. 26. / 11. 6. / 2016. 1. 4."),
        (numbers.format_count(14, is_approximate=False, unit="명"), "14명"),
        (numbers.format_count(1100, is_approximate=True, unit="개"), "1,100여 개"),
    ],
)
def test_notation(written: str, expected: str) -> None:
    assert written == expected


def test_a_day_is_the_day_in_seoul() -> None:
    assert dates.format_day(datetime(2015, 12, 1, 15, 30, tzinfo=UTC)) == "2015. 12. 2."


def test_a_particle_fits_the_word_before_it():
    said = {
        "‘프로그램’을(를) 저장했습니다.": "‘프로그램’을 저장했습니다.",
        "‘분야’이(가) 없습니다.": "‘분야’가 없습니다.",
        "과제(2)과(와) 같습니다.": "과제(2)와 같습니다.",
        "‘서울’(으)로, ‘담당’(으)로, ‘총괄 2’(으)로": "‘서울’로, ‘담당’으로, ‘총괄 2’로",
        "공개본 3을(를), 공개본 4을(를)": "공개본 3을, 공개본 4를",
        "‘Keynote’은(는) 그대로": "‘Keynote’은(는) 그대로",
    }
    assert {text: particles.choose_particles(text) for text in said} == said
