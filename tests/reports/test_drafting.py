"""T1 작성: who begins a report, and what it begins with."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Department, Organisation, User
from approvals.guards import StaleAct
from approvals.models import Document
from conference.models import Conference, TopicOffice
from reports import drafting
from reports.models import Report
from tests.visitor import Visitor

REPORTS = "/desk/dongbuk4-2015/reports/"


@pytest.fixture
def office(unsigned: Conference) -> Department:
    """성북구 has no report in the example; its desk gets an office, for a report belongs to one."""
    department = Department.objects.create(organisation=Organisation.objects.get(name="성북구"), name="담당부서")
    User.objects.filter(username="seongbuk").update(department=department, position="담당")
    TopicOffice.objects.filter(officer__username="seongbuk").update(department=department)
    return department


def test_a_desk_begins_its_offices_report(unsigned: Conference, office: Department) -> None:
    reports = Visitor("seongbuk").open(REPORTS)
    response = reports.press("결과보고 만들기").answer
    made = unsigned.reports.get(number=2)
    assert (response.status_code, response.url) == (302, "/desk/dongbuk4-2015/reports/2/")
    assert (made.title, made.state, made.department, made.drafter.username) == (
        "동북4구 지역혁신 컨퍼런스 결과보고",
        Document.State.DRAFT,
        office,
        "seongbuk",
    )
    assert (made.district.name, [topic.name for topic in made.topics.all()]) == ("성북구", ["마을과 사회적경제 사업"])
    assert reports.visitor.open(response.url).status == 200


def test_an_office_has_one_report(unsigned: Conference, office: Department) -> None:
    reports = Visitor("seongbuk").open(REPORTS)
    answers = [reports.press("결과보고 만들기").status for _ in range(2)]
    assert (answers, unsigned.reports.count()) == ([302, 302], 2)
    assert not reports.visitor.open(REPORTS).has("결과보고 만들기")


def test_the_kept_line_of_the_office_is_taken(unsigned: Conference) -> None:
    Report.objects.update(state=Document.State.DISCARDED)
    made = drafting.start_report(unsigned, by=User.objects.get(username="wook"))
    assert [step.user.username for step in made.approval_route.steps.all()] == [
        "wook",
        "youngbun",
        "wontaek",
        "heedong",
    ]


@pytest.mark.parametrize("username", ["youngbun", "chair", "admin", "wook"])
def test_others_do_not_begin_one(unsigned: Conference, username: str) -> None:
    """No desk here, no office, signs nothing, and an office that has its report already."""
    with pytest.raises(PermissionDenied):
        drafting.start_report(unsigned, by=User.objects.get(username=username))
    assert unsigned.reports.count() == 1


def test_an_archived_conference_takes_no_new_report(unsigned: Conference, office: Department) -> None:
    reports = Visitor("seongbuk").open(REPORTS)
    Conference.objects.update(archived_at=unsigned.ends_at)
    assert (reports.press("결과보고 만들기").status, unsigned.reports.count()) == (403, 1)
    assert not reports.visitor.open(REPORTS).has("결과보고 만들기")


WRITES = {
    "save": lambda report, **form: drafting.save_fields(report, summary="다른 과의 글", **form),
    "append": lambda report, by, **_form: drafting.append_rows(report, [], by=by),
    "attach": lambda report, by, **_form: drafting.attach_files(report, [], by=by),
    "override": lambda report, **form: drafting.save_override(report, "overview", "다른 과의 글", replaces="", **form),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_another_office_writes_nothing(unsigned: Conference, office: Department, write: Callable[..., object]) -> None:
    """The verb itself refuses, whatever its page has checked."""
    report = unsigned.reports.get()
    with pytest.raises(PermissionDenied):
        write(report, by=User.objects.get(department=office), lock_version=report.lock_version)
    now = unsigned.reports.get()
    assert (now.summary, now.lock_version, now.overrides.count()) == (report.summary, report.lock_version, 0)


def test_reports_are_listed_to_their_office_and_to_who_signs_them(example: Conference) -> None:
    wook = User.objects.get(username="wook")
    fields = {"kind": drafting.KIND, "title": "둘째 보고", "number": 2, "department": wook.department, "drafter": wook}
    example.reports.create(**fields)
    User.objects.filter(username="heedong").update(department=None)
    users = ("wook", "youngbun", "heedong", "seongbuk", "chair")
    numbers = {
        name: [row.number for row in drafting.readable_reports(User.objects.get(username=name))] for name in users
    }
    assert numbers == {"wook": [2, 1], "youngbun": [2, 1], "heedong": [1], "seongbuk": [], "chair": []}


State = Document.State


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (State.DRAFT, State.DRAFT),
        (State.RUNNING, State.RUNNING),
        (State.RETURNED, State.DRAFT),
        (State.WITHDRAWN, State.DRAFT),
        (State.APPROVED, State.APPROVED),
        (State.REGISTERED, State.APPROVED),
        (State.SUPERSEDED, State.APPROVED),
        (State.DISCARDED, State.DRAFT),
    ],
)
def test_other_offices_are_shown_three_states_alone(example: Conference, state: str, shown: str) -> None:
    Document.objects.update(state=state)
    users = [User.objects.get(username=name) for name in ("wook", "heedong", "seongbuk")]
    assert [drafting.list_reports(user, example)[0]["state"] for user in users] == [state, state, shown]


def test_other_topics_alone_are_a_new_version(unsigned: Conference) -> None:
    report, topics = unsigned.reports.get(), list(unsigned.topics.all())
    before = report.lock_version
    for chosen in (topics, topics, topics[:1]):
        report = drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, topics=chosen)
        report.refresh_from_db()
    assert (report.lock_version - before, [*report.topics.all()]) == (2, topics[:1])


def test_saving_gives_the_report_and_choosing_a_line_gives_its_own_copy(unsigned: Conference) -> None:
    report = unsigned.reports.get()
    saved = drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="요지")
    chosen = drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    assert (saved, chosen, chosen.document_id) == (report, unsigned.reports.get().approval_route, report.pk)


def test_a_section_written_by_hand_refuses_a_submission_from_an_older_page(unsigned: Conference) -> None:
    report = unsigned.reports.get()
    seen = {"by": report.drafter, "lock_version": report.lock_version}
    drafting.save_override(report, "overview", "손으로 쓴 글", replaces="0" * 64, **seen)
    with pytest.raises(StaleAct):
        drafting.save_fields(report, summary="앞 화면의 요지", **seen)


def test_a_value_that_is_no_choice_is_refused_by_the_verb_itself(unsigned: Conference) -> None:
    """A form checks too; what calls the verb without one must not store what no page can draw."""
    report = unsigned.reports.get()
    with pytest.raises(ValidationError) as refused:
        drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, box_form="x")
    assert (list(refused.value.message_dict), unsigned.reports.get().box_form) == (["box_form"], Report.BoxForm.C)


def test_a_long_title_leaves_room(unsigned: Conference, office: Department) -> None:
    Conference.objects.update(title="가" * 200)
    made = drafting.start_report(Conference.objects.get(), by=User.objects.get(username="seongbuk"))
    assert made.title == "가" * 190 + " 결과보고"
