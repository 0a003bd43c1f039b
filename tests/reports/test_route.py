"""결재선 of a report: chosen from kept ones, or put together by name."""

from __future__ import annotations

import pytest

from accounts.models import User
from approvals import route_resolution as rules
from approvals import saved_routes
from approvals.guards import ActRefused
from approvals.models import ApprovalRoute, Mode, RouteStep, StepKind
from conference.models import Conference
from reports import checks, drafting, todo_counts
from reports.models import Report
from tests.forms import Form
from tests.reports.report_pages import BASE, sign_in
from tests.visitor import Visitor

SAVE, KEEP = "결재선 저장", "내 결재선으로 저장"
PAGE = f"{BASE}line/"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def people(report: Report) -> dict[str, User]:
    return {user.username: user for user in User.objects.all()}


def find(words: str) -> Form:
    """The line, with the people that are found."""
    page = Visitor("wook").open(PAGE).form("찾기").fill("성명·부서·직위", words).press("찾기")
    return page.form("저장")


def seat(*users: User) -> Form:
    """Put them in one after the other, and return the line."""
    for user in users:
        assert find(user.name).press("넣기", within=user.name).status == 302
    return Visitor("wook").open(PAGE).form(SAVE)


def line() -> list[tuple[str, str, int]]:
    steps = RouteStep.objects.filter(route__document=Report.objects.get()).select_related("user")
    return [(step.user.username, step.kind, step.group) for step in steps]


def test_a_line_is_put_together_by_name(report: Report, people: dict[str, User]) -> None:
    client = sign_in("wook")
    page = client.get(f"{PAGE}?q=일자리지원과 팀장")
    assert [person.username for person, _there in page.context["people"]] == ["youngbun"]
    seat(people["youngbun"])
    find("희동").fill("구분", "검토", within=people["youngbun"].name).press("넣기", within=people["heedong"].name)
    Visitor("wook").open(PAGE).form(SAVE).fill("구분", "결재", within=people["heedong"].name).press(SAVE)
    seat(people["wontaek"])
    assert line() == [
        ("wook", "draft", 0),
        ("youngbun", "review", 1),
        ("wontaek", "review", 2),
        ("heedong", "decide", 3),
    ]
    assert [place.user.username for place in rules.resolve_route(report).steps] == [
        "wook",
        "youngbun",
        "wontaek",
        "heedong",
    ]


def test_who_is_put_into_an_empty_line_decides(report: Report, people: dict[str, User]) -> None:
    client = sign_in("wook")
    seat(people["heedong"])
    assert line() == [("wook", "draft", 0), ("heedong", "decide", 1)]
    assert client.get(PAGE).context["refused"] == ""
    seat(people["youngbun"])
    assert line() == [("wook", "draft", 0), ("youngbun", "review", 1), ("heedong", "decide", 2)]


@pytest.mark.parametrize(
    "added",
    ["youngbun wontaek heedong", "heedong wontaek youngbun", "wontaek heedong youngbun", "youngbun heedong wontaek"],
)
def test_people_come_in_by_rank_and_the_highest_decides(report: Report, people: dict[str, User], added: str) -> None:
    seat(*(people[name] for name in added.split()))
    assert [(name, kind) for name, kind, _group in line()] == [
        ("wook", "draft"),
        ("youngbun", "review"),
        ("wontaek", "review"),
        ("heedong", "decide"),
    ]


def test_who_has_no_rank_or_the_same_comes_before_the_one_who_decides(report: Report, people: dict[str, User]) -> None:
    seat(people["wontaek"], people["youngbun"])
    User.objects.filter(username="heedong").update(level=None)
    User.objects.filter(username="dobong").update(level=3, position="과장", department=report.department)
    seat(people["heedong"], people["dobong"])
    assert [name for name, _kind, _group in line()] == ["wook", "youngbun", "heedong", "dobong", "wontaek"]


def test_the_last_place_decides_whoever_is_moved_there(report: Report, people: dict[str, User]) -> None:
    form = seat(people["heedong"], people["youngbun"], people["wontaek"])
    form.fill("권한(결재만)", str(Mode.BY_AUTHORITY.label), within=people["heedong"].name).press(SAVE)
    for move in ("위로", "아래로"):
        Visitor("wook").open(PAGE).press(f"{people['heedong']} {move}")
        steps = RouteStep.objects.filter(route__document=report).order_by("order")
        assert [(step.kind, step.mode) for step in steps][-2:] == [("review", ""), ("decide", Mode.BY_AUTHORITY)]
        assert steps.last().user == people["wontaek" if move == "위로" else "heedong"]


