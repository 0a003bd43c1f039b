"""Live rows of one conference → plain values. The same values feed the public release and the 결과보고."""

from __future__ import annotations

from django.db.models import Prefetch

from conference import content
from conference.models import Conference, File, HostRole, Notice, Person, Photo, Room, TopicOffice, Venue
from rows.canonical_json import iso_moment

# Rows joined with the rows that they name: a prefetch by a path would fetch each table once for each path.
TOPIC_OFFICES = Prefetch("topic_offices", TopicOffice.objects.select_related("district", "department__organisation"))
ROOMS = Prefetch("rooms", Room.objects.select_related("parent"))
PHOTOS = Prefetch("photos", Photo.objects.select_related("file"))
# (section, field) of a release that holds a code → its choices
CODES = {
    ("event", "admission"): Conference.Admission.choices,
    ("event", "role"): HostRole.Role.choices,
    ("event", "kind"): [*Person.Kind.choices, *Room.Kind.choices],
}


def event(conference: Conference) -> content.EventContent:
    """Return the overview: what, when, where, for whom, by whom. The number of queries is constant."""
    department = conference.contact_department
    return {
        "slug": conference.slug,
        "title": conference.title,
        "title_en": conference.title_en,
        "purpose": conference.purpose,
        "summary": conference.summary,
        "summary_en": conference.summary_en,
        "starts_at": iso_moment(conference.starts_at),
        "ends_at": iso_moment(conference.ends_at),
        "audience": conference.audience,
        "admission": conference.admission,
        "contact_department": str(department) if department else "",
        "contact_phone": conference.contact_phone,
        "main_items": [{"name": item.name, "text": item.text} for item in conference.main_items.all()],
        "hosts": [{"name": str(host), "role": host.role} for host in conference.hosts.select_related("organisation")],
        "districts": [{"name": row.name, "name_en": row.name_en} for row in conference.districts.all()],
        "topics": [
            {
                "name": row.name,
                "name_en": row.name_en,
                "host": row.host.name if row.host else "",
                "desks": [_topic_office(office) for office in row.topic_offices.all()],
            }
            for row in conference.topics.select_related("host").prefetch_related(TOPIC_OFFICES)
        ],
        "venues": [_venue(row) for row in conference.venues.prefetch_related(ROOMS)],
        "guests": [person(row.person) for row in conference.guests.select_related("person")],
    }


def result(conference: Conference) -> content.EventResultContent:
    """Return what only the 결과보고 says of the event: its basis, the guests, and how many people came."""
    return {
        "bases": [
            {
                "kind": row.kind,
                "issuer": row.issuer,
                "serial": row.serial,
                "dated": row.dated.isoformat() if row.dated else None,
                "title": row.title,
            }
            for row in conference.bases.all()
        ],
        "guests": [
            {**person(row.person), "attendance": row.attendance, "represented_by": row.represented_by}
            for row in conference.guests.select_related("person")
        ],
        "headcount": conference.headcount,
        "is_headcount_approximate": conference.is_headcount_approximate,
        "counted_how": conference.counted_how,
    }


def notices(conference: Conference) -> list[content.NoticeContent]:
    """Return the notices, urgent ones first."""
    return [_notice(row) for row in sorted(conference.notices.all(), key=lambda row: not row.is_urgent)]


def _notice(row: Notice) -> content.NoticeContent:
    return {"title": row.title, "text": row.text, "is_urgent": row.is_urgent, "at": iso_moment(row.changed_at)}


def collect_release(conference: Conference) -> dict[str, object]:
    """Return the sections of a release that this app fills."""
    return {"event": event(conference), "notices": notices(conference)}


def person(row: Person) -> content.PersonContent:
    """Return a person as a programme names it. ``basis`` decides what a release may show."""
    return {"name": row.name, "kind": row.kind, "affiliation": row.affiliation, "job": row.job, "basis": row.name_basis}


def rooms(conference: Conference) -> dict[int, content.RoomContent]:
    """Return every room by its key, for sections that name many."""
    rows = Room.objects.filter(venue__conference=conference).select_related("venue", "parent")
    return {row.pk: room(row) for row in rows}


def room(row: Room) -> content.RoomContent:
    """Return a room with its floor and venue; ``parent`` and ``venue`` should be fetched with the row."""
    return {
        "name": row.name,
        "kind": row.kind,
        "floor": row.parent.name if row.parent else "",
        "venue": row.venue.name,
        "within": row.venue.within,
        "venue_position": row.venue.position,
        "position": row.position,
    }


def file(row: File) -> content.FileContent:
    """Return a stored upload with its digest and the name for a download."""
    return {
        "digest": row.digest,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "width": row.width,
        "height": row.height,
    }


def photo(row: Photo) -> content.PhotoContent:
    """Return a picture of the pool with its texts; ``file`` should be fetched with the row."""
    return {
        **file(row.file),
        "caption": row.caption,
        "alt": row.alt,
        "stage": row.stage,
        "is_public": row.may_be_public,
    }


def _topic_office(row: TopicOffice) -> content.TopicOfficeContent:
    return {"district": row.district.name, "department": str(row.department) if row.department else ""}


def _venue(row: Venue) -> content.VenueContent:
    return {
        "name": row.name,
        "within": row.within,
        "address": row.address,
        "transit": row.transit,
        "parking": row.parking,
        "access_note": row.access_note,
        "map_url": row.map_url,
        "rooms": [
            {
                "name": inner.name,
                "kind": inner.kind,
                "floor": inner.parent.name if inner.parent else "",
                "capacity": inner.capacity,
            }
            for inner in row.rooms.all()
        ],
    }
