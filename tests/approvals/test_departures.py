"""Nobody's leaving stops a document: another signer, an end with a reason, or a colleague who takes the draft over."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import users
from accounts.models import Department, Level, Mail, User
from approvals import chain, departures, verification
from approvals.models import Document, Round, Step
from tests import factories
from tests.approvals import act_helpers, note
from tests.approvals.reference_model import ROUTE
from tests.approvals.test_load import at_once
from tests.visitor import Visitor

REASON = "인사이동"


@pytest.fixture
def manager(people) -> User:
    """심원택 is 결재 관리자 of his office."""
    Department.objects.filter(pk=people.wook.department_id).update(approval_manager=people.wontaek)
    return people.wontaek


@pytest.fixture
def newcomer(people) -> User:
    """A team head who came in the place of the one who left."""
    old = people.youngbun
    return User.objects.create_user(
        "newcomer",
        name="새 팀장",
        position=old.position,
        level=old.level,
        department=old.department,
        mail="n@example.test",
    )


def leave(user: User, *, to: Department | None = None) -> None:
    """The account is stopped, or moved to another office."""
    User.objects.filter(pk=user.pk).update(**({"department": to} if to else {"is_active": False}))
    user.refresh_from_db()


def replace(round_, step, to, by, **given):
    form = act_helpers.act_params(round_.document, reason=REASON) | given
    return chain.replace_signer(step, to=to, by=by, **form)


@pytest.mark.parametrize("is_moved", [False, True])
def test_another_signer_takes_the_place_and_the_round_goes_on(round_, people, manager, newcomer, is_moved):
    office = people.youngbun.department
    leave(people.youngbun, to=people.dobong.department if is_moved else None)
    step = act_helpers.step_of(round_, people.youngbun)
    replaced = replace(round_, step, newcomer, manager)
    assert (replaced.signer, replaced.name, replaced.state) == (newcomer, "새 팀장", Step.State.CURRENT)
    act = round_.acts.last()
    assert (act.action, act.opinion, act.actor, act.detail["old"]["name"]) == (
        "replace_signer",
        REASON,
        manager,
        "이영분",
    )
    assert {key: act.detail["old"][key] for key in ("signer", "department", "department_name")} == {
        "signer": people.youngbun.pk,
        "department": office.pk,
        "department_name": str(office),
    }
    told = {mail.to for mail in Mail.objects.filter(subject__startswith="[결재자 변경]")}
    assert told == {"wook@example.test"} | ({"youngbun@example.test"} if is_moved else set())
    changed = Mail.objects.filter(subject__startswith="[결재자 변경]")
    assert {mail.to for mail in changed if "/approvals/" in mail.text} == {"wook@example.test"}
    assert Mail.objects.filter(to="n@example.test", subject__startswith="[검토 요청]").count() == 1
    for who in (newcomer, people.wontaek, people.heedong):
        act_helpers.sign(round_, who)
    round_.refresh_from_db()
    assert (round_.state, verification.verify_document(round_.document)) == (Round.State.APPROVED, [])


def test_who_may_and_whom(round_, people, manager, newcomer):
    step = act_helpers.step_of(round_, people.youngbun)
    wrong = [(newcomer, manager)]  # she is there
    for to, by in wrong:
        with pytest.raises(chain.ActRefused, match="결재할 수 있는 사람"):
            replace(round_, step, to, by)
    leave(people.youngbun)
    below, elsewhere = people.gangbuk, people.dobong
    User.objects.filter(pk=elsewhere.pk).update(level=Level.MAYOR)
    for to in (below, elsewhere, people.wook, people.heedong, people.youngbun):
        with pytest.raises(chain.ActRefused, match="맡을 수 없는 사람"):
            replace(round_, step, to, manager)
    for by in (people.wook, people.heedong, people.dobong):
        with pytest.raises(chain.ActRefused, match="결재 관리자만"):
            replace(round_, step, newcomer, by)
    with pytest.raises(chain.ActRefused, match="사유"):
        replace(round_, step, newcomer, manager, reason=" ")
    leave(manager, to=people.dobong.department)
    with pytest.raises(chain.ActRefused, match="결재 관리자만"):
        replace(round_, step, newcomer, manager)
    assert (Step.objects.get(pk=step.pk).signer, round_.acts.count()) == (people.youngbun, 1)


def test_a_round_is_ended_with_its_reason_and_can_be_drafted_again(round_, people, manager, newcomer):
    document = round_.document
    with pytest.raises(chain.ActRefused, match="모두 결재할 수 있는"):
        chain.stop(document, by=manager, reason=REASON, **act_helpers.act_params(document))
    leave(people.heedong)  # whose turn is still to come
    chain.stop(document, by=manager, reason=REASON, **act_helpers.act_params(document))
    round_.refresh_from_db()
    assert (round_.state, act_helpers.states(round_)[1:]) == (Round.State.WITHDRAWN, ["cancelled"] * 3)
    assert {mail.to for mail in Mail.objects.filter(subject__startswith="[결재 중단]")} == {
        "wook@example.test",
        "youngbun@example.test",
    }
    with pytest.raises(chain.ActRefused, match="진행 중인 결재에서만"):
        replace(round_, act_helpers.step_of(round_, people.heedong), newcomer, manager)
    act_helpers.redraft(document)
    assert verification.verify_document(document) == []


@pytest.mark.parametrize("state", ["draft", "running", "returned", "redrafted"])
def test_a_colleague_takes_the_draft_over_in_every_state(document, people, state):
    if state != "draft":
        round_ = act_helpers.submit(document)
    if state in {"returned", "redrafted"}:
        act_helpers.send_back(round_, people.youngbun)
    if state == "redrafted":
        act_helpers.redraft(document)
    with pytest.raises(chain.ActRefused, match="계속 맡고"):
        chain.hand_over(document, by=people.gangbuk, reason=REASON, **act_helpers.act_params(document))
    leave(people.wook)
    with pytest.raises(chain.ActRefused, match="같은 처리과"):
        chain.hand_over(document, by=people.dobong, reason=REASON, **act_helpers.act_params(document))
    chain.hand_over(document, by=people.gangbuk, reason=REASON, **act_helpers.act_params(document))
    document.refresh_from_db()
    assert (document.drafter, verification.verify_document(document)) == (people.gangbuk, [])
    shown = "" if state == "draft" else round_.digest  # of the newest round, one that has ended too
    assert document.acts.last().digest == shown
    if state == "running":
        act_helpers.withdraw(document)
    if state in {"running", "returned"}:
        act_helpers.redraft(document)
    again = act_helpers.submit(document)
    assert (again.drafter_name, act_helpers.step_of(again, people.gangbuk).state) == ("강북구 담당", Step.State.SIGNED)
    assert verification.verify_document(document) == []


def test_a_form_sent_twice_gives_the_first_result(round_, people, manager, newcomer):
    document, step = round_.document, act_helpers.step_of(round_, people.youngbun)
    for user in (people.wook, people.youngbun, people.heedong):
        leave(user)
    acts = [
        (lambda **form: chain.replace_signer(step, to=newcomer, by=manager, **form), step),
        (lambda **form: chain.hand_over(document, by=people.gangbuk, **form), document),
        (lambda **form: chain.stop(document, by=manager, **form), round_),
    ]
    for act, result in acts:
        form = act_helpers.act_params(document, reason=REASON)
        assert [act(**form) for _ in "ab"] == [result, result]
    assert [act.action for act in document.acts.all()] == ["submit", "replace_signer", "hand_over", "stop"]


def test_who_still_has_to_sign_does_not_take_the_draft_over(round_, people):
    leave(people.wook)
    with pytest.raises(chain.ActRefused, match="아직 처리할 차례"):
        chain.hand_over(round_.document, by=people.youngbun, reason=REASON, **act_helpers.act_params(round_.document))


def test_a_signer_or_a_drafter_that_no_act_explains_is_found(round_, people, manager, newcomer):
    leave(people.youngbun)
    replace(round_, act_helpers.step_of(round_, people.youngbun), newcomer, manager)
    Step.objects.filter(signer=newcomer).update(signer=people.youngbun)
    Document.objects.update(drafter=people.gangbuk)
    texts = [fault.text for fault in verification.verify_document(round_.document)]
    assert texts == ["결재선이 결재를 올릴 때와 다릅니다.", "기안자가 처리와 다릅니다."]


@pytest.mark.django_db(transaction=True)
def test_replaced_and_signed_at_once_one_wins(people, document, manager, newcomer):
    """She is moved while her page is open, comes back, and signs at the moment at which she is replaced."""
    round_ = act_helpers.submit(document)
    step = act_helpers.step_of(round_, people.youngbun)
    home = people.youngbun.department
    forms = [act_helpers.act_params(document, reason=REASON) for _ in range(3)]
    signs = [act_helpers.act_params(document, digest=round_.digest) for _ in range(3)]
    User.objects.filter(pk=people.heedong.pk).update(is_active=False)
    last = act_helpers.step_of(round_, people.heedong)
    head = User.objects.create_user(
        "head", name="새 국장", position="주민생활국장", level=Level.BUREAU_HEAD, department=home
    )
    results = at_once(
        [
            *(lambda form=form: chain.replace_signer(last, to=head, by=manager, **form) for form in forms),
            *(lambda form=form: chain.sign(step, by=people.youngbun, **form) for form in signs),
        ]
    )
    assert results.count("StaleAct") == 5
    assert (document.acts.count(), verification.verify_document(document)) == (2, [])


# ── as it is drawn ──────────────────────────────────────────────────────────────────────────────
def test_the_page_says_who_can_help_and_lets_them(round_, people, newcomer):
    path = f"/approvals/{round_.pk}/"
    leave(people.youngbun)
    page = Visitor("wook").open(path)
    assert "전출·퇴직 등으로 결재할 수 없는 결재자가 있어 결재가 멈춥니다: 사회적일자리팀장 이영분." in page.text
    assert "결재 관리자가 없습니다. 시스템 관리자(시스템 관리자)에게" in page.text
    Department.objects.filter(pk=people.wook.department_id).update(approval_manager=people.wontaek)
    page = Visitor("wook").open(path)
    assert "결재 관리자 심원택 일자리지원과장님이 결재자를 바꾸거나" in page.text
    assert (page.has("결재자 바꾸기"), page.has("결재 중단하기")) == (False, False)
    page = Visitor("wontaek").open(path)
    empty = page.form("결재자 바꾸기").press()
    assert (empty.status, empty.errors[:2]) == (422, ["새 결재자를 고르세요.", "사유를 적어 주세요."])
    form = page.form("결재자 바꾸기").fill("새 결재자", f"{newcomer} ({newcomer.department})").fill("사유", REASON)
    after = form.press().follow()
    assert "결재자 변경: 사회적일자리팀장 이영분 → 사회적일자리팀장 새 팀장" in after.text
    assert "결재가 멈춥니다" not in after.text
    other = page.form("결재 중단하기").fill("사유", REASON).press()  # the page of before
    assert (other.status, round_.acts.count()) == (409, 2)


def test_the_round_is_ended_and_the_draft_taken_over_by_hand(round_, people, manager):
    path = f"/approvals/{round_.pk}/"
    leave(people.wook)
    page = Visitor("wontaek").open(path).form("결재 중단하기").fill("사유", REASON).press().follow()
    assert "결재를 중단했습니다" in page.text
    page = Visitor("gangbuk").open(path)
    assert "기안자 이욱 주무관님이 전출·퇴직 등으로 이 문서를 처리할 수 없습니다." in page.text
    after = page.form("기안 넘겨받기").fill("사유", REASON).press().follow()
    assert Document.objects.get().drafter == people.gangbuk
    assert after.has("다시 기안하기")


def test_stopping_an_account_says_what_waits_for_it(round_, people):
    def said(user: User) -> str:
        return Visitor("admin").open(f"/desk/accounts/{user.pk}/").text

    assert "이 직원이 결재할 문서가 1건 있습니다" in said(people.youngbun)
    assert "결재 관리자가 아직 없는 처리과: 강북구 일자리지원과" in said(people.youngbun)
    assert "기안한 문서 1건이 끝나지 않았습니다" in said(people.wook)
    assert "이 직원이" not in said(people.dobong)
    users.deactivate(people.youngbun, by=people.admin)
    assert departures.describe_departures(round_.document, list(round_.steps.select_related("signer")))[0].startswith(
        "전출·퇴직 등으로"
    )


def test_strangers_find_nothing(round_, people):
    client = Client()
    client.force_login(people.dobong)
    paths = [f"/approvals/{round_.pk}/stop/", f"/approvals/{round_.pk}/replace/1/"]
    paths.append(f"/approvals/documents/{round_.document_id}/hand-over/")
    assert [client.post(path).status_code for path in paths] == [404] * 3


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ("heedong", "같은 기관(강북구)에서 직급이 같거나 높고"),
        ("dobong", "도봉구 도봉구 담당부서에서 이 결재선에 없는"),
    ],
)
def test_where_nobody_can_take_the_place_the_page_says_what_to_do(people, gone, why):
    document = note.write(people)
    factories.set_route(document, people, ROUTE)
    Department.objects.filter(pk=people.wook.department_id).update(approval_manager=people.wontaek)
    round_ = act_helpers.submit(document)
    leave(getattr(people, gone))
    page = Visitor("wontaek").open(f"/approvals/{round_.pk}/")
    assert "이 자리를 맡을 사람이 포털에 없습니다." in page.text
    assert why in page.text
    assert (page.has("결재자 바꾸기"), page.has("결재 중단하기")) == (False, True)
