"""The proof: acts that the database itself keeps, and faults that verification names."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from approvals import proof, verification
from approvals.models import Act, Document, Round, Seal
from rows import database_rules
from tests import factories
from tests.approvals import act_helpers, note


@pytest.fixture
def approved(round_, people):
    """A document that came back once and was then decided: two rounds, seven acts, two seals."""
    act_helpers.send_back(round_, people.youngbun)
    act_helpers.redraft(round_.document)
    second = act_helpers.submit(round_.document)
    for who in (people.youngbun, people.wontaek, people.heedong):
        act_helpers.sign(second, who)
    return Document.objects.get(pk=round_.document_id)


@pytest.fixture
def forger(people):
    """Somebody who can write to the database file: the triggers are out of the way until the test's rollback."""
    database_rules.drop_triggers()


def told(document):
    return [str(fault) for fault in verification.verify_document(document)]


@pytest.mark.parametrize("table", ["approvals_act", "approvals_seal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET hash = 'x'", "UPDATE {} SET number = number + 100", "DELETE FROM {}"]
)
def test_the_database_itself_refuses(approved, table, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert told(approved) == []


@pytest.mark.parametrize("table", ["approvals_round", "approvals_step"])
def test_rounds_and_steps_are_never_deleted(approved, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
    assert told(approved) == []


def test_chains_hold(approved):
    acts = list(approved.acts.all())
    assert [act.number for act in acts] == [1, 2, 3, 4, 5, 6, 7]
    assert acts[0].previous == proof.genesis_hash(approved.pk, acts[0].digest)
    assert [act.previous for act in acts[1:]] == [act.hash for act in acts[:-1]]
    seals = list(Seal.objects.all())
    assert [seal.head for seal in seals] == [acts[1].hash, acts[6].hash]
    assert [seal.previous for seal in seals] == [proof.GENESIS_SEAL_HASH, seals[0].hash]
    assert (told(approved), verification.verify_seals()) == ([], [])


@pytest.mark.usefixtures("forger")
def test_every_column_of_an_act_is_under_its_hash(approved, people):
    changed = {
        "opinion": "고친 글",
        "detail": {"x": 1},
        "lock_version": 99,
        "digest": "0" * 64,
        "is_time_assumed": True,
        "form_key": "other",
        "action": "sign",
        "actor": people.chair,
        "round": approved.rounds.first(),
        "step": None,
        "at": approved.acts.first().at,
    }
    for name, value in changed.items():
        act = approved.acts.get(number=2)
        assert getattr(act, name) != value
        before = act.hash
        setattr(act, name, value)
        assert proof.act_hash(act) != before, name
    covered = {*changed, "id", "hash", "document", "number", "previous"}
    assert {field.name for field in Act._meta.concrete_fields} == covered


@pytest.mark.usefixtures("forger")
@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"opinion": "참석 인원을 확인해 주세요!"}, ["처리 2: 내용이 바뀌었습니다."]),
        (
            {"hash": "f" * 64},
            [
                "처리 2: 내용이 바뀌었습니다.",
                "처리 3: 앞의 처리와 이어지지 않습니다.",
                "1차: 봉인된 마지막 처리가 없습니다. 뒷부분이 빠졌습니다.",
            ],
        ),
    ],
)
def test_a_flipped_byte_is_named(approved, change, faults):
    approved.acts.filter(number=2).update(**change)
    assert told(approved) == faults


@pytest.mark.usefixtures("forger")
def test_an_act_replaced_with_its_hash_breaks_the_next(approved):
    act = approved.acts.get(number=4)
    act.opinion = "찬성"
    act.hash = proof.act_hash(act)
    act.save()
    assert told(approved) == ["처리 5: 앞의 처리와 이어지지 않습니다."]


@pytest.mark.usefixtures("forger")
def test_an_act_left_out_is_named(approved):
    approved.acts.filter(number=4).delete()
    assert told(approved) == ["처리 4: 빠졌습니다."]


@pytest.mark.usefixtures("forger")
def test_a_missing_tail_of_an_ended_round_is_named(approved):
    approved.acts.filter(number=7).delete()
    assert told(approved) == ["2차: 봉인된 마지막 처리가 없습니다. 뒷부분이 빠졌습니다."]


@pytest.mark.usefixtures("forger")
def test_a_missing_tail_of_a_running_round_is_named(round_, people):
    act_helpers.sign(round_, people.youngbun)
    round_.document.acts.filter(number=2).delete()
    assert told(round_.document) == [
        "1차, 차례 1: ‘서명’ 상태가 처리와 다릅니다.",
        "1차, 차례 2: ‘대기’ 상태가 처리와 다릅니다.",
    ]


@pytest.mark.usefixtures("forger")
def test_a_missing_redraft_is_named(round_, people):
    act_helpers.send_back(round_, people.youngbun)
    act_helpers.redraft(round_.document)
    round_.document.acts.filter(number=3).delete()
    assert told(round_.document) == ["문서: ‘작성중’ 상태가 처리와 다릅니다."]


