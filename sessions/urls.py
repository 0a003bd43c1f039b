"""Addresses of the programme."""

from django.urls import path

from sessions.views import materials, public

urlpatterns = [
    path("desk/<slug:slug>/materials/<int:talk_id>/", materials.materials, name="materials"),
    path("desk/<slug:slug>/materials/<int:talk_id>/<int:file_id>/", materials.download, name="material"),
    path("desk/<slug:slug>/materials/<int:talk_id>/<int:file_id>/remove/", materials.remove, name="material-remove"),
]
public_patterns = [
    path("<slug:slug>/programme/", public.programme, name="programme"),
    path("<slug:slug>/programme/<slug:code>/", public.session, name="session"),
]
