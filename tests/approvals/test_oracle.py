"""The chain against the oracle: the same act leads to the same state, and what the oracle does not allow is refused."""

from collections import Counter

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from approvals import chain, verify
from approvals.models import Act, Document, Step
from tests import cast
from tests.approvals import acting, note, oracle
from tests.hostile import examples

VERBS = ("submit", "withdraw", "redraft", "sign", "opine", "send_back")
OF_THE_DOCUMENT = VERBS[:3]
WHO = ("wook", "youngbun", "wontaek", "dobong", "nowon", "heedong", "gangbuk")


def write(people, line):
    found = note.write(people)
    cast.set_line(found, people, line)
    return found


def seen(document, line):
    """The rows as the oracle's value."""
    rounds = document.rounds.order_by("number")
    state = Document.objects.values_list("state", flat=True).get(pk=document.pk)
    return oracle.Paper(state, rounds.count(), tuple(tuple(acting.states(round_)) for round_ in rounds), line)


def attempt(document, people, verb, order, who):
    """Do it as anybody could try to; whether it was allowed."""
    by = getattr(people, who)
    step = (
        Step.objects.select_related("round")
        .filter(round__document=document, order=order)
        .order_by("-round__number")
        .first()
    )
    try:
        if verb in OF_THE_DOCUMENT:
            getattr(chain, verb)(document, by=by, **acting.form(document))
        elif verb == "sign":
            chain.sign(step, by=by, **acting.form(document, digest=step.round.digest))
        else:
            getattr(chain, verb)(step, by=by, opinion="글", **acting.form(document, digest=step.round.digest))
    except chain.Refused:
        return False
    return True


def tries(document, line):
    """Every verb by everybody it could be of: the drafter or a colleague, a step's signer or somebody else."""
    yield from ((verb, None, "wook") for verb in OF_THE_DOCUMENT)
    if document.rounds.exists():
        for order, (who, _, _) in enumerate(line):
            other = "gangbuk" if who == "heedong" else "heedong"
            yield from ((verb, order, who) for verb in VERBS[3:])
            yield "sign", order, other


def test_every_state_of_a_round_and_every_act_in_it(people):
    line, known, count = oracle.SHORT, set(), Counter()
    document = write(people, line)

    def walk(paper):
        known.add(paper)
        assert seen(document, line) == paper
        assert verify.verify(document) == []
        allowed = {way[:3]: way[3] for way in oracle.ways(paper)}
        for way in tries(document, line):
            with transaction.atomic():
                is_done = attempt(document, people, *way)
                assert (way, is_done) == (way, way in allowed)
                count[way[0], is_done] += 1
                if is_done:
                    assert seen(document, line) == allowed[way]
                    if allowed[way] not in known and allowed[way].editions < 2:
                        walk(allowed[way])
                transaction.set_rollback(True)

    walk(oracle.Paper(line=line))
    assert known == oracle.reachable(oracle.Paper(line=line), editions=1)
    assert {verb for verb, is_done in count if is_done} == set(VERBS)
    assert {verb for verb, is_done in count if not is_done} == set(VERBS)


@examples(15)
@given(data=st.data())
def test_long_ways_through_many_rounds(people, data):
    with transaction.atomic():
        line, paper, acts = oracle.LINE, oracle.Paper(), 0
        document = write(people, line)
        for _ in range(20):
            ways = list(oracle.ways(paper))
            if not ways:
                break
            verb, order, who, after = data.draw(st.sampled_from(ways))
            verb, order, who = data.draw(
                st.sampled_from([(verb, order, who), (verb, order, data.draw(st.sampled_from(WHO)))])
            )
            is_allowed = (verb, order, who) in {way[:3] for way in ways}
            assert attempt(document, people, verb, order, who) == is_allowed
            paper, acts = (after, acts + 1) if is_allowed else (paper, acts)
            assert seen(document, line) == paper
        assert Act.objects.filter(document=document).count() == acts
        assert verify.verify(document) == []
        transaction.set_rollback(True)
