"""Pages of one's own account: mail address, active sessions, and the password reset."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429, respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import known_browsers, login_names, passwords, sign_in_limits, sign_in_log, user_sessions, users
from accounts.forms.my_account import MailForm, PasswordResetRequestForm
from accounts.models import SignInRecord, User
from accounts.requests import SignedInRequest
from rows import deletion_responses

MY_RECORDS = 10
page = require_http_methods(["GET", "HEAD", "POST"])


@page
@sensitive_post_parameters()
def me(request: SignedInRequest) -> HttpResponse:
    """Show my account at `/accounts/`, and change my mail address."""
    form = MailForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST":
        if too_many := consume_or_429(
            request, action="change_password"
        ):  # the form asks for the password, which could be guessed here too
            return too_many
        if form.is_valid():
            users.set_mail(request.user, form.cleaned_data["mail"])
            messages.success(request, _("전자우편 주소를 저장했습니다."))
            return redirect("me")
    records = request.user.sign_in_records.order_by("-pk")[:MY_RECORDS]
    context = {"form": form, "records": [(row, user_sessions.describe_device(row.browser)) for row in records]}
    return render(request, "account/me.html", context, status=422 if form.errors else 200)


@require_safe
def sessions(request: SignedInRequest) -> HttpResponse:
    """List my active sessions at `/accounts/sessions/`."""
    active = user_sessions.active_sessions(request.user, session=request.session)
    rows = [
        (row, user_sessions.describe_device(row.user_agent), row.session_key == request.session.session_key)
        for row in active
    ]
    return render(request, "account/sessions.html", {"rows": sorted(rows, key=lambda row: not row[2])})


@require_POST
def end_session(request: SignedInRequest, session_id: int | None = None) -> HttpResponse:
    """End one of my other sessions, or all of them."""
    active = user_sessions.active_sessions(request.user, session=request.session)
    others = [row for row in active if row.session_key != request.session.session_key]
    chosen = [row for row in others if session_id in {None, row.pk}]
    if session_id and not chosen:  # ended meanwhile, or of another account
        return deletion_responses.redirect_already_deleted(request, "sign-ins")
    user_sessions.end_sessions(chosen)
    messages.success(request, _("다른 기기 %(count)d곳에서 로그아웃했습니다.") % {"count": len(chosen)})
    return redirect("sign-ins")


@login_not_required
@page
def ask_password(request: SignedInRequest) -> HttpResponse:
    """Mail a reset link. The response is the same whether there is such an account or not."""
    form = PasswordResetRequestForm(request.POST or None)
    if form.is_valid():
        username = form.cleaned_data["login"]
        if not sign_in_limits.consume(request, "reset_password", key=login_names.normalise(username)):
            return respond_429(request)
        passwords.request_reset(username)
        return redirect("account_reset_password_done")
    return render(request, "account/password_reset.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def password_requested(request: SignedInRequest) -> HttpResponse:
    """Say where the mail arrives, and what to do if it does not."""
    return render(request, "account/password_reset_done.html", {"days": passwords.LINK_LIFETIME.days})


@login_not_required
@page
@sensitive_post_parameters()
def new_password(request: SignedInRequest, key: str) -> HttpResponse:
    """Set a new password: the page that a reset link opens."""
    if too_many := consume_or_429(request, action="reset_password_from_key"):
        return too_many
    user = passwords.user_of_key(key)
    form = SetPasswordForm(user, request.POST or None)
    form.fields["new_password2"].help_text = _(
        "같은 비밀번호를 한 번 더 적습니다."
    )  # Django's Korean asks for the old one
    if user and form.is_valid() and passwords.reset_password(key, password=form.cleaned_data["new_password1"]):
        sign_in_log.record(request, SignInRecord.Result.NEW_PASSWORD, user=user)
        done = _("비밀번호를 정했습니다. 이제 아이디(%(username)s)와 이 비밀번호로 로그인해 주세요.")
        messages.success(request, done % {"username": user.username})
        response = redirect("account_login")
        known_browsers.remember(request, response, user.username)  # strangers' attempts do not lock out this browser
        return response
    if user is None or passwords.user_of_key(key) is None:
        return render(request, "account/password_reset_from_key.html", {"is_closed": True}, status=410)
    context = {"form": form, "user": user, "key": key}
    return render(request, "account/password_reset_from_key.html", context, status=422 if form.errors else 200)
