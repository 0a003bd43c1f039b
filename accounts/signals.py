"""What packages above are told of."""

from django.dispatch import Signal

# an organisation or a department was made or changed, which pages of conferences name; sent after the commit
office_changed = Signal()
