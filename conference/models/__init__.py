"""Rows of the base app, split by noun."""

from conference.models.files import DraftVersion, File, Photo

from .event import Basis, Conference, District, HostRole, MainItem, Membership, Notice, Topic, TopicOffice
from .people import Contact, Guest, Person, Room, Venue
from .trash import DeletedRow

__all__ = [
    "Basis",
    "Conference",
    "Contact",
    "DeletedRow",
    "District",
    "DraftVersion",
    "File",
    "Guest",
    "HostRole",
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
