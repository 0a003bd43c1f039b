"""Addresses of the expo."""

from django.urls import path

from exhibits import views
from exhibits.content import exhibitions
from sheets.views import table

urlpatterns = [path("desk/<slug:slug>/exhibits/", table.menu_page, {"name": "exhibits"}, name="desk-exhibits")]
public_patterns = [path("<slug:slug>/exhibits/", views.exhibits, name="exhibits")]


def sitemap_paths(current):
    """Return paths for the sitemap."""
    return ["exhibits/"] if exhibitions(current.sections) else []
