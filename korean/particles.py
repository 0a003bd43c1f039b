"""Choice of the particle (조사) that fits the word before it."""

from __future__ import annotations

import re

PARTICLES = re.compile(r"([가-힣0-9])([’'”\")\]」]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로)")
AFTER_VOWEL = {"을(를)": "를", "이(가)": "가", "은(는)": "는", "과(와)": "와", "(으)로": "로"}
AFTER_CONSONANT = {"을(를)": "을", "이(가)": "이", "은(는)": "은", "과(와)": "과", "(으)로": "으로"}
DIGIT_READINGS = "영일이삼사오육칠팔구"  # how digits are read
RIEUL = 8  # ㄹ among the final consonants: 서울로, not 서울으로


def choose_particles(text: str) -> str:
    """Replace 을(를) and its kind by the form that fits the word before it. After a word in other letters both forms stay."""
    return PARTICLES.sub(_choose_particle, text)


def _choose_particle(match: re.Match[str]) -> str:
    letter, marks, both = match.groups()
    final = (ord(DIGIT_READINGS[int(letter)] if letter.isdigit() else letter) - ord("가")) % 28
    is_short = final == 0 or (both == "(으)로" and final == RIEUL)
    return f"{letter}{marks}{AFTER_VOWEL[both] if is_short else AFTER_CONSONANT[both]}"
