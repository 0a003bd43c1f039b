"""Stored files of the programme: the PDF of every release in force."""

from functools import partial

from publishing.models import Print
from publishing.stored_files import of_form

NAMED = (partial(of_form, Print.Form.PROGRAMME, "sessions.programme PDF"),)
