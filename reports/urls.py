"""Addresses of the desk."""

from django.urls import include, path

from reports import views

_report = [
    path("", views.report, name="report"),
    path("texts/", views.texts, name="texts"),
    path("submit/", views.submit, name="submit"),
    path("files/<str:digest>", views.file, name="file"),
    path("editions/<int:edition_number>/", views.edition, name="edition"),
    path("editions/<int:edition_number>.pdf", views.edition_pdf, name="edition-pdf"),
    path("editions/<int:edition_number>.json", views.edition_json, name="edition-json"),
]

app_name = "reports"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/<slug:slug>/", views.dashboard, name="dashboard"),
    path("desk/<slug:slug>/reports/", views.reports, name="reports"),
    path("desk/<slug:slug>/reports/new/", views.start, name="start"),
    path("desk/<slug:slug>/reports/<int:number>/", include(_report)),
]
