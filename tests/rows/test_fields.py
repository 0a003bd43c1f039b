"""Text that every row, form and import lets in."""

import pytest
from django.core.exceptions import ValidationError

from rows.fields import clean_text


@pytest.mark.parametrize("text", ["동북4구", "줄\n바꿈\t칸", "😀👩‍👩‍👧", "〈″〉 ’ ～", "שלום"])
def test_text_is_text(text):
    assert clean_text(text) == text


def test_equal_words_are_equal_bytes():
    assert clean_text("\u1103\u1169\u11bc\u1107\u116e\u11a8") == "동북"


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\ud800", "\uffff"])
def test_what_is_no_text_is_named(letter):
    with pytest.raises(ValidationError) as refused:
        clean_text(f"가{letter}나")
    assert refused.value.messages == [f"쓸 수 없는 문자(U+{ord(letter):04X})가 들어 있습니다. 지우고 다시 적어 주세요."]
