"""The particle (조사) that fits the word before it."""

from __future__ import annotations

import re

PARTICLES = re.compile(r"([가-힣0-9])([’'”\")\]」]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로)")
AFTER_VOWEL = {"을(를)": "를", "이(가)": "가", "은(는)": "는", "과(와)": "와", "(으)로": "로"}
AFTER_CONSONANT = {"을(를)": "을", "이(가)": "이", "은(는)": "은", "과(와)": "과", "(으)로": "으로"}
ENDINGS = "영일이삼사오육칠팔구"  # how digits are read
RIEUL = 8  # ㄹ among the final consonants: 서울로, not 서울으로


def particles(text: str) -> str:
    """Choose the particle that fits the word before it: ‘프로그램’을(를) → ‘프로그램’을. After other letters both stay."""
    return PARTICLES.sub(_particle, text)


def _particle(found: re.Match[str]) -> str:
    letter, marks, both = found.groups()
    final = (ord(ENDINGS[int(letter)] if letter.isdigit() else letter) - ord("가")) % 28
    is_short = final == 0 or (both == "(으)로" and final == RIEUL)
    return f"{letter}{marks}{AFTER_VOWEL[both] if is_short else AFTER_CONSONANT[both]}"
