"""Who acts in the tests of the programme."""

from __future__ import annotations

import pytest

from accounts.models import User
from conference.models import Conference
from sessions.models import RoomUse


@pytest.fixture
def chair(unsigned: Conference) -> User:
    """총괄. The lecture is alone in its room: the next one there may overlap."""
    RoomUse.objects.filter(session__conference=unsigned).exclude(session__code="mayor").update(is_deliberate=True)
    return User.objects.get(username="chair")
