"""결재선 of a report: chosen from kept ones, or put together by name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from approvals import line as rules
from approvals import lines
from approvals.guards import Refused
from approvals.models import Line, LineStep, Mode, StepKind
from conference.models import Conference, User
from reports.models import Report
from tests.reports.writing import BASE, signed_in

PAGE = f"{BASE}line/"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def people(report: Report) -> dict[str, User]:
    return {user.username: user for user in User.objects.all()}


def put(client: Client, seats: list[tuple[User, str]], **more: Any):
    data: dict[str, Any] = {"lock_version": Report.objects.get().lock_version, "seat": [user.pk for user, _ in seats]}
    data |= {f"seat-{user.pk}-kind": kind for user, kind in seats}
    return client.post(f"{PAGE}put/", data | more)


def line() -> list[tuple[str, str, int]]:
    steps = LineStep.objects.filter(line__document=Report.objects.get()).select_related("user")
    return [(step.user.username, step.kind, step.group) for step in steps]


def test_a_line_is_put_together_by_name(report: Report, people: dict[str, User]) -> None:
    client = signed_in("wook")
    page = client.get(f"{PAGE}?q=일자리지원과 팀장")
    assert [person.username for person, _there in page.context["people"]] == ["youngbun"]
    put(client, [], do=f"add:{people['youngbun'].pk}")
    put(client, [(people["youngbun"], "review")], do=f"add:{people['heedong'].pk}")
    put(client, [(people["youngbun"], "review"), (people["heedong"], "decide")], do=f"add:{people['wontaek'].pk}")
    assert line() == [
        ("wook", "draft", 0),
        ("youngbun", "review", 1),
        ("wontaek", "review", 2),
        ("heedong", "decide", 3),
    ]
    assert [place.user.username for place in rules.resolve(report).places] == ["wook", "youngbun", "wontaek", "heedong"]


def test_who_is_put_into_an_empty_line_decides(report: Report, people: dict[str, User]) -> None:
    client = signed_in("wook")
    put(client, [], do=f"add:{people['heedong'].pk}")
    assert line() == [("wook", "draft", 0), ("heedong", "decide", 1)]
    assert client.get(PAGE).context["refused"] == ""
    put(client, [(people["heedong"], "decide")], do=f"add:{people['youngbun'].pk}")
    assert line() == [("wook", "draft", 0), ("youngbun", "review", 1), ("heedong", "decide", 2)]


def test_buttons_move_and_take_out(report: Report, people: dict[str, User]) -> None:
    client = signed_in("wook")
    seats = [(people["youngbun"], "review"), (people["wontaek"], "review"), (people["heedong"], "decide")]
    put(client, seats, do=f"down:{people['youngbun'].pk}")
    assert [name for name, _kind, _group in line()] == ["wook", "wontaek", "youngbun", "heedong"]
    put(client, seats, do=f"drop:{people['wontaek'].pk}")
    assert [name for name, _kind, _group in line()] == ["wook", "youngbun", "heedong"]


def test_cooperators_act_together_where_it_is_said(report: Report, people: dict[str, User]) -> None:
    seats = [(people["dobong"], "cooperate"), (people["nowon"], "cooperate"), (people["heedong"], "decide")]
    put(signed_in("wook"), seats, **{f"seat-{people['nowon'].pk}-together": "on"})
    assert line() == [
        ("wook", "draft", 0),
        ("dobong", "cooperate", 1),
        ("nowon", "cooperate", 1),
        ("heedong", "decide", 2),
    ]


def test_authority_is_for_who_decides(report: Report, people: dict[str, User]) -> None:
    seats = [(people["youngbun"], "review"), (people["heedong"], "decide")]
    modes = {f"seat-{user.pk}-mode": "by_authority" for user, _kind in seats}
    put(signed_in("wook"), seats, **modes)
    assert list(LineStep.objects.filter(line__document=report).values_list("mode", flat=True)) == [
        "", "", Mode.BY_AUTHORITY,
    ]  # fmt: skip


def test_what_a_line_lacks_is_told_in_words(report: Report, people: dict[str, User]) -> None:
    client = signed_in("wook")
    assert client.get(PAGE).context["refused"] == "결재선이 없습니다. 결재선을 먼저 정해 주세요."
    put(client, [(people["youngbun"], "review")])
    assert client.get(PAGE).context["refused"] == "결재선의 마지막 자리는 결재여야 합니다."
    put(client, [(people["wook"], "review"), (people["heedong"], "decide")])
    page = client.get(PAGE)
    assert (page.context["refused"], page.context["notes"]) == (
        "",
        ["이욱 주무관: 기안자이므로 검토 자리를 기안에 합쳤습니다."],
    )


def test_a_line_is_kept_as_ones_own_and_taken_again(report: Report, people: dict[str, User]) -> None:
    client = signed_in("wook")
    seats = [(people["youngbun"], "review"), (people["heedong"], "decide")]
    put(client, seats, do="keep", name="짧은 결재선")
    put(client, seats, do="keep", name="짧은 결재선")
    kept = Line.objects.get(owner=people["wook"])
    assert (kept.name, kept.steps.count()) == ("짧은 결재선", 3)
    client.post(
        f"{PAGE}take/", {"line": report.department.lines.get().pk, "lock_version": Report.objects.get().lock_version}
    )
    assert [name for name, _kind, _group in line()] == ["wook", "youngbun", "wontaek", "heedong"]


@pytest.mark.parametrize("name", ["", " ", "가" * 101, "a\x00b"])
def test_a_line_is_kept_under_a_name(report: Report, people: dict[str, User], name: str) -> None:
    answer = put(signed_in("wook"), [(people["heedong"], "decide")], do="keep", name=name)
    assert (answer.status_code, Line.objects.filter(owner=people["wook"]).count()) == (302, 0)


@pytest.mark.parametrize("key", ["", "x", "9" * 30])
def test_no_line_chosen_is_told(report: Report, key: str) -> None:
    answer = signed_in("wook").post(f"{PAGE}take/", {"line": key}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["결재선을 골라 주세요."]


def test_anothers_line_is_not_taken(report: Report, people: dict[str, User]) -> None:
    theirs = Line.objects.create(owner=people["youngbun"], name="남의 결재선")
    client = signed_in("wook")
    assert theirs.name not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}take/", {"line": theirs.pk, "lock_version": report.lock_version}).status_code == 403
    assert client.post(f"{PAGE}take/", {"line": 999_999, "lock_version": report.lock_version}).status_code == 404


@pytest.mark.parametrize(("username", "status"), [("youngbun", 403), ("chair", 403), ("seongbuk", 403)])
def test_only_the_drafter_sets_the_line(report: Report, people: dict[str, User], username: str, status: int) -> None:
    client = signed_in(username)
    assert put(client, [(people["heedong"], "decide")]).status_code == status
    assert Line.objects.filter(document=report).count() == 0


def test_a_stale_page_writes_nothing(report: Report, people: dict[str, User]) -> None:
    answer = put(signed_in("wook"), [(people["heedong"], "decide")], lock_version=report.lock_version + 1)
    assert (answer.status_code, Line.objects.filter(document=report).count()) == (409, 0)


def test_hostile_places_are_passed_over(report: Report, people: dict[str, User]) -> None:
    data = {
        "lock_version": report.lock_version,
        "seat": ["x", "999999", "9" * 30, people["admin"].pk, people["heedong"].pk],
    }
    data |= {f"seat-{people['heedong'].pk}-kind": "moon", f"seat-{people['heedong'].pk}-mode": "moon", "do": "add:\x00"}
    assert signed_in("wook").post(f"{PAGE}put/", data).status_code == 302
    assert line() == [("wook", "draft", 0), ("heedong", "review", 1)]


@pytest.mark.parametrize("words", ["\x00", "%", "' OR 1=1", "가" * 500])
def test_a_search_for_anything_is_a_search(report: Report, words: str) -> None:
    assert signed_in("wook").get(PAGE, {"q": words}).status_code == 200


def test_a_line_has_an_end(report: Report, people: dict[str, User]) -> None:
    with pytest.raises(Refused, match="결재선이 너무 깁니다"):
        lines.put(
            report,
            [lines.Seat(people["heedong"], StepKind.REVIEW)] * 21,
            by=people["wook"],
            lock_version=report.lock_version,
        )


def test_a_place_named_by_its_post_shows_who_holds_it(report: Report, people: dict[str, User]) -> None:
    kept = Line.objects.create(document=report, name="결재선")
    LineStep.objects.create(line=kept, order=0, group=0, kind="draft", user=people["wook"])
    LineStep.objects.create(line=kept, order=1, group=1, kind="review", position="사회적일자리팀장")
    LineStep.objects.create(line=kept, order=2, group=2, kind="decide", position="없는 직위")
    page = signed_in("wook").get(PAGE)
    assert [place["user"] and place["user"].username for place in page.context["places"]] == ["wook", "youngbun", None]
    assert "이 직위에 있는 사람을 한 명으로 정할 수 없습니다." in page.content.decode()
