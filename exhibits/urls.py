"""Addresses of the expo."""

from django.urls import path

from exhibits import views

urlpatterns = []
public_patterns = [path("<slug:slug>/exhibits/", views.exhibits, name="exhibits")]


def listed(current):
    """What search engines are told of."""
    return ["exhibits/"] if current.sections.get("expo") else []
