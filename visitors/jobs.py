"""Files that the worker makes of every release for visitors."""

from __future__ import annotations

from publishing import generated_files
from publishing.models import GeneratedFile
from visitors import door_sign, social_card

HEAVY = {
    "door sheet": generated_files.heavy_work(GeneratedFile.Kind.DOOR_SIGN, door_sign.render_door_sign, is_small=True),
    "card": generated_files.heavy_work(GeneratedFile.Kind.SOCIAL_CARD, social_card.render_social_card, is_small=True),
}
