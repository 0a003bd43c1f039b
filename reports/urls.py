"""Addresses of reports."""

from django.urls import include, path

from reports.views import drafts, editions, outcomes, parts, route, scope

_report = [
    path("", drafts.report, name="report"),
    path("draft/", drafts.draft, name="draft"),
    path("texts/", parts.texts, name="texts"),
    path("texts/<slug:section>/", scope.override, name="override"),
    path("lists/", parts.first_table, {"part": "budget"}, name="lists"),
    path("photos/", parts.first_table, {"part": "shots"}, name="photos"),
    path("photos/add/", parts.add_photos, name="photo-add"),
    path("rows/<slug:part>/", parts.part_table, name="sheet"),
    path("rows/<slug:part>/new/", parts.part_row, name="sheet-new"),
    path("rows/<slug:part>/<number:row_id>/", parts.part_row, name="sheet-row"),
    path("rows/<slug:part>/<number:row_id>/delete/", parts.part_delete, name="sheet-delete"),
    path("rows/<slug:part>.xlsx", parts.part_xlsx, name="sheet-xlsx"),
    path("files/add/", parts.add_files, name="attachment-add"),
    path("attachments/<number:row_id>/file/", parts.replace_file, name="attachment-file"),
    path("restore/<number:deleted_row_id>/", parts.restore, name="restore"),
    path("form/", scope.report_format, name="form"),
    path("take/", scope.copy_previous, name="take"),
    path("line/", route.route_page, name="line"),
    path("line/put/", route.save_route, name="line-put"),
    path("line/take/", route.take_route, name="line-take"),
    path("submit/", drafts.submit, name="submit"),
    path("files/<digest:digest>", editions.file, name="file"),
    path("editions/<number:edition_number>/", editions.edition, name="edition"),
    path("editions/<number:edition_number>.pdf", editions.edition_pdf, name="edition-pdf"),
    path("editions/<number:edition_number>.json", editions.edition_json, name="edition-json"),
]

app_name = "reports"
urlpatterns = [
    path("desk/<slug:slug>/reports/", drafts.reports, name="reports"),
    path("desk/<slug:slug>/reports/actuals/", outcomes.actuals, name="actuals"),
    path("desk/<slug:slug>/reports/actuals/<slug:table>/", outcomes.outcomes, name="outcomes"),
    path("desk/<slug:slug>/reports/actuals/<slug:table>.xlsx", outcomes.outcomes_xlsx, name="outcomes-xlsx"),
    path("desk/<slug:slug>/reports/new/", drafts.start, name="start"),
    path("desk/<slug:slug>/reports/<number:number>/", include(_report)),
]
