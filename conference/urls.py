"""Addresses. Every app's `urls` is found by its name; what the public may read comes last."""

from allauth.account import views as sign_in
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from conference import development, health, house
from conference.views import accounts as my_account
from conference.views import founding, news, offices, people, prints, public, publish, releases, sheets, sign_in_log
from conference.views import rows as row_views
from conference.whole_numbers import WholeNumber


class Digest:
    """A SHA-256 in an address, as files are named by; nothing else reaches the database."""

    regex = "[0-9a-f]{64}"
    to_python = to_url = staticmethod(str)


register_converter(Digest, "digest")
register_converter(WholeNumber, "number")  # Django's own `int` takes any length, and its name cannot be taken

# `/<slug>/` would swallow every address after it, so apps give public addresses apart, as `public_patterns`.
public_patterns = [
    path("", public.home, name="home"),
    path("<slug:slug>/", public.event, name="event"),
    path("<slug:slug>/version.json", public.version, name="version"),
    path("<slug:slug>/manifest.webmanifest", public.manifest, name="manifest"),
    path("<slug:slug>/releases.atom", news.atom, name="releases-atom"),
    path("<slug:slug>/files/<digest:digest>", public.file, name="file"),
    path("<slug:slug>/files/<digest:digest>/small", public.file, {"is_small": True}, name="small-file"),
    path("<slug:slug>/programme.pdf", prints.printed, {"form": "programme"}, name="programme-pdf"),
    path("<slug:slug>/door.pdf", prints.printed, {"form": "door"}, name="door"),
    path("<slug:slug>/og.png", prints.printed, {"form": "card"}, name="og"),
    path("<slug:slug>/qr.svg", prints.qr_code, name="qr"),
]
# Of allauth's ways in those that an office has: no sign-up, and mail is no key. Who forgot the password is asked for
# the 아이디 (allauth would ask for a mail address), by views of ours.
accounts = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    # allauth sends an account without a password here; it gets its first one as who forgot it does
    path("password/set/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", my_account.ask_password, name="account_reset_password"),
    path("password/reset/done/", my_account.asked_password, name="account_reset_password_done"),
    path("password/new/<str:key>/", my_account.new_password, name="account_new_password"),
    path("", my_account.me, name="me"),
    path("sessions/", my_account.sessions, name="sign-ins"),
    path("sessions/end/", my_account.end_session, name="end-sign-ins"),
    path("sessions/<number:session_id>/end/", my_account.end_session, name="end-sign-in"),
]
# Accounts and offices, for who manages them.
account_pages = [
    path("", offices.listed, name="accounts"),
    path("new/", offices.account, name="account-new"),
    path("<number:user_id>/", offices.account, name="account"),
    path("<number:user_id>/state/", offices.state, name="account-state"),
    path("<number:user_id>/password/", offices.password, name="account-password"),
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
# What leaves the office: 공개, its record, and the notice that cannot wait.
published = [
    path("publish/", publish.publish, name="publish"),
    path("publish/files/<digest:digest>", publish.preview_file, name="preview-file"),
    path("publish/files/<digest:digest>/small", publish.preview_file, {"is_small": True}, name="preview-small"),
    path("publish/preview/<slug:choice>/<slug:look>/", publish.preview_page, name="preview"),
    path("publish/preview/<slug:choice>/<slug:look>/<path:rest>", publish.preview_page, name="preview-more"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<number:number>/", releases.one, name="release"),
    path("releases/<number:number>/withdraw/", releases.withdraw, name="withdraw"),
    path("releases/<number:number>/<slug:look>/", releases.pages, name="release-pages"),
    path("releases/<number:number>/<slug:look>/<path:rest>", releases.pages, name="release-pages-more"),
    path("urgent/", releases.urgent_notice, name="urgent"),
    path("urgent/lift/", releases.lift, name="lift"),
]
# Every kind of row: its table, one row, its workbook (conference/sheets).
rows = [
    path("overview/", row_views.overview, name="overview"),
    path("overview/move/", row_views.move, name="overview-move"),
    *(
        path(f"{name}/", sheets.place, {"name": name}, name=f"desk-{name}")
        for name in ("preparation", "programme", "exhibits")
    ),
    path("rows/<slug:sheet>/", sheets.table, name="sheet"),
    path("rows/<slug:sheet>/new/", row_views.row, name="sheet-new"),
    path("rows/<slug:sheet>/<number:pk>/", row_views.row, name="sheet-row"),
    path("rows/<slug:sheet>/<number:pk>/delete/", row_views.delete, name="sheet-delete"),
    path("rows/<slug:sheet>.xlsx", sheets.xlsx, name="sheet-xlsx"),
]
# Who has which role.
people_pages = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="people-add"),
    path("people/<number:member_id>/", people.member, name="member"),
    path("people/<number:member_id>/remove/", people.remove, name="member-remove"),
]
URLS = house.rooms("urls")
urlpatterns = [
    *development.toolbar_urls(),
    path("healthz", health.healthz, name="healthz"),
    path("sw.js", public.worker, name="worker"),
    path("robots.txt", prints.robots, name="robots"),
    path("sitemap.xml", prints.sitemaps, name="sitemaps"),
    path("sitemap-<slug:slug>.xml", prints.sitemap_of, name="sitemap"),
    path("accounts/", include(accounts)),
    path("desk/accounts/", include(account_pages)),
    path("desk/new/", founding.new, name="new"),
    path("desk/<slug:slug>/", include(people_pages)),
    path("desk/<slug:slug>/", include(published)),
    path("desk/<slug:slug>/", include(rows)),
    *(path("", include(module)) for app, module in URLS.items() if app != "conference"),
    *i18n_patterns(
        *(pattern for module in URLS.values() for pattern in getattr(module, "public_patterns", [])),
        prefix_default_language=False,
    ),
]
handler400 = "conference.refusals.bad_request"
handler429 = "conference.refusals.too_many"  # asked for by allauth
handler500 = "conference.refusals.server_error"
