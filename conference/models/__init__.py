"""Rows of the base app, split by noun."""

from .accounts import Department, Level, Organisation, SignInRecord, User
from .desk import Call, Removal
from .event import Basis, Conference, Desk, District, HostRole, MainItem, Membership, Notice, Topic
from .files import FailedPrint, File, LiveVersion, Mail, Photo, Print, Release
from .people import Contact, Guest, Person, Room, Venue

__all__ = [
    "Basis",
    "Call",
    "Conference",
    "Contact",
    "Department",
    "Desk",
    "District",
    "FailedPrint",
    "File",
    "Guest",
    "HostRole",
    "Level",
    "LiveVersion",
    "Mail",
    "MainItem",
    "Membership",
    "Notice",
    "Organisation",
    "Person",
    "Photo",
    "Print",
    "Release",
    "Removal",
    "Room",
    "SignInRecord",
    "Topic",
    "User",
    "Venue",
]
