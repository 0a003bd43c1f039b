"""Stored files that the worker makes of releases for visitors."""

from functools import partial

from publishing.models import GeneratedFile
from publishing.stored_files import files_of_kind

NAMED = (
    partial(files_of_kind, GeneratedFile.Kind.DOOR_SIGN, "visitors.door sheet"),
    partial(files_of_kind, GeneratedFile.Kind.SOCIAL_CARD, "visitors.card"),
)
