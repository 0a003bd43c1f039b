"""The verbs, one by one: what they change, who may, and what they say no to."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Mail
from approvals import chain, verification
from approvals.models import Act, Document, Mode, Round, Seal, Step, StepKind
from conference.checks import Finding
from korean.dates import SEOUL
from tests import factories
from tests.approvals import act_helpers, note

WARNING = Finding("warn", "gap", "1부", "14:40과 15:00 사이가 비었습니다.")
BLOCK = Finding("block", "overlap", "601호", "1부와 2부가 겹칩니다.")


def refused(act, *args, **kwargs):
    """The sentence with which an act is refused; nothing may have been written."""
    before = (Act.objects.count(), Mail.objects.count(), list(Document.objects.values("state", "lock_version")))
    with pytest.raises(chain.ActRefused) as caught:
        act(*args, **kwargs)
    assert (Act.objects.count(), Mail.objects.count(), list(Document.objects.values("state", "lock_version"))) == before
    return str(caught.value)


def test_submission_freezes_signs_and_opens_the_next(document, people):
    round_ = act_helpers.submit(document)
    document.refresh_from_db()
    assert (document.state, document.lock_version) == ("running", 1)
    assert (round_.number, round_.edition_number, round_.state, round_.ended_at) == (1, 1, "running", None)
    assert round_.digest == note.frozen_digest(document, 1)
    assert (round_.title, round_.department_name, round_.drafter_name) == (
        document.title,
        "강북구 일자리지원과",
        "이욱",
    )
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]
    first = round_.steps.first()
    assert (first.acted_by, first.digest, first.is_time_assumed) == (people.wook, round_.digest, False)
    assert [(step.kind, step.name, step.position) for step in round_.steps.all()] == [
        ("draft", "이욱", "주무관"),
        ("review", "이영분", "사회적일자리팀장"),
        ("review", "심원택", "일자리지원과장"),
        ("decide", "김희동", "주민생활국장"),
    ]


def test_four_people_sign_and_it_is_decided(document, round_, people):
    act_helpers.sign(round_, people.youngbun)
    assert act_helpers.states(round_) == ["signed", "signed", "current", "waiting"]
    act_helpers.sign(round_, people.wontaek)
    last = act_helpers.sign(round_, people.heedong)
    assert (last.state, last.round.state) == ("signed", "approved")
    document.refresh_from_db()
    round_.refresh_from_db()
    assert (document.state, document.lock_version) == ("approved", 4)
    assert round_.ended_at == last.acted_at
    assert Seal.objects.get().head == document.acts.last().hash
    assert [act.action for act in document.acts.all()] == ["submit", "sign", "sign", "sign"]
    assert verification.verify_document(document) == []


def test_an_opinion_signs_and_is_told(round_, people):
    Mail.objects.all().delete()
    step = act_helpers.opine(round_, people.youngbun, "  예산을 확인해 주세요.\r\n감사합니다. ")
    assert (step.state, step.opinion) == ("signed_opinion", "예산을 확인해 주세요.\n감사합니다.")
    assert act_helpers.states(round_) == ["signed", "signed_opinion", "current", "waiting"]
    told = sorted(Mail.objects.filter(subject__startswith="[의견]").values_list("to", flat=True))
    assert told == ["heedong@example.test", "wook@example.test"]


def test_who_decides_gives_no_opinion_and_who_cooperates_returns_nothing(document, people):
    factories.set_route(
        document, people, (("wook", StepKind.DRAFT), ("dobong", StepKind.COOPERATE), ("heedong", StepKind.DECIDE))
    )
    round_ = act_helpers.submit(document)
    assert refused(act_helpers.send_back, round_, people.dobong).startswith("협조자는 반려할 수 없습니다.")
    act_helpers.sign(round_, people.dobong)
    assert refused(act_helpers.opine, round_, people.heedong).startswith("결재자는 의견을 달아 서명할 수 없습니다.")


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 2001, "NUL\x00", "\u200b"])
def test_an_opinion_and_a_return_need_a_text(round_, people, text):
    refused(act_helpers.opine, round_, people.youngbun, text)
    refused(act_helpers.send_back, round_, people.youngbun, text)
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


def test_a_return_ends_the_round_and_keeps_its_signatures(document, round_, people):
    act_helpers.sign(round_, people.youngbun)
    act_helpers.send_back(round_, people.wontaek, "참석 인원을 확인해 주세요.")
    round_.refresh_from_db()
    document.refresh_from_db()
    assert (document.state, round_.state) == ("returned", "returned")
    assert act_helpers.states(round_) == ["signed", "signed", "rejected", "cancelled"]
    mail = Mail.objects.get(subject__startswith="[반려]")
    assert (mail.to, "참석 인원을 확인해 주세요." in mail.text) == ("wook@example.test", True)
    assert f"/approvals/{round_.pk}/" in mail.text


def test_a_returned_document_goes_round_again(document, round_, people):
    act_helpers.send_back(round_, people.youngbun)
    act_helpers.redraft(document)
    again = act_helpers.submit(document)
    assert (again.number, again.edition_number) == (2, 2)
    assert again.digest != round_.digest
    assert act_helpers.states(round_) == ["signed", "rejected", "cancelled", "cancelled"]
    assert act_helpers.states(again) == ["signed", "current", "waiting", "waiting"]
    assert (
        refused(act_helpers.sign, round_, people.wontaek, digest=round_.digest)
        == "이미 끝난 결재입니다. 문서를 새로 열어 지금 상태를 확인해 주세요."
    )


def test_withdrawal_while_nobody_signed(document, round_):
    act_helpers.withdraw(document)
    document.refresh_from_db()
    round_.refresh_from_db()
    assert (document.state, round_.state) == ("withdrawn", "withdrawn")
    assert act_helpers.states(round_) == ["signed", "cancelled", "cancelled", "cancelled"]
    assert (
        Mail.objects.filter(subject__startswith="[회수]").values_list("to", flat=True).get() == "youngbun@example.test"
    )


def test_no_withdrawal_once_somebody_signed(document, round_, people):
    act_helpers.sign(round_, people.youngbun)
    assert refused(act_helpers.withdraw, document).startswith("이미 서명한 사람이 있어 회수할 수 없습니다.")


def test_states_in_which_a_verb_makes_no_sense(document, people):
    assert refused(act_helpers.withdraw, document) == "결재가 진행 중인 문서만 회수할 수 있습니다."
    assert refused(act_helpers.redraft, document) == "반려되었거나 회수한 문서만 다시 기안할 수 있습니다."
    round_ = act_helpers.submit(document)
    assert refused(act_helpers.submit, document) == "작성 중인 문서만 결재를 올릴 수 있습니다."
    assert refused(act_helpers.sign, round_, people.wontaek) == "아직 차례가 아닙니다. 앞사람이 처리하면 알려 드립니다."
    act_helpers.sign(round_, people.youngbun)
    assert refused(act_helpers.sign, round_, people.youngbun) == "이미 처리한 차례입니다."


def test_a_document_of_another_route_is_not_signed_here(people):
    document = note.write(people, route=Document.Route.ONNARA)
    factories.set_route(document, people)
    assert refused(act_helpers.submit, document) == "이 문서는 포털에서 결재하지 않는 문서입니다."


@pytest.mark.parametrize("who", ["gangbuk", "youngbun", "chair", "admin"])
def test_only_the_drafter_submits_withdraws_redrafts(document, people, who):
    other = getattr(people, who)
    told = [refused(act_helpers.submit, document, by=other)]
    act_helpers.submit(document)
    told.append(refused(act_helpers.withdraw, document, by=other))
    act_helpers.withdraw(document)
    told.append(refused(act_helpers.redraft, document, by=other))
    begins = "소속 부서와 직위가 있는" if who == "admin" else "이 문서를 기안한 사람만"
    assert [sentence.startswith(begins) for sentence in told] == [True] * 3


@pytest.mark.parametrize("who", ["wook", "wontaek", "heedong", "gangbuk", "admin"])
def test_only_whose_turn_it_is_signs(round_, people, who):
    step = act_helpers.step_of(round_, people.youngbun)
    form = act_helpers.act_params(round_.document, digest=round_.digest)
    refused(chain.sign, step, by=getattr(people, who), **form)
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


def test_a_closed_or_moved_account_signs_nothing(round_, people):
    people.youngbun.is_active = False
    people.youngbun.save()
    assert refused(act_helpers.sign, round_, people.youngbun).startswith("사용이 중지된 계정")
    people.youngbun.is_active, people.youngbun.department = True, people.dobong.department
    people.youngbun.save()
    assert refused(act_helpers.sign, round_, people.youngbun).startswith("결재를 올린 뒤 소속이 바뀌어")


def test_a_drafter_who_moved_leaves_the_document_behind(document, people):
    people.wook.department = people.dobong.department
    people.wook.save()
    assert refused(act_helpers.submit, document).startswith("소속이 바뀌어 이 문서를 처리할 수 없습니다.")


def test_blocking_findings_refuse_and_warnings_want_a_reason(document, monkeypatch):
    monkeypatch.setattr(note, "FINDINGS", [BLOCK, WARNING])
    assert (
        refused(act_helpers.submit, document, reasons={"gap": "휴식"})
        == "먼저 고쳐야 결재를 올릴 수 있습니다: 601호: 1부와 2부가 겹칩니다."
    )
    monkeypatch.setattr(note, "FINDINGS", [WARNING, Finding("info", "dash", "", "물결표가 섞였습니다.")])
    message = "그대로 올리는 사유를 적어 주세요: 1부: 14:40과 15:00 사이가 비었습니다."
    assert refused(act_helpers.submit, document) == message
    assert refused(act_helpers.submit, document, reasons={"gap": "  "}) == message
    round_ = act_helpers.submit(document, reasons={"gap": " 휴식 시간입니다. ", "unknown": "x"})
    accepted = {"code": "gap", "texts": ["1부: 14:40과 15:00 사이가 비었습니다."], "reason": "휴식 시간입니다."}
    assert round_.acts.get().detail["accepted"] == [accepted]


def test_an_old_form_is_stale_and_told_what_changed(document, round_, people):
    old = act_helpers.act_params(document, digest=round_.digest)
    act_helpers.sign(round_, people.youngbun)
    with pytest.raises(chain.StaleAct) as caught:
        chain.sign(act_helpers.step_of(round_, people.wontaek), by=people.wontaek, **old)
    assert [(act.action, act.actor) for act in caught.value.acts] == [("sign", people.youngbun)]
    assert act_helpers.states(round_) == ["signed", "signed", "current", "waiting"]


def test_a_draft_that_changed_since_it_was_shown_is_not_submitted(document, people):
    with pytest.raises(chain.StaleAct):
        act_helpers.submit(document, digest="0" * 64)
    document.refresh_from_db()
    assert (document.state, document.rounds.count(), document.acts.count()) == ("draft", 0, 0)
    assert act_helpers.submit(document, digest=note.frozen_digest(document, 1)).number == 1


def test_another_edition_than_the_signed_one_is_stale(round_, people):
    with pytest.raises(chain.StaleAct):
        act_helpers.sign(round_, people.youngbun, digest="0" * 64)
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


def test_a_form_sent_twice_gives_the_first_result(document, people):
    form = act_helpers.act_params(document)
    first = chain.submit(document, by=people.wook, **form)
    assert chain.submit(document, by=people.wook, **form) == first
    form = act_helpers.act_params(document, digest=first.digest)
    step = act_helpers.step_of(first, people.youngbun)
    signed = chain.sign(step, by=people.youngbun, **form)
    assert chain.sign(step, by=people.youngbun, **form) == signed
    assert document.acts.count() == 2


def test_every_verb_of_the_drafter_gives_its_first_result_again(document, round_, people):
    for verb, result in ((chain.withdraw, round_), (chain.redraft, document)):
        form = act_helpers.act_params(document)
        assert [verb(document, by=people.wook, **form) for _ in "ab"] == [result, result]
    assert [act.action for act in document.acts.all()] == ["submit", "withdraw", "redraft"]


def test_the_first_result_comes_before_any_other_guard(document, round_, people):
    form = act_helpers.act_params(document, digest=round_.digest)
    step = act_helpers.step_of(round_, people.youngbun)
    chain.send_back(step, by=people.youngbun, opinion="고쳐 주세요.", **form)
    people.youngbun.is_active = False
    people.youngbun.save()
    again = chain.send_back(step, by=people.youngbun, opinion="", **form | {"digest": "", "lock_version": 99})
    assert (again, again.state) == (step, "rejected")
    assert document.acts.count() == 2


def test_a_key_used_for_another_verb_is_stale(round_, people):
    form = act_helpers.act_params(round_.document, digest=round_.digest)
    step = act_helpers.step_of(round_, people.youngbun)
    chain.sign(step, by=people.youngbun, **form)
    with pytest.raises(chain.StaleAct) as caught:
        chain.send_back(step, by=people.youngbun, opinion="아니요", **form)
    assert [act.action for act in caught.value.acts] == ["sign"]


def test_a_key_of_somebody_else_or_of_another_document_tells_nothing(document, round_, people):
    form = act_helpers.act_params(document, digest=round_.digest)
    chain.sign(act_helpers.step_of(round_, people.youngbun), by=people.youngbun, **form)
    message = "화면을 새로 열어 다시 해 주세요."
    assert refused(chain.sign, act_helpers.step_of(round_, people.wontaek), by=people.wontaek, **form) == message
    other = note.write(people)
    factories.set_route(other, people)
    assert refused(chain.submit, other, by=people.wook, form_key=form["form_key"], lock_version=0) == message
    assert refused(act_helpers.submit, other, form_key="") == message
    assert refused(act_helpers.submit, other, form_key="k" * 65) == message


def test_all_cooperators_of_a_group_act_before_the_next_opens(document, people):
    line = (
        ("wook", StepKind.DRAFT, 0),
        ("dobong", StepKind.COOPERATE, 1),
        ("nowon", StepKind.COOPERATE, 1),
        ("heedong", StepKind.DECIDE, 2),
    )
    factories.set_route(document, people, line)
    round_ = act_helpers.submit(document)
    assert act_helpers.states(round_) == ["signed", "current", "current", "waiting"]
    act_helpers.opine(round_, people.nowon)
    assert act_helpers.states(round_) == ["signed", "current", "signed_opinion", "waiting"]
    act_helpers.sign(round_, people.dobong)
    assert act_helpers.states(round_) == ["signed", "signed", "signed_opinion", "current"]


def test_by_authority_stands_in_the_line(document, people):
    line = factories.set_route(document, people)
    line.steps.filter(kind=StepKind.DECIDE).update(mode=Mode.BY_AUTHORITY)
    round_ = act_helpers.submit(document)
    for who in (people.youngbun, people.wontaek, people.heedong):
        act_helpers.sign(round_, who)
    assert list(round_.steps.values_list("mode", flat=True)) == ["", "", "", "by_authority"]


def test_the_loader_may_set_the_clock_and_nobody_gets_a_mail(document, people):
    then = datetime(2015, 12, 1, 9, tzinfo=SEOUL)
    round_ = act_helpers.submit(document, at=then, is_time_assumed=True)
    act_helpers.sign(round_, people.youngbun, at=then, is_time_assumed=True)
    act_helpers.sign(round_, people.wontaek, at=then, is_time_assumed=True)
    last = act_helpers.sign(round_, people.heedong, at=datetime(2015, 12, 2, tzinfo=SEOUL))
    assert list(round_.steps.values_list("is_time_assumed", flat=True)) == [True, True, True, False]
    assert (last.round.submitted_at, last.acted_at) == (then, datetime(2015, 12, 2, tzinfo=SEOUL))
    assert Mail.objects.count() == 0
    assert verification.verify_document(document) == []


def test_the_database_refuses_a_second_running_round(document, round_):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            document=document,
            number=2,
            edition_number=2,
            digest="0",
            title="",
            department_name="",
            drafter_name="",
            submitted_at=round_.submitted_at,
        )


def test_the_database_refuses_a_signature_without_who_when_what(round_):
    with pytest.raises(IntegrityError), transaction.atomic():
        round_.steps.filter(order=1).update(state=Step.State.SIGNED)
