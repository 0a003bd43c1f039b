"""The people of the tests: the offices and names of the 2015 conference, and accounts that stand for no person.

``make_people()`` makes them all and gives them by user name: ``people = make_people(); people.wook``. Nobody has a
password (``client.force_login``), and everybody has a mail address in a domain that nobody can own.
"""

from __future__ import annotations

from types import SimpleNamespace

from accounts.models import Department, Level, Organisation, User
from approvals.models import ApprovalRoute, Document, RouteStep, StepKind

# user name: (성명, 직위, level, office); the four of 강북구 are the signers of 2015
PEOPLE = {
    "wook": ("이욱", "주무관", Level.OFFICER, "일자리지원과"),
    "youngbun": ("이영분", "사회적일자리팀장", Level.TEAM_HEAD, "일자리지원과"),
    "wontaek": ("심원택", "일자리지원과장", Level.DIVISION_HEAD, "일자리지원과"),
    "heedong": ("김희동", "주민생활국장", Level.BUREAU_HEAD, "주민생활국"),
    "gangbuk": ("강북구 담당", "담당", Level.OFFICER, "일자리지원과"),
    "dobong": ("도봉구 담당", "담당", Level.OFFICER, "도봉구 담당부서"),
    "seongbuk": ("성북구 담당", "담당", Level.OFFICER, "성북구 담당부서"),
    "nowon": ("노원구 담당", "담당", Level.OFFICER, "노원구 담당부서"),
    "chair": ("총괄", "총괄", Level.OFFICER, "동북4구 협의회"),
}
# each office with its organisation, the kind of that, and its 국
OFFICES = {
    "일자리지원과": ("강북구", Organisation.Kind.DISTRICT, "주민생활국"),
    "주민생활국": ("강북구", Organisation.Kind.DISTRICT, "주민생활국"),
    "도봉구 담당부서": ("도봉구", Organisation.Kind.DISTRICT, ""),
    "성북구 담당부서": ("성북구", Organisation.Kind.DISTRICT, ""),
    "노원구 담당부서": ("노원구", Organisation.Kind.DISTRICT, ""),
    "동북4구 협의회": ("동북4구", Organisation.Kind.BODY, ""),
}
ROUTE_2015 = (
    ("wook", StepKind.DRAFT),
    ("youngbun", StepKind.REVIEW),
    ("wontaek", StepKind.REVIEW),
    ("heedong", StepKind.DECIDE),
)


def make_offices() -> dict[str, Department]:
    """Make the offices; keys as in OFFICES. An organisation that is there already is kept."""
    there = {organisation.name: organisation for organisation in Organisation.objects.all()}
    absent = {name: Organisation(name=name, kind=kind) for name, kind, _bureau in OFFICES.values() if name not in there}
    there |= {organisation.name: organisation for organisation in Organisation.objects.bulk_create(absent.values())}
    rows = [
        Department(organisation=there[owner], name=name, bureau=bureau) for name, (owner, _, bureau) in OFFICES.items()
    ]
    return {department.name: department for department in Department.objects.bulk_create(rows)}


def make_people() -> SimpleNamespace:
    """Make everybody and their offices. Attributes: each user name of PEOPLE, and ``admin``."""
    departments = make_offices()
    rows = [
        User(
            username=username,
            name=name,
            position=position,
            level=level,
            department=departments[office],
            mail=f"{username}@example.test",
        )
        for username, (name, position, level, office) in PEOPLE.items()
    ]
    rows.append(User(username="admin", name="시스템 관리자", is_admin=True))
    for user in rows:
        user.set_unusable_password()
    return SimpleNamespace(**{user.username: user for user in User.objects.bulk_create(rows)})


def set_route(document: Document, people: SimpleNamespace, places: tuple = ROUTE_2015) -> ApprovalRoute:
    """Give the document the line of its next submission.

    ``places``: (user name, kind) each; a third value is the group, else every place is a group of its own.
    """
    ApprovalRoute.objects.filter(document=document).delete()
    route = ApprovalRoute.objects.create(document=document, name="결재선")
    RouteStep.objects.bulk_create(
        RouteStep(
            route=route,
            order=order,
            kind=place[1],
            group=place[2] if place[2:] else order,
            user=getattr(people, place[0]),
        )
        for order, place in enumerate(places)
    )
    return route
