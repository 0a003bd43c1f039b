"""Signals of this app to the packages above it."""

from django.dispatch import Signal

# sent after the commit when an organisation or department, which conference pages name, was created or changed
office_changed = Signal()
