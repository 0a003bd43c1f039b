"""Addresses of the membership pages."""

from __future__ import annotations

from django.urls import include, path

from conference.views import memberships

_people = [
    path("people/", memberships.people, name="people"),
    path("people/add/", memberships.add, name="people-add"),
    path("people/<number:member_id>/", memberships.member, name="member"),
    path("people/<number:member_id>/remove/", memberships.remove, name="member-remove"),
]
urlpatterns = [path("desk/<slug:slug>/", include(_people))]
