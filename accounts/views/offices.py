"""`/desk/accounts/`: accounts and offices, for who manages them."""

from __future__ import annotations

import logging
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import offices, passwords, users
from accounts.decorators import admin_page
from accounts.forms.offices import AccountForm, DepartmentForm, KeptForm, OrganisationForm
from accounts.models import Department, Organisation, User
from accounts.requests import SignedInRequest
from rows import app_registry, deleted_rows
from rows.deleted_rows import Gone
from rows.models import Row

log = logging.getLogger(__name__)
SHOWN = 50  # accounts on a page
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@admin_page
def listed(request: SignedInRequest) -> HttpResponse:
    """Every account, found by name, 아이디 or 부서."""
    wanted = request.GET.get("q", "").strip()
    rows = Paginator(users.found(wanted), SHOWN).get_page(request.GET.get("page"))
    return render(request, "accounts/list.html", {"rows": rows, "wanted": wanted})


def _saved(request: SignedInRequest, form: KeptForm) -> int:
    """Save what a form says. Return 302 if it was, else the status of the page that says why not. Raises Gone."""
    if request.method != "POST" or not form.is_valid():
        return 422 if form.errors else 200
    try:
        users.keep(form.instance, seen=form.cleaned_data["seen"], by=request.user)
    except Gone:
        raise
    except ValidationError as error:
        return form.refuse(error)
    except IntegrityError:  # two made the same at once
        log.warning("a row of %s was not saved", form.instance._meta.label, exc_info=True)
        return form.refuse(ValidationError(_("방금 다른 사람이 같은 이름으로 저장했습니다.")))
    messages.success(request, _("‘%(row)s’을(를) 저장했습니다.") % {"row": form.instance})
    return 302


@page
@admin_page
def account(request: SignedInRequest, user_id: int | None = None) -> HttpResponse:
    """One account; without ``user_id`` a new one."""
    user = get_object_or_404(User, pk=user_id) if user_id else None
    form = AccountForm(request.POST or None, instance=get_object_or_404(User, pk=user_id) if user_id else None)
    status = _saved(request, form)
    if status == 302:  # noqa: PLR2004
        return redirect("account", form.instance.pk)
    waiting = (
        [text for room in app_registry.modules("departures").values() for text in room.describe_pending_work(user)]
        if user
        else []
    )
    context = {"form": form, "account": user, "waiting": waiting}
    return render(request, "accounts/account.html", context, status=status)


