"""Public feeds of the programme, and its lists for staff."""

import json

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference import content
from conference.permissions import conference_page
from publishing import wording
from publishing.page_cache import public_page
from sessions.feeds import data, frab, ical, lists
from sessions.feeds.entries import feed_context, feed_entries
from sheets.views.table import XLSX

XML = "application/xml; charset=utf-8"


@public_page
def calendar(request, current):
    """`programme.ics`: all sessions; ?only=code,code those with a star; ?all=1 with moves and breaks."""
    codes = set(map(str.strip, request.GET["only"].split(","))) if "only" in request.GET else None
    entries = feed_entries(current, feed_context(current), only=codes, include_breaks=request.GET.get("all") == "1")
    title = wording.plain(content.event(current.sections), "title")
    return _calendar_response(current, entries, title=title, name=current.slug)


@public_page
def session(request, current, code):
    """`programme/<code>.ics`: one session."""
    if not (entries := feed_entries(current, feed_context(current), only={code})):
        raise Http404
    return _calendar_response(current, entries, title=entries[0].title, name=code)


@public_page
def programme(request, current):
    """`programme.json`: everything, as docs/programme.schema.json describes it."""
    context = feed_context(current)
    return _json_response(data.programme(current, context, feed_entries(current, context, include_breaks=True)))


@public_page
def schedule(request, current):
    """`schedule.json`: the schedule as frab writes it."""
    return _json_response(_schedule(request, current))


@public_page
def schedule_xml(request, current):
    """`programme.xml`: the same as XML."""
    return HttpResponse(frab.to_xml(_schedule(request, current)), content_type=XML)


@require_safe
@conference_page()
def csv_list(request, conference):
    """The live programme as CSV."""
    return _list_response(conference, lists.to_csv(lists.lines(conference)), "text/csv; charset=utf-8", "csv")


@require_safe
@conference_page()
def xlsx_list(request, conference):
    """The live programme as a workbook."""
    return _list_response(conference, lists.to_xlsx(lists.lines(conference)), XLSX, "xlsx")


def _list_response(conference, content, content_type, ending):
    response = HttpResponse(content, content_type=content_type)
    name = f"{conference.slug} {_('프로그램')}.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _schedule(request, current):
    context = feed_context(current)
    return frab.schedule(current, context, feed_entries(current, context, include_breaks=request.GET.get("all") == "1"))


def _calendar_response(current, entries, *, title, name):
    response = HttpResponse(ical.calendar(current, entries, title=title), content_type=ical.TYPE)
    disposition = content_disposition_header(as_attachment=False, filename=f"{name}.ics")
    response.headers["Content-Disposition"] = disposition or "inline"
    return response


def _json_response(value):
    return HttpResponse(json.dumps(value, ensure_ascii=False), content_type="application/json")
