"""사람: the roles in one conference, with links to its persons, contacts and 담당부서."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import memberships, permissions
from conference.forms.memberships import AddMembershipForm, MembershipForm
from conference.models import Conference, Membership, TopicOffice
from conference.permissions import ConferenceRequest, conference_page
from rows import deletion_responses
from rows.conflicts import SaveConflict, apply_choices, conflict_page
from rows.deletion_responses import AlreadyDeleted
from rows.whole_numbers import parse_whole_number

ORDER = list(Membership.Role)


@require_safe
@conference_page()
def people(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """List the memberships and the topic offices."""
    return _page(request, conference, query=request.GET.get("q", "").strip())


def _page(
    request: ConferenceRequest, conference: Conference, *, query: str, refused: str = "", status: int = 200
) -> HttpResponse:
    members = conference.memberships.select_related("user__department__organisation").order_by("user__name", "pk")
    context: dict[str, Any] = {
        "conference": conference,
        "here": "people",
        "members": sorted(members, key=lambda member: ORDER.index(member.role)),
        "topic_offices": TopicOffice.objects.filter(topic__conference=conference)
        .select_related("topic", "district", "department__organisation", "officer")
        .order_by("district__position", "topic__position", "pk"),
        "permissions": request.permissions,
        "roles": Membership.Role.choices,
        "query": query,
        "candidates": memberships.candidates(conference, query) if request.permissions.is_chair and query else (),
        "refused": refused,
    }
    return render(request, "conference/people.html", context, status=status)


@require_POST
@conference_page(requires=permissions.is_chair)
def add(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Give a role to the chosen account."""
    form, refused = AddMembershipForm(request.POST), _("사람과 역할을 골라 주세요.")
    if form.is_valid():
        user = form.cleaned_data["user"]
        try:
            memberships.add(conference, user, **_form_values(form), by=request.user)
            messages.success(request, _("%(user)s 님에게 역할을 주었습니다.") % {"user": user})
            return redirect("people", conference.slug)
        except ValidationError as error:
            refused = " ".join(error.messages)
    query = request.POST.get("q", "").replace("\0", "")
    return _page(request, conference, query=query, refused=refused, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page(requires=permissions.is_chair)
def member(request: ConferenceRequest, conference: Conference, member_id: int) -> HttpResponse:
    """Edit one person's role."""
    membership = conference.memberships.select_related("user__department__organisation").filter(pk=member_id).first()
    if membership is None:
        return _deleted_membership(request, conference, member_id)
    sent = apply_choices(request.POST) if request.method == "POST" else None
    form = MembershipForm(sent, instance=copy(membership))
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            memberships.change(membership, **_form_values(form), version=form.seen_version_number, by=request.user)
            messages.success(request, _("%(user)s 님의 역할을 저장했습니다.") % {"user": membership.user})
            return redirect("people", conference.slug)
        except AlreadyDeleted:
            return _deleted_membership(request, conference, member_id)
        except SaveConflict:
            return _conflict_page(request, conference, form)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"conference": conference, "here": "people", "member": membership, "form": form}
    return render(request, "conference/member.html", context, status=status)


def _conflict_page(request: ConferenceRequest, conference: Conference, form: MembershipForm) -> HttpResponse:
    conflict = SaveConflict([form.compare_with(Membership.objects.get(pk=form.instance.pk))])
    page = {"frame": "desk/frame.html", "back": reverse("people", args=[conference.slug]), "title": _("사람")}
    return conflict_page(request, conflict, action=request.path, **page, conference=conference, here="people")


def _deleted_membership(request: ConferenceRequest, conference: Conference, member_id: int) -> HttpResponse:
    """Answer a form whose membership was removed meanwhile, with what was chosen."""
    record = deletion_responses.deletion_record(request, Membership, member_id, conference=conference.pk)
    data = request.POST.copy()
    user = record.changes["user"][0]
    data["user"] = str(user["key"])
    links = {"action": reverse("people-add", args=[conference.slug]), "back": reverse("people", args=[conference.slug])}
    context = {"conference": conference, "here": "people", "list": _("사람")}
    return deletion_responses.render_deleted_form(
        request, record, AddMembershipForm(data), name=_("%(user)s 역할") % {"user": user["title"]}, **links, **context
    )


@require_POST
@conference_page(requires=permissions.is_chair)
def remove(request: ConferenceRequest, conference: Conference, member_id: int) -> HttpResponse:
    """Remove a membership; the account stays."""
    membership = conference.memberships.select_related("user__department__organisation").filter(pk=member_id).first()
    if membership is None:
        return deletion_responses.redirect_already_deleted(request, "people", conference.slug)
    version = parse_whole_number(request.POST.get("version", ""))
    try:
        memberships.remove(membership, version=-1 if version is None else version, by=request.user)
    except AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, "people", conference.slug)
    except (SaveConflict, ValidationError) as error:
        changed = [_("그 사이 다른 사람이 이 역할을 바꿨습니다. 확인하고 다시 누르십시오.")]
        messages.error(request, " ".join(getattr(error, "messages", changed)))
        return redirect("member", conference.slug, member_id)
    messages.success(request, _("%(user)s 님을 이 행사에서 뺐습니다.") % {"user": membership.user})
    is_out = not permissions.is_member(request.user, conference)  # after removing one's own role no page here is left
    return redirect("/desk/") if is_out else redirect("people", conference.slug)


def _form_values(form: MembershipForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("role", "may_publish")}