@require_POST
@admin_page
def state(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Stop an account or let it sign in again."""
    user = get_object_or_404(User, pk=user_id)
    try:
        if request.POST.get("state") == "closed":
            users.close(user, by=request.user)
            messages.success(request, _("계정을 중지했습니다. 열려 있던 로그인도 모두 끊었습니다."))
        else:
            users.reopen(user, by=request.user)
            messages.success(request, _("다시 쓸 수 있게 했습니다."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("account", user_id)


@require_POST
@admin_page
def password(request: SignedInRequest, user_id: int) -> HttpResponse:
    """The way to a new password: by mail, or shown once to be handed over."""
    user = get_object_or_404(User, pk=user_id)
    if not user.is_active:
        messages.error(request, _("중지된 계정입니다. 먼저 다시 쓸 수 있게 하십시오."))
    elif request.POST.get("how") == "mail":
        if passwords.mail_link(user):
            messages.success(request, _("%(mail)s(으)로 비밀번호 주소를 보냈습니다.") % {"mail": user.mail})
        else:
            messages.error(request, _("전자우편 주소가 없습니다. 직접 전할 주소를 만드십시오."))
    else:
        context = {"account": user, "link": passwords.link(user), "days": passwords.LINK_LASTS.days}
        response = render(request, "accounts/link.html", context)
        add_never_cache_headers(response)
        return response
    return redirect("account", user_id)


# ── offices ─────────────────────────────────────────────────────────────────────────────────────
@require_safe
@admin_page
def organisations(request: SignedInRequest) -> HttpResponse:
    """Every 기관."""
    rows = Organisation.objects.annotate(count=Count("departments")).order_by("kind", "name")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return render(request, "accounts/organisations.html", {"rows": page})


@page
@admin_page
def organisation(request: SignedInRequest, organisation_id: int | None = None) -> HttpResponse:
    """One 기관 with its 처리과; without ``organisation_id`` a new one."""
    try:
        kept = _found(Organisation.objects, organisation_id)
        form = OrganisationForm(request.POST or None, instance=copy(kept))  # the page is about what is stored
        status = _saved(request, form)
    except Gone:
        record = deleted_rows.deleted(request, Organisation, id=organisation_id)
        form, links = OrganisationForm(request.POST), {"action": reverse("organisation-new"), **_above()}
        return deleted_rows.lost(request, record, form, name=record.name, **links)
    if status == 302:  # noqa: PLR2004
        return redirect("organisation", form.instance.pk)
    departments = Department.objects.filter(organisation=kept).select_related("approval_manager", "registrar")
    departments = departments.annotate(count=Count("users")).order_by("bureau", "name")
    context = {"form": form, "organisation": kept, "departments": departments if kept else ()}
    return render(request, "accounts/organisation.html", context, status=status)


@page
@admin_page
def department(request: SignedInRequest, organisation_id: int, department_id: int | None = None) -> HttpResponse:
    """One 처리과; without ``department_id`` a new one of that 기관."""
    try:
        owner = _found(Organisation.objects, organisation_id)
        kept = _found(owner.departments, department_id)
        form = DepartmentForm(request.POST or None, instance=copy(kept) or Department(organisation=owner))
        status = _saved(request, form)
    except Gone:
        return _lost_department(request, organisation_id, department_id)
    if status == 302:  # noqa: PLR2004
        return redirect("organisation", owner.pk)
    context = {"form": form, "organisation": owner, "department": kept}
    return render(request, "accounts/department.html", context, status=status)


def _found(rows: Any, pk: int | None) -> Any:
    """Return the row, or None for a new one. Raises Gone."""
    row = rows.filter(pk=pk).first()
    if pk and row is None:
        raise Gone(_("그 사이 다른 사람이 지웠습니다."))
    return row


def _above() -> dict[str, Any]:
    return {"back": reverse("organisations"), "list": _("기관과 처리과")}


def _lost_department(request: SignedInRequest, organisation_id: int, department_id: int | None) -> HttpResponse:
    """Answer what was typed for a 처리과 that is gone, or whose 기관 is."""
    owner = Organisation.objects.filter(pk=organisation_id).first()
    if department_id:
        record = deleted_rows.deleted(request, Department, id=department_id, organisation=organisation_id)
    else:
        record = deleted_rows.deleted(request, Organisation, id=organisation_id)
    form = DepartmentForm(request.POST, instance=Department(organisation=owner))
    action = reverse("department-new", args=[organisation_id]) if owner else ""
    return deleted_rows.lost(request, record, form, name=record.name, action=action, **_above())


@require_POST
@admin_page
def delete_organisation(request: SignedInRequest, organisation_id: int) -> HttpResponse:
    """Delete a 기관 on which nothing hangs."""
    kept = Organisation.objects.filter(pk=organisation_id).first()
    return _deleted(request, kept, here=("organisation", organisation_id), then=("organisations",))


@require_POST
@admin_page
def delete_department(request: SignedInRequest, organisation_id: int, department_id: int) -> HttpResponse:
    """Delete a 처리과 on which nothing hangs."""
    kept = Department.objects.filter(pk=department_id, organisation=organisation_id).first()
    here = ("department", organisation_id, department_id)
    return _deleted(request, kept, here=here, then=("organisation", organisation_id))


def _deleted(request: SignedInRequest, row: Row | None, *, here: tuple, then: tuple) -> HttpResponse:
    """Delete the row and go where ``then`` says, or back ``here`` with the reason why not."""
    if row is None:
        return deleted_rows.gone(request, *then)
    try:
        offices.delete(row, seen=request.POST.get("seen", ""), by=request.user)
    except Gone:
        return deleted_rows.gone(request, *then)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(*here)
    messages.success(request, _("‘%(row)s’을(를) 지웠습니다.") % {"row": row})
    return redirect(*then)
