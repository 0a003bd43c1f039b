"""Stored files that the worker makes of releases for visitors."""

from functools import partial

from publishing.models import Print
from publishing.stored_files import of_form

NAMED = (
    partial(of_form, Print.Form.DOOR, "visitors.door sheet"),
    partial(of_form, Print.Form.CARD, "visitors.card"),
)
