"""What packages above are told of."""

import logging

from django.dispatch import Signal

from conference.models import Conference

conference_changed = Signal()  # ``conference``: its live rows may have changed; sent after the commit
log = logging.getLogger(__name__)


def tell_changed(conference: Conference) -> None:
    """Send ``conference_changed``. It is saved by now: no fault of who is told may say otherwise, it would be sent twice."""
    try:
        conference_changed.send(Conference, conference=conference)
    except Exception:
        log.exception("%s was saved, but who is to be told of it was not", conference.slug)
