"""Everybody whose rights differ, each as nothing but that, around one session and what belongs to it.

The session is 마을과 사회적경제 사업: 성북구 hosts it, 강북구 has a presentation in it, 노원구 another one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import Department, User
from conference import trash
from conference.models import Conference, Contact, File, Membership
from korean.dates import SEOUL
from sheets.declaration import all_sheets
from tests.scale_data import grow

# role → who that is
ROLES = {
    "stranger": "nobody is signed in",
    "elsewhere": "총괄 of another conference",
    "reader": "열람",
    "other": "desk of another district in the topic (노원구)",
    "desk": "desk of the district whose row it is (강북구)",
    "host": "desk of the district that hosts the topic (성북구)",
    "editor": "담당",
    "publisher": "담당, allowed to publish",
    "chair": "총괄",
    "admin": "manages accounts and conferences",
    "colleague": "of the report's 처리과, with no role in the conference",
    "signer": "stands in the report's line, in another office, with no role in the conference",
}


def make_role_users(conference: Conference) -> dict[str, User]:
    """Give every role to somebody, and the rows around the session to the districts named above."""
    grow(conference, range(1))  # so that there is a row of every kind
    users = assign_roles(conference, Department.objects.get(name="일자리지원과"), signer="heedong")
    topic = conference.topics.get(name="마을과 사회적경제 사업")
    for name, district in (("other", "노원구"), ("desk", "강북구"), ("host", "성북구")):
        topic.topic_offices.filter(district__name=district).update(officer=users[name])
    return users


def assign_roles(conference: Conference, office: Department, *, signer: str) -> dict[str, User]:
    """Give every role of any conference to somebody; desks have no topic yet. ``office``: the 처리과 of its report."""
    users = {name: _user(name) for name in ROLES if name not in {"stranger", "admin", "signer"}}
    users |= {"admin": User.objects.get(username="admin"), "signer": User.objects.get(username=signer)}
    elsewhere = Department.objects.create(organisation=office.organisation, name="다른 과")
    for name, user in users.items():
        user.department = office if name == "colleague" else elsewhere
        user.set_password("pass-1234-role")
    User.objects.bulk_update(users.values(), ["department", "password"])
    held = {name: (name, False) for name in ("reader", "editor", "chair")} | {"publisher": ("editor", True)}
    for name, (role, may_publish) in held.items():
        conference.memberships.create(user=users[name], role=role, may_publish=may_publish)
    _elsewhere(users["elsewhere"])
    return users


def _user(name: str) -> User:
    return User.objects.create_user(f"role-{name}", name="담당", position="담당")


def _elsewhere(user: User) -> None:
    at = {name: datetime(2015, 12, 24, hour, tzinfo=SEOUL) for name, hour in (("starts_at", 9), ("ends_at", 18))}
    other = Conference.objects.create(slug="elsewhere", title="다른 행사", **at)
    other.memberships.create(user=user, role=Membership.Role.CHAIR, may_publish=True)


def route_arguments(conference: Conference, *, by: User) -> dict[str, Any]:
    """Parts of addresses: rows of the session, of its topic, and of 강북구."""
    session = conference.sessions.get(code="social-economy")
    talk = session.presentations.get(district__name="강북구")
    talk.materials.add(File.objects.filter(conference=conference).first())
    expo, track = conference.exhibitions.get(slug="open-expo"), conference.tracks.get(topic=session.topic)
    meeting = track.meetings.first()
    decision = meeting.decisions.create(text="결정")
    contact = Contact.objects.create(person=talk.presenter, purpose="연락", keep_until=date(2016, 1, 1))
    giveaway = expo.giveaways.first()
    giveaway.district = talk.district
    giveaway.save()
    item = conference.main_items.create(name="지운 것", text="")
    trash.delete(item, conference=conference, by=by)
    change = session.day_changes.create(
        conference=conference, kind="count", text="인원", form_key="role", content={}, by=by
    )
    rows = {
        "persons": talk.presenter,
        "contacts": contact,
        "tracks": track,
        "meetings": meeting,
        "deadlines": track.deadlines.first(),
        "milestones": track.milestones.first(),
        "decisions": decision,
        "tasks": decision.tasks.create(text="조치"),
        "sessions": session,
        "presentations": talk,
        "questions": session.questions.create(text="질문"),
        "proposals": session.proposals.create(text="제안"),
        "exhibitors": expo.exhibitors.filter(district=talk.district).first(),
        "giveaways": giveaway,
    }
    assert set(rows) < set(all_sheets())
    found = {"code": session.code, "talk_id": talk.pk, "file_id": talk.materials.first().pk}
    found |= {"deleted_row_id": conference.deleted_rows.first().pk, "change_id": change.pk}
    session.note = "고친 메모"
    found["entry_id"] = session.save_by(by).history.first().pk
    return found | {name: row.pk for name, row in rows.items()}
