"""Addresses of the programme."""

from datetime import date

from django.urls import path, register_converter

from sessions import programme_cards
from sessions.views import feeds, materials, public, schedule, today
from sheets.views import table


class Day:
    """A date in an address: 2015-11-24. A session whose code is the date of a day has no page of its own."""

    regex = r"\d{4}-\d{2}-\d{2}"
    to_python = staticmethod(date.fromisoformat)  # an impossible date is no address
    to_url = staticmethod(str)


register_converter(Day, "day")

urlpatterns = [
    path("desk/new/schedule/", schedule.import_schedule, name="new-schedule"),
    path("desk/<slug:slug>/programme/", table.menu_page, {"name": "programme"}, name="desk-programme"),
    path("desk/<slug:slug>/materials/<number:talk_id>/", materials.materials, name="materials"),
    path("desk/<slug:slug>/materials/<number:talk_id>/<number:file_id>/", materials.download, name="material"),
    path(
        "desk/<slug:slug>/materials/<number:talk_id>/<number:file_id>/remove/", materials.remove, name="material-remove"
    ),
    path("desk/<slug:slug>/materials/<number:talk_id>/<number:file_id>/show/", materials.show, name="material-show"),
    path("desk/<slug:slug>/programme.csv", feeds.csv_list, name="programme-csv"),
    path("desk/<slug:slug>/programme.xlsx", feeds.xlsx_list, name="programme-xlsx"),
    path("desk/<slug:slug>/today/", today.today, name="today"),
    path("desk/<slug:slug>/today/undo/<number:change_id>/", today.undo, name="today-undo"),
    path("desk/<slug:slug>/today/<slug:code>/", today.session_detail, name="today-session"),
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
    path("<slug:slug>/programme/<day:day>/", public.day, name="programme-day"),
    path("<slug:slug>/programme/<slug:code>/", public.session, name="session"),
]


def sitemap_paths(current):
    """Return paths for the sitemap: the programme, its days if there are several, every session with a page."""
    days, rows = programme_cards.session_days(current), programme_cards.sessions_with_parts(current)
    codes = [row["code"] for _part, row in rows if programme_cards.has_page(row)]
    return ["programme/", *(f"programme/{part}/" for part in (*(days if len(days) > 1 else []), *codes))]