def test_a_lower_rank_over_a_higher_one_asks_for_a_reason(report: Report, people: dict[str, User]) -> None:
    seat(people["wontaek"], people["youngbun"])
    page = Visitor("wook").open(PAGE)
    assert "이 결재선으로 올릴 수 있습니다." in page.text
    page.press(f"{people['youngbun']} 아래로")
    page, text = (
        Visitor("wook").open(PAGE),
        "직급이 더 높은 심원택 일자리지원과장의 검토를 이영분 사회적일자리팀장이(가) 결재합니다.",
    )
    assert [(found.level, found.text, found.link) for found in checks.check_reviewer_ranks(report)] == [
        ("warn", text, PAGE)
    ]
    assert ("이 결재선으로 올릴 수 있습니다." in page.text, "결재선의 차례를 확인하십시오." in page.text) == (
        False,
        True,
    )
    assert Visitor("wook").open(BASE).form("결재 올리기").find("직급이 거꾸로 된 결재선 1건을 그대로 두는 사유") != []


def test_an_empty_line_has_nothing_to_save(report: Report, people: dict[str, User]) -> None:
    assert [Visitor("wook").open(PAGE).has(button) for button in (SAVE, KEEP)] == [False, False]
    seat(people["heedong"])
    assert [Visitor("wook").open(PAGE).has(button) for button in (SAVE, KEEP)] == [True, True]


def test_buttons_move_and_take_out(report: Report, people: dict[str, User]) -> None:
    seat(people["heedong"], people["youngbun"], people["wontaek"]).press(f"{people['youngbun']} 아래로")
    assert [name for name, _kind, _group in line()] == ["wook", "wontaek", "youngbun", "heedong"]
    Visitor("wook").open(PAGE).press(f"{people['wontaek']} 빼기")
    assert [name for name, _kind, _group in line()] == ["wook", "youngbun", "heedong"]


def test_cooperators_act_together_where_it_is_said(report: Report, people: dict[str, User]) -> None:
    dobong, nowon = people["dobong"], people["nowon"]
    User.objects.filter(pk__in=[dobong.pk, nowon.pk]).update(department=report.department, position="담당")
    form = seat(people["heedong"], dobong, nowon)
    form.fill("구분", "협조", within=dobong.name).fill("구분", "협조", within=nowon.name)
    form.fill("앞사람과 함께(협조만)", True, within=nowon.name).press(SAVE)
    assert line() == [
        ("wook", "draft", 0),
        ("dobong", "cooperate", 1),
        ("nowon", "cooperate", 1),
        ("heedong", "decide", 2),
    ]


def test_authority_is_for_who_decides(report: Report, people: dict[str, User]) -> None:
    form = seat(people["heedong"], people["youngbun"])
    for name in ("youngbun", "heedong"):
        form.fill("권한(결재만)", str(Mode.BY_AUTHORITY.label), within=people[name].name)
    form.press(SAVE)
    assert list(RouteStep.objects.filter(route__document=report).values_list("mode", flat=True)) == [
        "", "", Mode.BY_AUTHORITY,
    ]  # fmt: skip


def test_what_a_line_lacks_is_told_in_words(report: Report, people: dict[str, User]) -> None:
    client = sign_in("wook")
    assert client.get(PAGE).context["refused"] == "결재선이 없습니다. 결재선을 먼저 정해 주세요."
    seat(people["youngbun"]).fill("구분", "검토").press(SAVE)
    assert client.get(PAGE).context["refused"] == "결재선의 마지막 자리는 결재여야 합니다."
    seat(people["heedong"]).fill("구분", "결재", within=people["heedong"].name).press(SAVE)
    form, wook = Visitor("wook").open(PAGE).form(SAVE), people["wook"]
    form.tamper("seat", wook.pk, people["heedong"].pk).tamper(f"seat-{wook.pk}-kind", "review").press(SAVE)
    page = client.get(PAGE)
    assert (page.context["refused"], page.context["notes"]) == (
        "",
        ["이욱 주무관: 기안자이므로 검토 자리를 기안에 합쳤습니다."],
    )


def test_a_line_is_kept_as_ones_own_and_taken_again(report: Report, people: dict[str, User]) -> None:
    for form in (seat(people["heedong"], people["youngbun"]), Visitor("wook").open(PAGE).form(SAVE)):
        form.fill("내 결재선 이름", "짧은 결재선").press(KEEP)
    kept = ApprovalRoute.objects.get(owner=people["wook"])
    assert (kept.name, kept.steps.count()) == ("짧은 결재선", 3)
    Visitor("wook").open(PAGE).press(f"{report.department.approval_routes.get().name} 가져오기")
    assert [name for name, _kind, _group in line()] == ["wook", "youngbun", "wontaek", "heedong"]


