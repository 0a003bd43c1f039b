"""Acting on a document as a form would: a fresh key, the version and the digest as they stand."""

from uuid import uuid4

from approvals import chain
from approvals.models import Document, Step


def act_params(document, **given):
    """The fields that every verb takes."""
    version = Document.objects.values_list("lock_version", flat=True).get(pk=document.pk)
    return {"form_key": uuid4().hex, "lock_version": version} | given


def submit(document, by=None, **given):
    return chain.submit(document, by=by or document.drafter, **act_params(document, **given))


def step_of(round_, user):
    return Step.objects.select_related("round").get(round=round_, signer=user)


def sign(round_, by, **given):
    return chain.sign(step_of(round_, by), by=by, **act_params(round_.document, digest=round_.digest) | given)


def opine(round_, by, opinion="예산 항목을 더 적어 주세요.", **given):
    return chain.opine(
        step_of(round_, by), by=by, opinion=opinion, **act_params(round_.document, digest=round_.digest) | given
    )


def send_back(round_, by, opinion="참석 인원을 확인해 주세요.", **given):
    return chain.send_back(
        step_of(round_, by), by=by, opinion=opinion, **act_params(round_.document, digest=round_.digest) | given
    )


def withdraw(document, by=None, **given):
    return chain.withdraw(document, by=by or document.drafter, **act_params(document, **given))


def redraft(document, by=None, **given):
    return chain.redraft(document, by=by or document.drafter, **act_params(document, **given))


def states(round_):
    """The states of a round's steps in order."""
    return [str(state) for state in Step.objects.filter(round=round_).order_by("order").values_list("state", flat=True)]
