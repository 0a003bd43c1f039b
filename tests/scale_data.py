"""A conference that grows: every list of the model gets more rows, each with rows of its own."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import Department, User
from conference.models import Basis, Conference, Contact, File, HostRole, Membership, Person, Photo, Room
from exhibits.models import Exhibitor
from preparation.models import Track
from reports.models import Report
from sessions import timetable
from sessions.models import Session


def grow(conference: Conference, numbers: range) -> None:
    """Add one of everything to the example conference for each of ``numbers``."""
    for number in numbers:
        _overview(conference, number)
        photo = _photo(conference, number)
        topic = conference.topics.create(name=f"늘린 분야 {number}", host=conference.districts.first())
        topic.topic_offices.create(district=conference.districts.last())
        session = _session(conference, topic, photo, number)
        _track(conference, topic, number)
        _exhibition(conference, photo, number)
        report = conference.reports.get(number=1)
        report.topics.add(topic)
        report.report_photos.create(photo=photo, position=100 + number)
        report.paragraphs.create(section="problems", text=f"늘린 문제점 {number} {session.title}")
        _report(conference, number)
        conference.data_requests.create(district=conference.districts.first(), items=["points"], due=date(2015, 11, 18))


def _overview(conference: Conference, number: int) -> None:
    conference.main_items.create(name=f"늘린 행사 {number}", text="내용")
    conference.hosts.create(name=f"늘린 기관 {number}", role=HostRole.Role.PARTNER)
    conference.bases.create(kind=Basis.Kind.DOCUMENT, issuer="강북구", serial=str(number), title="늘린 근거")
    conference.notices.create(title=f"늘린 공지 {number}", text="내용")
    venue = conference.venues.create(name=f"늘린 장소 {number}")
    floor = venue.rooms.create(name="1층", kind=Room.Kind.FLOOR)
    venue.rooms.create(name="101호", kind=Room.Kind.NUMBERED, parent=floor)
    person = conference.persons.create(name=f"늘린 직위 {number}", kind=Person.Kind.OFFICE)
    conference.guests.create(person=person, position=100 + number)
    Contact.objects.create(person=person, purpose="안내", keep_until=date(2016, 11, 24))
    user = User.objects.create_user(
        f"more{number}", name="강북구 담당", position="담당", department=Department.objects.get(name="일자리지원과")
    )
    conference.memberships.create(user=user, role=Membership.Role.READER)
    for account in (user, User.objects.get(username="wook")):
        account.sign_in_records.create(result="in", address="203.0.113.5", keep_until=date(2999, 1, 1))


def _photo(conference: Conference, number: int) -> Photo:
    first = conference.photos.first().file
    same = {field: getattr(first, field) for field in ("digest", "media_type", "size", "width", "height")}
    file = File.objects.create(conference=conference, name=f"more-{number}.jpg", **same)
    known = {"stage": Photo.Stage.EVENT, "people": Photo.People.CROWD, "consent": Photo.Consent.NOT_NEEDED}
    words = {"caption": f"늘린 사진 {number}", "alt": "예시 사진"}
    return conference.photos.create(file=file, may_be_public=True, **words, **known)


def _session(conference: Conference, topic, photo: Photo, number: int) -> Session:
    start = conference.ends_at + timedelta(hours=number)
    rooms = list(conference.venues.get(name=f"늘린 장소 {number}").rooms.all())
    part = conference.parts.create(label=f"늘린 {number}부", starts_at=start, position=100 + number)
    part.places.set(rooms)
    times = {"starts_at": start, "ends_at": start + timedelta(minutes=30)}
    presenter = conference.persons.get(name=f"늘린 직위 {number}")
    session = conference.sessions.create(
        part=part,
        topic=topic,
        kind=Session.Kind.TOPIC,
        title=f"늘린 세션 {number}",
        code=f"more-{number}",
        moderator=presenter,
        **times,
    )
    timetable.set_rooms(session, rooms=rooms[1:], by=User.objects.get(username="chair"))
    session.photos.add(photo)
    for order in range(2):
        talk = session.presentations.create(
            presenter=presenter,
            district=conference.districts.first(),
            title=f"늘린 발표 {order}",
            points=["하나", "둘"],
        )
        talk.materials.add(photo.file)
        session.questions.create(text=f"늘린 질문 {order}", answer="답")
        session.proposals.create(text=f"늘린 제안 {order}")
    return session


def _track(conference: Conference, topic, number: int) -> Track:
    track = conference.tracks.create(
        topic=topic, title=f"늘린 준비 {number}", room=Room.objects.filter(venue__conference=conference).first()
    )
    for order in range(2):
        day = date(2015, 10, 1 + order)
        meeting = track.meetings.create(date=day, label=f"{order + 1}차 회의", content="논의", room=track.room)
        meeting.decisions.create(text="늘린 결정").tasks.create(text="늘린 조치")
        track.deadlines.create(date=day, label="제출")
        track.milestones.create(date=day, label="제작")
    return track


def _exhibition(conference: Conference, photo: Photo, number: int) -> None:
    shown = conference.exhibitions.first()
    other = conference.exhibitions.create(
        slug=f"more-{number}",
        name=f"늘린 전시 {number}",
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
        room=shown.room,
    )
    for exhibition in (shown, other):
        exhibitor = exhibition.exhibitors.create(
            name=f"늘린 기업 {number}", kind=Exhibitor.Kind.COMPANY, district=conference.districts.get(name="강북구")
        )
        exhibitor.photos.add(photo)
        exhibition.booths.create(number=f"B-{number}", exhibitor=exhibitor).equipment.create(item="책상")
        exhibition.giveaways.create(name=f"늘린 물품 {number}", planned=number)


def _report(conference: Conference, number: int) -> None:
    first = conference.reports.get(number=1)
    Report.objects.create(
        kind=first.kind,
        title=f"늘린 보고 {number}",
        department=first.department,
        drafter=first.drafter,
        conference=conference,
        number=number + 2,
    )
    times = {"starts_at": conference.starts_at, "ends_at": conference.ends_at}
    other = Conference.objects.create(slug=f"more-{number}", title=f"늘린 컨퍼런스 {number}", **times)
    other.memberships.create(user=first.drafter, role=Membership.Role.EDITOR)