@pytest.mark.parametrize("name", ["", " ", "가" * 101, "a\x00b"])
def test_a_line_is_kept_under_a_name(report: Report, people: dict[str, User], name: str) -> None:
    page = seat(people["heedong"]).tamper("name", name).press(KEEP)
    assert (page.status, ApprovalRoute.objects.filter(owner=people["wook"]).count()) == (302, 0)


@pytest.mark.parametrize("key", ["", "x", "9" * 30])
def test_no_line_chosen_is_told(report: Report, key: str) -> None:
    page = Visitor("wook").post_raw(f"{PAGE}take/", {"line": key})
    assert page.messages == ["결재선을 골라 주세요."]


def test_anothers_line_is_not_taken(report: Report, people: dict[str, User]) -> None:
    theirs = ApprovalRoute.objects.create(owner=people["youngbun"], name="남의 결재선")
    wook = Visitor("wook")
    assert theirs.name not in wook.open(PAGE).text
    sent = [{"line": key, "lock_version": report.lock_version} for key in (theirs.pk, 999_999)]
    assert [wook.post_raw(f"{PAGE}take/", fields).status for fields in sent] == [403, 404]


@pytest.mark.parametrize(("username", "status"), [("youngbun", 403), ("chair", 403), ("seongbuk", 403)])
def test_only_the_drafter_sets_the_line(report: Report, people: dict[str, User], username: str, status: int) -> None:
    sent = {"lock_version": report.lock_version, "seat": people["heedong"].pk}
    assert Visitor(username).post_raw(f"{PAGE}put/", sent).status == status
    assert ApprovalRoute.objects.filter(document=report).count() == 0


def test_a_stale_page_writes_nothing(report: Report, people: dict[str, User]) -> None:
    late = find("희동")
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    assert (
        late.press("넣기", within=people["heedong"].name).status,
        ApprovalRoute.objects.filter(document=report).count(),
    ) == (
        409,
        0,
    )


def test_hostile_places_are_passed_over(report: Report, people: dict[str, User]) -> None:
    data = {
        "lock_version": report.lock_version,
        "seat": ["x", "999999", "9" * 30, people["admin"].pk, people["heedong"].pk],
    }
    data |= {f"seat-{people['heedong'].pk}-kind": "moon", f"seat-{people['heedong'].pk}-mode": "moon", "do": "add:\x00"}
    assert Visitor("wook").post_raw(f"{PAGE}put/", data).status == 302
    assert line() == [("wook", "draft", 0), ("heedong", "review", 1)]


@pytest.mark.parametrize("words", ["\x00", "%", "' OR 1=1", "가" * 500])
def test_a_search_for_anything_is_a_search(report: Report, words: str) -> None:
    assert sign_in("wook").get(PAGE, {"q": words}).status_code == 200


def test_a_line_has_an_end(report: Report, people: dict[str, User]) -> None:
    with pytest.raises(ActRefused, match="결재선이 너무 깁니다"):
        saved_routes.set_route(
            report,
            [saved_routes.DraftStep(people["heedong"], StepKind.REVIEW)] * 21,
            by=people["wook"],
            lock_version=report.lock_version,
        )


def test_a_place_named_by_its_post_shows_who_holds_it(report: Report, people: dict[str, User]) -> None:
    kept = ApprovalRoute.objects.create(document=report, name="결재선")
    RouteStep.objects.create(route=kept, order=0, group=0, kind="draft", user=people["wook"])
    RouteStep.objects.create(route=kept, order=1, group=1, kind="review", position="사회적일자리팀장")
    RouteStep.objects.create(route=kept, order=2, group=2, kind="decide", position="없는 직위")
    page = sign_in("wook").get(PAGE)
    assert [place["user"] and place["user"].username for place in page.context["places"]] == ["wook", "youngbun", None]
    assert "이 직위에 있는 사람을 한 명으로 정할 수 없습니다." in page.content.decode()


def test_the_tab_is_ticked_when_the_line_could_be_submitted(report: Report, people: dict[str, User]) -> None:
    def left() -> int:
        return todo_counts.todo_counts(Report.objects.get())["line"]

    assert left() == 1
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    assert left() == 0
    RouteStep.objects.filter(route__document=report.pk, kind=StepKind.DECIDE).update(kind=StepKind.REVIEW)
    assert left() == 1
    RouteStep.objects.filter(route__document=report.pk, user=people["heedong"]).update(kind=StepKind.DECIDE)
    User.objects.filter(username="youngbun").update(is_active=False)
    assert left() == 1
