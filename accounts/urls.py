"""Addresses of sign-in, of one's own account, and of the administration of accounts and offices."""

from __future__ import annotations

from allauth.account import views as sign_in
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import my_account, offices, sign_in_log

# Only those pages of allauth that an office needs: no sign-up, no sign-in by mail. The password reset is our own, because
# it asks for the 아이디 and allauth's for a mail address.
my_account_pages = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    # allauth sends an account without a password here; it gets its first one by the reset
    path("password/set/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", my_account.ask_password, name="account_reset_password"),
    path("password/reset/done/", my_account.password_requested, name="account_reset_password_done"),
    path("password/new/<str:key>/", my_account.new_password, name="account_new_password"),
    path("", my_account.me, name="me"),
    path("sessions/", my_account.sessions, name="sign-ins"),
    path("sessions/end/", my_account.end_session, name="end-sign-ins"),
    path("sessions/<number:session_id>/end/", my_account.end_session, name="end-sign-in"),
]
# Accounts and offices, for administrators.
account_pages = [
    path("", offices.account_list, name="accounts"),
    path("new/", offices.account, name="account-new"),
    path("<number:user_id>/", offices.account, name="account"),
    path("<number:user_id>/state/", offices.set_state, name="account-state"),
    path("<number:user_id>/password/", offices.send_password_link, name="account-password"),
    path("sign-ins/", sign_in_log.sign_in_records, name="sign-in-records"),
    path("offices/", offices.organisations, name="organisations"),
    path("offices/new/", offices.organisation, name="organisation-new"),
    path("offices/<number:organisation_id>/", offices.organisation, name="organisation"),
    path("offices/<number:organisation_id>/delete/", offices.delete_organisation, name="organisation-delete"),
    path("offices/<number:organisation_id>/new/", offices.department, name="department-new"),
    path("offices/<number:organisation_id>/<number:department_id>/", offices.department, name="department"),
    path(
        "offices/<number:organisation_id>/<number:department_id>/delete/",
        offices.delete_department,
        name="department-delete",
    ),
]
urlpatterns = [path("accounts/", include(my_account_pages)), path("desk/accounts/", include(account_pages))]
