"""Many people at once on the same documents: `python -m tests.load_test` prints what came of it, and fails if anything did.

It makes a database of its own, SQLite or the one of DATABASE_URL (`python -m tests.postgres python -m tests.load_test`).
Every thread has a connection of its own and acts on what it has just read, as a person with an open page does: half of
them with a key that somebody else's click may carry too. Only Stale and Refused may answer them.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from random import Random
from types import SimpleNamespace
from uuid import uuid4

THREADS, TURNS, DOCUMENTS = 40, 20, 8


def run_load(
    people: SimpleNamespace, *, threads: int = THREADS, turns: int = TURNS, documents: int = DOCUMENTS
) -> Counter:
    """Let ``threads`` act ``turns`` times each on the same ``documents``; return how often what happened.

    Keys: done, stale, refused, errors, double (signatures), lost (acts answered but not kept), faults (of the proof).
    """
    from django.db import connection

    from approvals import verification
    from approvals.models import Act, Document

    keys = [document.pk for document in make_documents(people, documents)]
    outcome, errors, answered, start = Counter(), [], set(), threading.Barrier(threads)

    def unfinished() -> list[int]:
        return list(Document.objects.exclude(state=Document.State.APPROVED).values_list("pk", flat=True))

    def one(seed: int) -> None:
        chance = Random(seed)  # noqa: S311 (chance, not secrecy)
        try:
            start.wait()
            if connection.vendor == "sqlite":  # who gives up after 8 seconds on a slow machine is another question
                connection.cursor().execute("PRAGMA busy_timeout = 120000")
            for _ in range(turns):
                result, key = attempt(people, chance.choice(unfinished() or keys), chance)
                outcome[result] += 1
                answered.update({key} if result == "done" else ())
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what the storm is looking for)
            errors.append(repr(error))
        finally:
            connection.close()

    crowd = [threading.Thread(target=one, args=(seed,)) for seed in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    for error in errors:
        sys.stderr.write(f"{error}\n")
    outcome["errors"] = len(errors)
    outcome["double"] = count_double_signatures()
    outcome["lost"] = len(answered ^ set(Act.objects.values_list("form_key", flat=True)))
    outcome["faults"] = sum(len(faults) for _, faults in verification.verify_all())
    outcome["approved"] = Document.objects.filter(state=Document.State.APPROVED).count()
    outcome["acts"] = Act.objects.count()
    return outcome


def make_documents(people: SimpleNamespace, count: int) -> list:
    """Drafts with a line of two reviewers, two cooperators in parallel, and who decides."""
    from tests import factories
    from tests.approvals import note, reference_model

    documents = [note.write(people, f"문서 {number}") for number in range(count)]
    for document in documents:
        factories.set_route(document, people, reference_model.ROUTE)
    return documents


def attempt(people: SimpleNamespace, number: int, chance: Random) -> tuple[str, str]:
    """Read one document, and do what its page offers to somebody, or what it does not; the outcome, and the form's key."""
    from approvals import chain
    from approvals.models import Document, Step

    document = Document.objects.get(pk=number)
    steps = list(
        Step.objects.filter(round__document=document)
        .order_by("-round__number", "order")
        .select_related("round", "signer")
    )
    verb, step = choose(document, steps, chance)
    who = step.signer.username if step else "wook"
    shared = f"{number}-{document.lock_version}-{verb}-{who}"
    form = {
        "by": getattr(people, who),
        "lock_version": document.lock_version,
        "form_key": shared if chance.random() < 0.5 else uuid4().hex,
    }
    if step:
        form["digest"] = step.round.digest
    if verb in {"opine", "send_back"}:
        form["opinion"] = "표를 고쳐 주세요."
    try:
        getattr(chain, verb)(step or document, **form)
    except chain.StaleAct:
        return "stale", form["form_key"]
    except chain.ActRefused:
        return "refused", form["form_key"]
    return "done", form["form_key"]


def choose(document, steps: list, chance: Random) -> tuple[str, object]:
    """Return a verb and the step it is for: mostly of those whose turn it is, now and then of somebody else."""
    if not steps or document.state == "draft":
        return "submit", None
    if document.state in {"returned", "withdrawn"}:
        return "redraft", None
    newest = [step for step in steps if step.round_id == steps[0].round_id]
    turn = [step for step in newest if step.state == "current"]
    if chance.random() < 0.05:
        return "withdraw", None
    verb = chance.choices(("sign", "opine", "send_back"), (4, 2, 2))[0]
    return verb, chance.choice(turn if turn and chance.random() < 0.9 else newest)


def count_double_signatures() -> int:
    """Steps signed more than once, rounds submitted or ended more than once."""
    from django.db.models import Count

    from approvals.models import Act, Round

    signed = (
        Act.objects.filter(step__isnull=False).values("step").annotate(count=Count("pk")).filter(count__gt=1).count()
    )
    ends = (
        Act.objects.filter(action__in=("withdraw", "send_back"))
        .values("round")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .count()
    )
    running = (
        Round.objects.filter(state="running").values("document").annotate(count=Count("pk")).filter(count__gt=1).count()
    )
    return signed + ends + running


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    django.setup()
    from django.apps import apps
    from django.db import connection

    from tests import factories
    from tests.approvals import note

    settings.DOCUMENT_TYPES = note.KINDS
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # tables as the models say, sooner
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        began = time.monotonic()
        found = run_load(factories.make_people())
        seconds = time.monotonic() - began
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    lines = (
        f"{connection.vendor}: {THREADS} threads, {TURNS} acts each, {DOCUMENTS} documents, {seconds:.1f} s",
        f"done {found['done']} (acts kept {found['acts']}, approved {found['approved']}), stale {found['stale']}, refused {found['refused']}",
        f"errors {found['errors']}, double signatures {found['double']}, acts lost {found['lost']}, faults of the proof {found['faults']}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(found[key] for key in ("errors", "double", "lost", "faults")))


if __name__ == "__main__":
    sys.exit(main())
