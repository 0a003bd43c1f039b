"""Rows of the base app, split by noun."""

from conference.models.files import File, LiveVersion, Photo

from .event import Basis, Conference, Desk, District, HostRole, MainItem, Membership, Notice, Topic
from .people import Contact, Guest, Person, Room, Venue
from .trash import Removal

__all__ = [
    "Basis",
    "Conference",
    "Contact",
    "Desk",
    "District",
    "File",
    "Guest",
    "HostRole",
    "LiveVersion",
    "MainItem",
    "Membership",
    "Notice",
    "Person",
    "Photo",
    "Removal",
    "Room",
    "Topic",
    "Venue",
]
