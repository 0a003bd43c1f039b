"""Addresses of the desk."""

from django.urls import include, path

from reports.views import calls, changes, desk, drafts, editions, outcomes, parts, photos, route, scope

_report = [
    path("", drafts.report, name="report"),
    path("draft/", drafts.draft, name="draft"),
    path("texts/", parts.texts, name="texts"),
    path("texts/<slug:section>/", scope.override, name="override"),
    path("lists/", parts.lists, name="lists"),
    path("photos/", parts.shots, name="photos"),
    path("form/", scope.setting, name="form"),
    path("take/", scope.take, name="take"),
    path("line/", route.line, name="line"),
    path("line/put/", route.line_put, name="line-put"),
    path("line/take/", route.line_take, name="line-take"),
    path("submit/", drafts.submit, name="submit"),
    path("files/<digest:digest>", editions.file, name="file"),
    path("editions/<number:edition_number>/", editions.edition, name="edition"),
    path("editions/<number:edition_number>.pdf", editions.edition_pdf, name="edition-pdf"),
    path("editions/<number:edition_number>.json", editions.edition_json, name="edition-json"),
]

app_name = "reports"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/<slug:slug>/", desk.dashboard, name="dashboard"),
    path("desk/<slug:slug>/checks/", desk.findings, name="checks"),
    path("desk/<slug:slug>/changes/", changes.changes, name="changes"),
    path("desk/<slug:slug>/changes/<number:removal_id>/restore/", changes.restore, name="restore"),
    path("desk/<slug:slug>/calls/", calls.calls, name="calls"),
    path("desk/<slug:slug>/calls/new/", calls.new, name="call-new"),
    path("desk/<slug:slug>/calls/<number:call_id>/", calls.change, name="call"),
    path("desk/<slug:slug>/calls/<number:call_id>/withdraw/", calls.withdraw, name="call-withdraw"),
    path("desk/<slug:slug>/photos/", photos.pool, name="pool"),
    path("desk/<slug:slug>/photos/add/", photos.add, name="photo-add"),
    path("desk/<slug:slug>/photos/order/", photos.arrange, name="photo-order"),
    path("desk/<slug:slug>/photos/<digest:digest>", photos.file, name="photo"),
    path("desk/<slug:slug>/reports/", drafts.reports, name="reports"),
    path("desk/<slug:slug>/reports/actuals/", outcomes.actuals, name="actuals"),
    path("desk/<slug:slug>/reports/new/", drafts.start, name="start"),
    path("desk/<slug:slug>/reports/<number:number>/", include(_report)),
]
