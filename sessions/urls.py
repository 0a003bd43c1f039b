"""Addresses of the programme."""

from django.urls import path

from sessions.views import feeds, materials, public, today

urlpatterns = [
    path("desk/<slug:slug>/materials/<int:talk_id>/", materials.materials, name="materials"),
    path("desk/<slug:slug>/materials/<int:talk_id>/<int:file_id>/", materials.download, name="material"),
    path("desk/<slug:slug>/materials/<int:talk_id>/<int:file_id>/remove/", materials.remove, name="material-remove"),
    path("desk/<slug:slug>/materials/<int:talk_id>/<int:file_id>/show/", materials.show, name="material-show"),
    path("desk/<slug:slug>/today/", today.today, name="today"),
    path("desk/<slug:slug>/today/undo/<int:change_id>/", today.undo, name="today-undo"),
    path("desk/<slug:slug>/today/<slug:code>/", today.one, name="today-session"),
    path("desk/<slug:slug>/today/<slug:code>/photos/", today.photo, name="today-photos"),
    path("desk/<slug:slug>/today/<slug:code>/<slug:act>/", today.act, name="today-act"),
]
public_patterns = [
    path("<slug:slug>/programme/", public.programme, name="programme"),
    path("<slug:slug>/programme.ics", feeds.calendar, name="programme-ics"),
    path("<slug:slug>/programme.json", feeds.programme, name="programme-json"),
    path("<slug:slug>/programme.xml", feeds.schedule_xml, name="programme-xml"),
    path("<slug:slug>/schedule.json", feeds.schedule, name="schedule-json"),
    path("<slug:slug>/programme/<slug:code>.ics", feeds.session, name="session-ics"),
    path("<slug:slug>/programme/<slug:code>/", public.session, name="session"),
]
