"""Signal of this app to the packages above it."""

import logging

from django.dispatch import Signal

from conference.models import Conference

conference_changed = Signal()  # ``conference``: its live rows may have changed; sent after the commit
log = logging.getLogger(__name__)


def send_conference_changed(conference: Conference) -> None:
    """Send ``conference_changed``. Errors of receivers are only logged, because the change is saved by now."""
    try:
        conference_changed.send(Conference, conference=conference)
    except Exception:
        log.exception("%s was saved, but who is to be told of it was not", conference.slug)
