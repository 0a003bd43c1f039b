"""The chain against the oracle: the same act leads to the same state, and what the oracle does not allow is refused."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Department, User
from approvals import chain, departures, verification
from approvals.models import Act, ApprovalRoute, Document, Step
from tests import factories
from tests.approvals import act_helpers, note, reference_model
from tests.approvals.reference_model import AllowedAct
from tests.hostile_input import examples

OF_THE_DOCUMENT = ("submit", "withdraw", "redraft")
OF_A_STEP = ("sign", "opine", "send_back")
OF_THE_LEFT = ("replace_signer", "stop", "hand_over")
VERBS = {*OF_THE_DOCUMENT, *OF_A_STEP, *OF_THE_LEFT}


@pytest.fixture
def people(people):
    """Everybody whom the oracle knows, and 심원택 as 결재 관리자."""
    for username, like in (("head", people.heedong), ("dobong2", people.dobong)):
        place = {name: getattr(like, name) for name in ("position", "level", "department")}
        setattr(people, username, User.objects.create(username=username, name=f"새 {like.name}", **place))
    Department.objects.filter(pk=people.wook.department_id).update(approval_manager=people.wontaek)
    return people


def write(people, line):
    found = note.write(people)
    factories.set_route(found, people, line)
    return found


def leave(people, gone):
    """Stop the accounts of those who have left, and open those of all others."""
    User.objects.filter(pk__in=[getattr(people, who).pk for who in reference_model.PEOPLE if who not in gone]).update(
        is_active=True
    )
    User.objects.filter(pk__in=[getattr(people, who).pk for who in gone]).update(is_active=False)


def seen(document, gone):
    """The rows as the oracle's value."""
    rounds = list(document.rounds.order_by("number"))
    own = Document.objects.select_related("drafter").get(pk=document.pk)
    steps = Step.objects.filter(round=rounds[-1]).order_by("order") if rounds else Step.objects.none()
    route = ApprovalRoute.objects.get(document=document).steps.order_by("group", "order")
    assert own.drafter.username == route[0].user.username
    return reference_model.DocumentState(
        own.state,
        len(rounds),
        tuple(tuple(act_helpers.states(round_)) for round_ in rounds),
        tuple(route.values_list("user__username", "kind", "group")),
        tuple(steps.values_list("signer__username", "kind", "group")),
        gone,
    )


def attempt(document, people, way):
    """Do it as anybody could try to; whether it was allowed."""
    by = getattr(people, way.who)
    step = Step.objects.select_related("round").filter(round__document=document, order=way.order)
    step = step.order_by("-round__number").first()
    given = {"by": by, **act_helpers.act_params(document)}
    try:
        if way.verb in OF_THE_DOCUMENT:
            getattr(chain, way.verb)(document, **given)
        elif way.verb == "replace_signer":
            chain.replace_signer(step, to=getattr(people, way.to), reason="인사이동", **given)
        elif way.verb in OF_THE_LEFT:
            getattr(chain, way.verb)(document, reason="인사이동", **given)
        else:
            opinion = {} if way.verb == "sign" else {"opinion": "글"}
            getattr(chain, way.verb)(step, digest=step.round.digest, **opinion, **given)
    except chain.ActRefused:
        return False
    return True


def tries(document, line):
    """Every verb by everybody it could be of: the drafter or a colleague, a step's signer or somebody else."""
    yield from (AllowedAct(verb, None, "wook") for verb in OF_THE_DOCUMENT)
    yield AllowedAct("hand_over", None, "gangbuk")
    if document.rounds.exists():
        yield AllowedAct("stop", None, reference_model.MANAGER)
        yield AllowedAct("replace_signer", len(line) - 1, reference_model.MANAGER, "head")
        for order, (who, _, _) in enumerate(line):
            other = "gangbuk" if who == "heedong" else "heedong"
            yield from (AllowedAct(verb, order, who) for verb in OF_A_STEP)
            yield AllowedAct("sign", order, other)


def of_the_left(line, *, has_round):
    """What is to be done where somebody has left, by who may and by others, with whom it may be and with others."""
    if has_round:
        yield from (AllowedAct("stop", None, who) for who in (reference_model.MANAGER, "gangbuk"))
        last = len(line) - 1
        yield from (AllowedAct("replace_signer", last, reference_model.MANAGER, to) for to in ("head", "gangbuk"))
        yield AllowedAct("replace_signer", last, "gangbuk", "head")
    yield from (AllowedAct("hand_over", None, who) for who in ("gangbuk", "youngbun", "dobong"))


