"""What packages above are told of."""

from django.dispatch import Signal

conference_changed = Signal()  # ``conference``: its live rows may have changed; sent after the commit
