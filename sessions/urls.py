"""Addresses of the programme."""

from django.urls import path

from sessions import views

urlpatterns = []
public_patterns = [
    path("<slug:slug>/programme/", views.programme, name="programme"),
    path("<slug:slug>/programme/<slug:code>/", views.session, name="session"),
]
