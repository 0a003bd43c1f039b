"""The sign-off box as a plain value: what stands in which box, and what does not."""

from datetime import UTC, date, datetime

import pytest

from approvals.models import Mode, Step, StepKind
from approvals.signature_box import signature_box
from korean.dates import SEOUL
from tests import factories
from tests.approvals import act_helpers

POSITIONS = ["주무관", "사회적일자리팀장", "일자리지원과장", "주민생활국장"]
LATE = datetime(2015, 12, 1, 15, 30, tzinfo=UTC)  # half past midnight of the 2nd in Seoul


def column(position, **written):
    return {"position": position, "name": "", "mark": "", "date": "", "note": ""} | written


def test_a_draft_shows_its_line_unsigned(document):
    assert signature_box(None, form="b", route=document.approval_route) == {
        "form": "b",
        "columns": [column(position) for position in POSITIONS],
        "cooperators": [],
        "date": "",
        "register_no": "",
        "registered_on": "",
        "head": "",
        "ended": "",
    }
    assert signature_box(None, form="c")["columns"] == []


def test_names_come_with_the_signatures(round_, people):
    act_helpers.opine(round_, people.youngbun)
    drawn = signature_box(round_, form="c")
    assert drawn["columns"] == [
        column("주무관", name="이욱"),
        column("사회적일자리팀장", name="이영분", note="(의견 있음)"),
        column("일자리지원과장"),
        column("주민생활국장"),
    ]
    assert (drawn["date"], drawn["head"]) == ("", "")


def test_the_date_is_in_the_last_box_alone_and_is_seouls(document, round_, people):
    for who in (people.youngbun, people.wontaek, people.heedong):
        act_helpers.sign(round_, who, at=LATE)
    round_.refresh_from_db()
    drawn = signature_box(round_, form="c")
    assert [place["date"] for place in drawn["columns"]] == ["", "", "", "12/02"]
    assert (drawn["date"], drawn["head"]) == ("2015. 12. 2.", document.acts.last().hash)


def test_an_assumed_time_is_never_printed(round_, people):
    for who in (people.youngbun, people.wontaek, people.heedong):
        act_helpers.sign(round_, who, at=datetime(2015, 12, 2, tzinfo=SEOUL), is_time_assumed=True)
    drawn = signature_box(round_, form="c")
    assert ([place["date"] for place in drawn["columns"]], drawn["date"]) == (["", "", "", ""], "")


def test_the_head_stays_when_the_document_is_drafted_again(document, round_, people):
    act_helpers.send_back(round_, people.youngbun)
    round_.refresh_from_db()
    before = signature_box(round_, form="c")
    act_helpers.redraft(document)
    assert signature_box(round_, form="c") == before
    assert before["columns"] == [column("주무관", name="이욱"), *(column(position) for position in POSITIONS[1:])]


@pytest.mark.parametrize(
    ("mode", "mark"),
    [(Mode.NORMAL, ""), (Mode.BY_AUTHORITY, "전결"), (Mode.ON_BEHALF, "대결"), (Mode.AS_DEPUTY, "직무대리")],
)
def test_marks(round_, people, mode, mark):
    act_helpers.sign(round_, people.youngbun)
    round_.steps.filter(signer=people.youngbun).update(mode=mode)
    assert signature_box(round_, form="c")["columns"][1] == column("사회적일자리팀장", name="이영분", mark=mark)


def test_a_skipped_reviewer_keeps_the_reason(round_, people):
    step = round_.steps.get(signer=people.youngbun)
    step.state, step.opinion, step.digest = Step.State.SKIPPED, "출장", round_.digest
    step.acted_by, step.acted_at = people.wontaek, LATE
    step.save()
    assert signature_box(round_, form="c")["columns"][1] == column("사회적일자리팀장", note="출장")


def test_cooperators_stand_apart_and_the_register_number_is_the_documents(document, people):
    line = (
        ("wook", StepKind.DRAFT, 0),
        ("dobong", StepKind.COOPERATE, 1),
        ("nowon", StepKind.COOPERATE, 1),
        ("heedong", StepKind.DECIDE, 2),
    )
    factories.set_route(document, people, line)
    round_ = act_helpers.submit(document)
    act_helpers.opine(round_, people.nowon)
    round_.document.register_no, round_.document.registered_on = "일자리지원과-12345", date(2015, 12, 2)
    drawn = signature_box(round_, form="c")
    assert [place["position"] for place in drawn["columns"]] == ["주무관", "주민생활국장"]
    assert drawn["cooperators"] == [column("담당"), column("담당", name="노원구 담당", note="(의견 있음)")]
    assert (drawn["register_no"], drawn["registered_on"]) == ("일자리지원과-12345", "2015. 12. 2.")


def test_it_tells_how_a_round_ended_that_was_not_signed(document, round_, people):
    assert signature_box(round_, form="c")["ended"] == ""
    act_helpers.withdraw(document)
    round_.refresh_from_db()
    assert signature_box(round_, form="c")["ended"] == "withdrawn"
