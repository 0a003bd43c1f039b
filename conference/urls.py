"""Addresses of every kind of row, and of who has which role."""

from __future__ import annotations

from django.urls import include, path

from conference.views import memberships, sheets
from conference.views import rows as row_views

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
    path("people/", memberships.people, name="people"),
    path("people/add/", memberships.add, name="people-add"),
    path("people/<number:member_id>/", memberships.member, name="member"),
    path("people/<number:member_id>/remove/", memberships.remove, name="member-remove"),
]
urlpatterns = [path("desk/<slug:slug>/", include(people_pages)), path("desk/<slug:slug>/", include(rows))]
