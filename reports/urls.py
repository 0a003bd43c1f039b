"""Addresses of the desk."""

from django.urls import include, path

from reports.views import changes, desk, drafts, editions, photos

_report = [
    path("", drafts.report, name="report"),
    path("texts/", drafts.texts, name="texts"),
    path("submit/", drafts.submit, name="submit"),
    path("files/<str:digest>", editions.file, name="file"),
    path("editions/<int:edition_number>/", editions.edition, name="edition"),
    path("editions/<int:edition_number>.pdf", editions.edition_pdf, name="edition-pdf"),
    path("editions/<int:edition_number>.json", editions.edition_json, name="edition-json"),
]

app_name = "reports"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/<slug:slug>/", desk.dashboard, name="dashboard"),
    path("desk/<slug:slug>/changes/", changes.changes, name="changes"),
    path("desk/<slug:slug>/changes/<int:removal_id>/restore/", changes.restore, name="restore"),
    path("desk/<slug:slug>/photos/", photos.pool, name="pool"),
    path("desk/<slug:slug>/photos/add/", photos.add, name="photo-add"),
    path("desk/<slug:slug>/photos/order/", photos.arrange, name="photo-order"),
    path("desk/<slug:slug>/photos/<str:digest>", photos.file, name="photo"),
    path("desk/<slug:slug>/reports/", drafts.reports, name="reports"),
    path("desk/<slug:slug>/reports/new/", drafts.start, name="start"),
    path("desk/<slug:slug>/reports/<int:number>/", include(_report)),
]
