"""Pages of accounts and offices (`/desk/accounts/`), for administrators."""

from __future__ import annotations

import logging
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import offices, passwords, users
from accounts.decorators import admin_page
from accounts.forms.offices import AccountForm, DepartmentForm, OrganisationForm
from accounts.models import Department, Organisation, User
from accounts.requests import SignedInRequest
from rows import app_registry, deletion_responses
from rows.conflicts import SaveConflict, SeenForm, apply_choices, conflict_page
from rows.deletion_responses import AlreadyDeleted
from rows.models import Row

log = logging.getLogger(__name__)
SHOWN = 50  # accounts on a page
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@admin_page
def account_list(request: SignedInRequest) -> HttpResponse:
    """List the accounts, searched by name, 아이디 or 부서."""
    query = request.GET.get("q", "").strip()
    rows = Paginator(users.search_users(query), SHOWN).get_page(request.GET.get("page"))
    return render(request, "accounts/list.html", {"rows": rows, "wanted": query})


def _save_form(request: SignedInRequest, form: SeenForm) -> int:
    """Save the form. Return 302 if it was saved, else the status of the page with the errors.

    Raises AlreadyDeleted, or SaveConflict if another person changed the row.
    """
    if request.method != "POST" or not form.is_valid():
        return 422 if form.errors else 200
    try:
        users.save_account(form, by=request.user)
    except AlreadyDeleted:
        raise
    except ValidationError as error:
        form.add_error(None, error)
        return 422
    except IntegrityError:  # another request created the same row at the same moment
        log.warning("a row of %s was not saved", form.instance._meta.label, exc_info=True)
        form.add_error(None, _("방금 다른 사람이 같은 이름으로 저장했습니다."))
        return 422
    messages.success(request, _("‘%(row)s’을(를) 저장했습니다.") % {"row": form.instance})
    return 302


@page
@admin_page
def account(request: SignedInRequest, user_id: int | None = None) -> HttpResponse:
    """Edit one account; without ``user_id`` create one."""
    user = get_object_or_404(User, pk=user_id) if user_id else None
    form = AccountForm(_sent(request), instance=copy(user))  # the page shows the stored row
    try:
        status = _save_form(request, form)
    except SaveConflict as conflict:
        return _conflict_page(request, conflict, back=reverse("accounts"), title=_("계정과 기관"))
    if status == 302:  # noqa: PLR2004
        return redirect("account", form.instance.pk)
    waiting = (
        [text for module in app_registry.modules("departures").values() for text in module.describe_pending_work(user)]
        if user
        else []
    )
    context = {"form": form, "account": user, "waiting": waiting}
    return render(request, "accounts/account.html", context, status=status)


