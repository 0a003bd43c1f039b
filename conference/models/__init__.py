"""Rows of the base app, split by noun."""

from conference.models.files import File, LiveVersion, Photo

from .event import Basis, Conference, District, HostRole, MainItem, Membership, Notice, Topic, TopicOffice
from .people import Contact, Guest, Person, Room, Venue
from .trash import DeletedRow

__all__ = [
    "Basis",
    "Conference",
    "Contact",
    "DeletedRow",
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
    "Room",
    "Topic",
    "TopicOffice",
    "Venue",
]
