"""Addresses of every sheet: its table, one row, its workbook."""

from __future__ import annotations

from django.urls import include, path

from sheets.views import row_page, table

_rows = [
    path("overview/", row_page.overview, name="overview"),
    path("overview/move/", row_page.move, name="overview-move"),
    path("rows/<slug:sheet>/", table.table, name="sheet"),
    path("rows/<slug:sheet>/new/", row_page.row, name="sheet-new"),
    path("rows/<slug:sheet>/<number:pk>/", row_page.row, name="sheet-row"),
    path("rows/<slug:sheet>/<number:pk>/delete/", row_page.delete, name="sheet-delete"),
    path("rows/<slug:sheet>.xlsx", table.xlsx, name="sheet-xlsx"),
]
urlpatterns = [path("desk/<slug:slug>/", include(_rows))]