def check(document, people, way, *, paper, after, count):
    """Do one act and undo it: it is allowed where the oracle has an ``after`` for it, and leads there."""
    with transaction.atomic():
        is_done = attempt(document, people, way)
        assert (way, is_done) == (way, after is not None)
        count[way.verb, is_done] += 1
        if is_done:
            assert seen(document, paper.gone) == after
        transaction.set_rollback(True)


def check_rights(document, people, paper):
    """Whom the pages offer these acts, and whom they offer for a place, is whom the oracle lets do it."""
    fresh = Document.objects.select_related("drafter", "department").get(pk=document.pk)
    takers = {who for who in reference_model.PEOPLE if departures.can_take_over(User.objects.get(username=who), fresh)}
    allowed = {way.who for way, _ in reference_model.allowed_acts(paper) if way.verb == "hand_over"}
    assert takers - paper.gone == allowed
    steps = Step.objects.filter(round__document=fresh, state__in=departures.PENDING_STEP_STATES).select_related(
        "signer", "round__document", "department"
    )
    offered = {
        step.order: {user.username for user in departures.replacement_candidates(step)}
        for step in departures.blocked_steps(steps)
    }
    assert offered == {order: reference_model.candidates(paper, order) for order in reference_model.stuck_steps(paper)}


@pytest.mark.long
@pytest.mark.postgresql_is_enough
def test_every_state_of_a_round_and_every_act_in_it(people):
    """And, in each of these states, every act after one of the line has left."""
    line, known, count = reference_model.SHORT_ROUTE, set(), Counter()
    document = write(people, line)

    def walk(paper):
        known.add(paper)
        assert seen(document, paper.gone) == paper
        assert verification.verify_document(document) == []
        allowed = dict(reference_model.allowed_acts(paper))
        for way in tries(document, line):
            check(document, people, way, paper=paper, after=allowed.get(way), count=count)
        for gone in ("wook", "heedong"):
            left(paper.without(gone))
        for way, after in allowed.items():
            if after not in known and after.editions < 2:
                with transaction.atomic():
                    assert attempt(document, people, way)
                    walk(after)
                    transaction.set_rollback(True)

    def left(paper):
        with transaction.atomic():
            leave(people, paper.gone)
            check_rights(document, people, paper)
            allowed = dict(reference_model.allowed_acts(paper))
            for way in of_the_left(line, has_round=document.rounds.exists()):
                check(document, people, way, paper=paper, after=allowed.get(way), count=count)
            transaction.set_rollback(True)

    walk(reference_model.DocumentState(line=line))
    assert known == reference_model.reachable(reference_model.DocumentState(line=line), editions=1)
    assert {verb for verb, is_done in count if is_done} == VERBS
    assert {verb for verb, is_done in count if not is_done} == VERBS


@pytest.mark.long
@pytest.mark.postgresql_is_enough
@examples(25)
@given(data=st.data())
def test_long_ways_through_many_rounds(people, data):
    """People leave and come back between the acts."""
    with transaction.atomic():
        paper, acts = reference_model.DocumentState(), 0
        document = write(people, paper.line)
        for _ in range(20):
            gone = data.draw(st.sets(st.sampled_from(sorted(reference_model.PEOPLE)), max_size=2))
            paper = paper.without(*data.draw(st.sampled_from([paper.gone, paper.gone, gone])))
            leave(people, paper.gone)
            check_rights(document, people, paper)
            ways = dict(reference_model.allowed_acts(paper))
            if not ways:
                continue
            verb = data.draw(st.sampled_from(sorted({way.verb for way in ways})))
            way = data.draw(st.sampled_from(sorted(way for way in ways if way.verb == verb)))
            way = way._replace(who=data.draw(st.sampled_from([way.who, *sorted(reference_model.PEOPLE)])))
            assert (way, attempt(document, people, way)) == (way, way in ways)
            paper, acts = (ways[way], acts + 1) if way in ways else (paper, acts)
            assert seen(document, paper.gone) == paper
        assert Act.objects.filter(document=document).count() == acts
        assert verification.verify_document(document) == []
        transaction.set_rollback(True)