@require_POST
@admin_page
def set_state(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Deactivate or reactivate an account."""
    user = get_object_or_404(User, pk=user_id)
    try:
        if request.POST.get("state") == "closed":
            users.deactivate(user, by=request.user)
            messages.success(request, _("계정을 중지했습니다. 열려 있던 로그인도 모두 끊었습니다."))
        else:
            users.reactivate(user, by=request.user)
            messages.success(request, _("다시 쓸 수 있게 했습니다."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("account", user_id)


@require_POST
@admin_page
def send_password_link(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Send a password link by mail, or show it once so that it can be handed over."""
    user = get_object_or_404(User, pk=user_id)
    if not user.is_active:
        messages.error(request, _("중지된 계정입니다. 먼저 다시 쓸 수 있게 하십시오."))
    elif request.POST.get("how") == "mail":
        if passwords.mail_reset_link(user):
            messages.success(request, _("%(mail)s(으)로 비밀번호 주소를 보냈습니다.") % {"mail": user.mail})
        else:
            messages.error(request, _("전자우편 주소가 없습니다. 직접 전할 주소를 만드십시오."))
    else:
        context = {"account": user, "link": passwords.reset_link(user), "days": passwords.LINK_LIFETIME.days}
        response = render(request, "accounts/link.html", context)
        add_never_cache_headers(response)
        return response
    return redirect("account", user_id)


# ── offices ─────────────────────────────────────────────────────────────────────────────────────
@require_safe
@admin_page
def organisations(request: SignedInRequest) -> HttpResponse:
    """List the 기관."""
    rows = Organisation.objects.annotate(count=Count("departments")).order_by("kind", "name")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return render(request, "accounts/organisations.html", {"rows": page})


@page
@admin_page
def organisation(request: SignedInRequest, organisation_id: int | None = None) -> HttpResponse:
    """Edit one 기관 and list its 처리과; without ``organisation_id`` create one."""
    try:
        stored = _get_or_none(Organisation.objects, organisation_id)
        form = OrganisationForm(_sent(request), instance=copy(stored))  # the page shows the stored row
        status = _save_form(request, form)
    except SaveConflict as conflict:
        return _conflict_page(request, conflict, back=reverse("organisations"), title=_("기관과 처리과"))
    except AlreadyDeleted:
        record = deletion_responses.deletion_record(request, Organisation, organisation_id)
        form, links = OrganisationForm(request.POST), {"action": reverse("organisation-new"), **_links_above()}
        return deletion_responses.render_deleted_form(request, record, form, name=record.title, **links)
    if status == 302:  # noqa: PLR2004
        return redirect("organisation", form.instance.pk)
    departments = Department.objects.filter(organisation=stored).select_related("approval_manager", "registrar")
    departments = departments.annotate(count=Count("users")).order_by("bureau", "name")
    context = {"form": form, "organisation": stored, "departments": departments if stored else ()}
    return render(request, "accounts/organisation.html", context, status=status)


@page
@admin_page
def department(request: SignedInRequest, organisation_id: int, department_id: int | None = None) -> HttpResponse:
    """Edit one 처리과 of a 기관; without ``department_id`` create one."""
    try:
        owner = _get_or_none(Organisation.objects, organisation_id)
        stored = _get_or_none(owner.departments, department_id)
        form = DepartmentForm(_sent(request), instance=copy(stored) or Department(organisation=owner))
        status = _save_form(request, form)
    except SaveConflict as conflict:
        return _conflict_page(request, conflict, back=reverse("organisation", args=[organisation_id]), title=owner)
    except AlreadyDeleted:
        return _deleted_department(request, organisation_id, department_id)
    if status == 302:  # noqa: PLR2004
        return redirect("organisation", owner.pk)
    context = {"form": form, "organisation": owner, "department": stored}
    return render(request, "accounts/department.html", context, status=status)


def _sent(request: SignedInRequest) -> QueryDict | None:
    """Return what was sent, with the choices of the conflict page applied; None for a page that is opened."""
    return apply_choices(request.POST) if request.method == "POST" else None


def _conflict_page(request: SignedInRequest, conflict: SaveConflict, *, back: str, title: Any) -> HttpResponse:
    return conflict_page(request, conflict, frame="accounts/frame.html", action=request.path, back=back, title=title)


def _get_or_none(rows: Any, pk: int | None) -> Any:
    """Return the row, or None where ``pk`` is None. Raises AlreadyDeleted."""
    row = rows.filter(pk=pk).first()
    if pk and row is None:
        raise AlreadyDeleted(_("그 사이 다른 사람이 지웠습니다."))
    return row


def _links_above() -> dict[str, Any]:
    return {"back": reverse("organisations"), "list": _("기관과 처리과")}


def _deleted_department(request: SignedInRequest, organisation_id: int, department_id: int | None) -> HttpResponse:
    """Answer a form whose 처리과 or 기관 was deleted meanwhile, with what was typed."""
    owner = Organisation.objects.filter(pk=organisation_id).first()
    if department_id:
        record = deletion_responses.deletion_record(
            request, Department, department_id, changes__organisation__0__key=organisation_id
        )
    else:
        record = deletion_responses.deletion_record(request, Organisation, organisation_id)
    form = DepartmentForm(request.POST, instance=Department(organisation=owner))
    action = reverse("department-new", args=[organisation_id]) if owner else ""
    return deletion_responses.render_deleted_form(
        request, record, form, name=record.changes["name"][0], action=action, **_links_above()
    )


@require_POST
@admin_page
def delete_organisation(request: SignedInRequest, organisation_id: int) -> HttpResponse:
    """Delete a 기관 without references."""
    office = Organisation.objects.filter(pk=organisation_id).first()
    return _delete_office(request, office, here=("organisation", organisation_id), then=("organisations",))


@require_POST
@admin_page
def delete_department(request: SignedInRequest, organisation_id: int, department_id: int) -> HttpResponse:
    """Delete a 처리과 without references."""
    office = Department.objects.filter(pk=department_id, organisation=organisation_id).first()
    here = ("department", organisation_id, department_id)
    return _delete_office(request, office, here=here, then=("organisation", organisation_id))


def _delete_office(request: SignedInRequest, row: Row | None, *, here: tuple, then: tuple) -> HttpResponse:
    """Delete the office and redirect to ``then``, or to ``here`` with the reason why not."""
    if row is None:
        return deletion_responses.redirect_already_deleted(request, *then)
    try:
        offices.delete(row, expected=request.POST.get("seen", ""), by=request.user)
    except AlreadyDeleted:
        return deletion_responses.redirect_already_deleted(request, *then)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(*here)
    messages.success(request, _("‘%(row)s’을(를) 지웠습니다.") % {"row": row})
    return redirect(*then)