@pytest.mark.usefixtures("forger")
def test_all_acts_gone_are_named(approved):
    approved.acts.all().delete()
    assert told(approved) == [f"{number}차: 봉인된 마지막 처리가 없습니다. 뒷부분이 빠졌습니다." for number in (1, 2)]


@pytest.mark.usefixtures("forger")
def test_a_seal_left_out_is_named_in_both_places(approved):
    Seal.objects.filter(number=2).delete()
    assert told(approved) == ["2차: 끝난 차수의 봉인이 없습니다."]
    Seal.objects.create(
        number=2, document=approved, head="0" * 64, at=approved.acts.last().at, previous="1" * 64, hash="2" * 64
    )
    assert [str(fault) for fault in verification.verify_seals()] == [
        "봉인 2: 내용이 바뀌었습니다.",
        "봉인 2: 앞의 봉인과 이어지지 않습니다.",
    ]
    Seal.objects.filter(number=1).delete()
    assert [str(fault) for fault in verification.verify_seals()] == ["봉인 1: 빠졌습니다."]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "김희동"}, "2차, 차례 1: 결재선이 결재를 올릴 때와 다릅니다."),
        ({"position": "부구청장"}, "2차, 차례 1: 결재선이 결재를 올릴 때와 다릅니다."),
        ({"mode": "by_authority"}, "2차, 차례 1: 결재선이 결재를 올릴 때와 다릅니다."),
        ({"opinion": "지어낸 의견"}, "2차, 차례 1: ‘서명’ 상태가 처리와 다릅니다."),
        ({"digest": "0" * 64}, "2차, 차례 1: ‘서명’ 상태가 처리와 다릅니다."),
        ({"state": "signed_opinion"}, "2차, 차례 1: ‘의견서명’ 상태가 처리와 다릅니다."),
    ],
)
def test_a_step_that_the_acts_do_not_tell(approved, change, fault):
    approved.rounds.get(number=2).steps.filter(order=1).update(**change)
    assert told(approved) == [fault]


@pytest.mark.parametrize("change", [{"title": "다른 제목"}, {"edition_number": 7}, {"state": "returned"}])
def test_a_round_that_the_acts_do_not_tell(approved, change):
    approved.rounds.filter(number=2).update(**change)
    assert told(approved)[0] == "2차: 차수, 판, 제목이나 상태가 처리와 다릅니다."


def test_a_number_or_a_time_of_a_round_that_the_acts_do_not_tell(approved):
    second = approved.rounds.filter(number=2)
    second.update(submitted_at=approved.acts.first().at)
    assert told(approved) == ["2차: 올린 때나 끝난 때가 처리와 다릅니다."]
    second.update(submitted_at=approved.acts.get(number=4).at, number=7)
    assert told(approved) == ["7차: 차수, 판, 제목이나 상태가 처리와 다릅니다."]


def test_a_kind_of_document_that_there_is_not_is_a_fault(approved):
    Document.objects.filter(pk=approved.pk).update(kind="unknown")
    assert told(approved) == ["문서: 모르는 문서 종류입니다: unknown"]


def test_a_state_that_the_acts_do_not_tell(approved):
    Document.objects.filter(pk=approved.pk).update(state=Document.State.DRAFT)
    assert told(approved) == ["문서: ‘작성중’ 상태가 처리와 다릅니다."]
    Document.objects.filter(pk=approved.pk).update(state=Document.State.REGISTERED)
    assert told(approved) == []


def test_an_edition_changed_after_its_signatures_is_named(approved):
    Document.objects.filter(pk=approved.pk).update(title="고쳐 쓴 제목")
    assert told(approved) == [f"{number}차: 서명한 판의 내용이 바뀌었습니다." for number in (1, 2)]


def test_the_command_names_every_document_and_the_total(approved, people):
    fresh = note.write(people)
    out = StringIO()
    call_command("verify_chain", stdout=out)
    assert out.getvalue().splitlines() == [
        f"문서 {approved.pk}: 이상 없음",
        f"문서 {fresh.pk}: 이상 없음",
        "문서 2건, 이상 없음",
    ]


@pytest.mark.usefixtures("forger")
def test_the_command_fails_and_names_the_place(approved, people):
    other = note.write(people)
    factories.set_route(other, people)
    act_helpers.submit(other)
    approved.acts.filter(number=2).update(opinion="")
    out = StringIO()
    with pytest.raises(CommandError, match="문서 2건 가운데 이상 1건") as caught:
        call_command("verify_chain", stdout=out)
    assert caught.value.returncode == 1
    assert out.getvalue().splitlines() == [
        f"문서 {approved.pk}: 처리 2: 내용이 바뀌었습니다.",
        f"문서 {other.pk}: 이상 없음",
    ]


def test_rounds_end_in_one_order_for_all_documents(people):
    for _ in range(3):
        document = note.write(people)
        factories.set_route(document, people)
        act_helpers.submit(document)
        act_helpers.withdraw(document)
    assert [seal.number for seal in Seal.objects.all()] == [1, 2, 3]
    assert verification.verify_seals() == []
    assert Round.objects.filter(state="withdrawn").count() == 3
