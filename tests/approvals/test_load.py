"""Forty people at once; `python -m tests.load_test` prints the same for any number of turns."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from approvals import chain, verification
from approvals.models import Act, Document, Seal
from tests import factories, load_test
from tests.approvals import act_helpers, note

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts):
    """Run functions in threads of their own from one moment on; what each returned or raised, in order."""
    results, start = [None] * len(acts), threading.Barrier(len(acts))

    def one(place, act):
        try:
            start.wait()
            results[place] = act()
        except (chain.StaleAct, chain.ActRefused) as said:
            results[place] = type(said).__name__
        finally:
            connection.close()

    crowd = [threading.Thread(target=one, args=place) for place in enumerate(acts)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return results


def test_forty_people_sign_send_back_and_submit_the_same_documents(people):
    found = load_test.run_load(people, turns=5, documents=5)
    assert (found["errors"], found["double"], found["lost"], found["faults"]) == (0, 0, 0, 0)
    assert found["done"] + found["stale"] + found["refused"] == 200
    assert found["done"] >= found["acts"] > 5


def test_one_form_sent_by_two_clicks_at_once_is_done_once(document, people):
    form = act_helpers.act_params(document)
    rounds = at_once([lambda: chain.submit(document, by=people.wook, **form)] * 8)
    assert len(set(rounds)) == 1
    assert (Act.objects.count(), document.rounds.count()) == (1, 1)


def test_one_key_on_two_documents_at_once_is_good_for_one(people):
    documents = [note.write(people, f"문서 {number}") for number in range(8)]
    for document in documents:
        factories.set_route(document, people)
    key = uuid4().hex
    results = at_once(
        [
            lambda document=document: chain.submit(document, by=people.wook, form_key=key, lock_version=0)
            for document in documents
        ]
    )
    assert sorted(result for result in results if isinstance(result, str)) == ["ActRefused"] * 7
    assert Act.objects.count() == Document.objects.filter(state="running").count() == 1


def test_signature_and_withdrawal_at_once_leave_one(document, round_, people):
    step = act_helpers.step_of(round_, people.youngbun)
    forms = [act_helpers.act_params(document, digest=round_.digest) for _ in range(4)]
    signs = [lambda form=form: chain.sign(step, by=people.youngbun, **form) for form in forms]
    keys = [act_helpers.act_params(document) for _ in range(4)]
    takes = [lambda form=form: chain.withdraw(document, by=people.wook, **form) for form in keys]
    results = at_once([*signs, *takes])
    assert results.count("StaleAct") == 7
    assert (Act.objects.count(), verification.verify_document(document)) == (2, [])


def test_rounds_that_end_at_once_are_sealed_one_after_the_other(people):
    documents = [note.write(people, f"문서 {number}") for number in range(12)]
    for document in documents:
        factories.set_route(document, people)
        act_helpers.submit(document)
    forms = [act_helpers.act_params(document) for document in documents]
    at_once(
        [
            lambda document=document, form=form: chain.withdraw(document, by=people.wook, **form)
            for document, form in zip(documents, forms, strict=True)
        ]
    )
    assert list(Seal.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert [faults for _, faults in verification.verify_all() if faults] == []
