"""결재선: what is valid, what is merged, and what each refusal says."""

import pytest

from accounts.models import Level
from approvals import chain, route_resolution
from approvals.models import ApprovalRoute, Authority, RouteStep, StepKind
from tests import factories
from tests.approvals import note

D, R, C, A = StepKind.DRAFT, StepKind.REVIEW, StepKind.COOPERATE, StepKind.DECIDE


def resolved(document, people, places):
    factories.set_route(document, people, places)
    found = route_resolution.resolve_route(document)
    return [(place.user.username, str(place.kind), place.group) for place in found.steps], found.notes


def refusal(document):
    with pytest.raises(chain.ActRefused) as caught:
        route_resolution.resolve_route(document)
    return str(caught.value)


def test_the_line_of_2015(document, people):
    assert resolved(document, people, factories.ROUTE_2015) == (
        [("wook", "draft", 0), ("youngbun", "review", 1), ("wontaek", "review", 2), ("heedong", "decide", 3)],
        [],
    )


def test_groups_are_counted_anew(document, people):
    places, _notes = resolved(document, people, (("wook", D, 3), ("dobong", C, 7), ("nowon", C, 7), ("heedong", A, 20)))
    assert places == [
        ("wook", "draft", 0),
        ("dobong", "cooperate", 1),
        ("nowon", "cooperate", 1),
        ("heedong", "decide", 2),
    ]


@pytest.mark.parametrize(
    ("places", "kept", "note_"),
    [
        (
            (("wook", D), ("wontaek", R), ("youngbun", R), ("wontaek", R), ("heedong", A)),
            ["wook", "youngbun", "wontaek", "heedong"],
            "심원택 일자리지원과장: 두 번 있어 뒤의 검토 자리로 합쳤습니다.",
        ),
        (
            (("wook", D), ("youngbun", R), ("wontaek", R), ("wontaek", A)),
            ["wook", "youngbun", "wontaek"],
            "심원택 일자리지원과장: 두 번 있어 뒤의 결재 자리로 합쳤습니다.",
        ),
        (
            (("wook", D), ("wontaek", C), ("wontaek", R), ("heedong", A)),
            ["wook", "wontaek", "heedong"],
            "심원택 일자리지원과장: 검토나 결재를 하므로 협조에서 뺐습니다.",
        ),
        (
            (("wook", D), ("dobong", C), ("wontaek", R), ("dobong", C), ("heedong", A)),
            ["wook", "dobong", "wontaek", "heedong"],
            "도봉구 담당 담당: 협조에 두 번 있어 한 번으로 합쳤습니다.",
        ),
        (
            (("wook", D), ("wook", R), ("heedong", A)),
            ["wook", "heedong"],
            "이욱 주무관: 기안자이므로 검토 자리를 기안에 합쳤습니다.",
        ),
    ],
)
def test_nobody_signs_twice(document, people, places, kept, note_):
    found, notes = resolved(document, people, places)
    assert ([who for who, _kind, _group in found], notes) == (kept, [note_])
    assert [group for _who, _kind, group in found] == list(range(len(kept)))


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ((), "결재선이 없습니다."),
        ((("youngbun", R), ("heedong", A)), "결재선의 첫 자리는 기안자 본인이어야 합니다."),
        ((("youngbun", D), ("heedong", A)), "결재선의 첫 자리는 기안자 본인이어야 합니다."),
        ((("wook", D), ("youngbun", R)), "결재선의 마지막 자리는 결재여야 합니다."),
        ((("wook", D), ("heedong", A), ("dobong", C)), "결재선의 마지막 자리는 결재여야 합니다."),
        ((("wook", D), ("wontaek", A), ("heedong", A)), "기안과 결재는 한 번씩만 있어야 하고"),
        ((("wook", D), ("wontaek", StepKind.CONFIRM), ("heedong", A)), "기안과 결재는 한 번씩만 있어야 하고"),
        (
            (("wook", D, 0), ("youngbun", R, 1), ("wontaek", R, 1), ("heedong", A, 2)),
            "같은 차례에 함께 처리할 수 있는 것은 협조뿐입니다.",
        ),
        (
            (("wook", D, 0), ("youngbun", R, 1), ("dobong", C, 2), ("heedong", A, 2)),
            "같은 차례에 함께 처리할 수 있는 것은 협조뿐입니다.",
        ),
        ((("wook", D), ("youngbun", R), ("wook", A)), "기안자가 마지막 결재까지 하는 자기결재는 아직 할 수 없습니다."),
        ((("wook", D),), "결재선의 마지막 자리는 결재여야 합니다."),
    ],
)
def test_a_line_that_is_none(document, people, places, message):
    factories.set_route(document, people, places)
    assert refusal(document)[: len(message)] == message


def test_a_document_without_a_line(people):
    assert refusal(note.write(people)) == "결재선이 없습니다. 결재선을 먼저 정해 주세요."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_active": False}, "심원택 일자리지원과장: 결재할 수 없는 계정입니다."),
        ({"is_admin": True}, "심원택 일자리지원과장: 결재할 수 없는 계정입니다."),
        ({"position": ""}, "심원택: 직위나 소속이 비어 있습니다."),
        ({"department": None}, "심원택 일자리지원과장: 직위나 소속이 비어 있습니다."),
    ],
)
def test_every_signer_is_in_office(document, people, change, message):
    for field, value in change.items():
        setattr(people.wontaek, field, value)
    people.wontaek.save()
    assert refusal(document)[: len(message)] == message


def by_position(document, people, position):
    found = ApprovalRoute.objects.create(document=document, name="결재선")
    RouteStep.objects.create(route=found, order=0, group=0, kind=D, user=people.wook)
    RouteStep.objects.create(route=found, order=1, group=1, kind=A, position=position)


@pytest.mark.parametrize(("position", "who"), [("일자리지원과장", "wontaek"), ("주민생활국장", "heedong")])
def test_a_position_is_held_by_one_person_of_the_office_or_its_bureau(people, position, who):
    document = note.write(people)
    by_position(document, people, position)
    assert route_resolution.resolve_route(document).steps[-1].user == getattr(people, who)


@pytest.mark.parametrize(("position", "count"), [("구청장", 0), ("주무관", 2)])
def test_a_position_that_names_nobody_or_many(people, position, count):
    people.gangbuk.position = "주무관"
    people.gangbuk.save()
    document = note.write(people)
    by_position(document, people, position)
    assert (
        refusal(document)
        == f"‘{position}’ 직위에 있는 사람을 한 명으로 정할 수 없습니다({count}명). 결재선에서 사람을 골라 주세요."
    )


@pytest.mark.parametrize(
    ("level", "is_refused"), [(Level.DIVISION_HEAD, False), (Level.BUREAU_HEAD, False), (Level.DEPUTY_MAYOR, True)]
)
def test_the_last_signer_is_not_below_the_authority_rule(document, people, monkeypatch, level, is_refused):
    monkeypatch.setattr(note, "matter", lambda _document: "행사 결과보고", raising=False)
    Authority.objects.create(organisation=people.wook.department.organisation, matter="행사 결과보고", level=level)
    if is_refused:
        assert refusal(document).startswith("위임전결 규칙에 따라 ‘행사 결과보고’ 업무는 부구청장 이상이 결재합니다.")
    else:
        assert route_resolution.resolve_route(document).steps[-1].user == people.heedong
