"""Addresses of the programme."""

from django.urls import path

from sessions.views import public

urlpatterns = []
public_patterns = [
    path("<slug:slug>/programme/", public.programme, name="programme"),
    path("<slug:slug>/programme/<slug:code>/", public.session, name="session"),
]
