"""Addresses of the preparation."""

from django.urls import path

from sheets.views import table

urlpatterns = [
    path("desk/<slug:slug>/preparation/", table.menu_page, {"name": "preparation"}, name="desk-preparation"),
]
