"""Stored files of the programme: the PDF of every release in force."""

from functools import partial

from publishing.models import GeneratedFile
from publishing.stored_files import files_of_kind

NAMED = (partial(files_of_kind, GeneratedFile.Kind.PROGRAMME, "sessions.programme PDF"),)
