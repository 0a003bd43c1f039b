"""The photo pool: upload, captions, order, and where each photo is shown."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.models import Conference, District, File
from conference.permissions import ConferencePermissions, ConferenceRequest, can_edit, conference_page
from conference.read_once import read_once
from conference.uploads import images, photos
from conference.uploads.file_responses import picture_response
from desk import photo_usage
from desk.forms.photos import PhotoForm, editable_districts
from reports.forms.photo_filter import PhotoFilterForm
from rows.whole_numbers import parse_keys, parse_whole_number
from sheets.references import NameIndex
from sheets.row_formset import CHECK, DROP, RowFormSet

PAGE_SIZE = 12  # pictures on a page; each has eight fields
FORMSET_NAME = "photo"  # of the grid
CACHE_FOREVER = "private, max-age=31536000, immutable"  # a digest always means the same bytes
BUSY, RETRY = 429, 2  # seconds after which the script sends a picture again by itself
log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def photo_pool(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Show the pictures that match the filters, and save what was typed for all of them."""
    permissions = request.permissions
    if request.method != "POST":
        return _render_page(request, conference, permissions)
    sent = parse_keys(request.POST.getlist(FORMSET_NAME))
    grid = _grid(conference, permissions, photo_usage.photos_with_usage(conference).filter(pk__in=sent), request.POST)
    if not grid.is_valid():
        return _render_page(request, conference, permissions, grid=grid, status=409 if grid.is_stale else 422)
    if request.POST.get("do") == CHECK:
        return _render_page(request, conference, permissions, grid=grid)
    order = [line.instance.pk for line in grid.lines] if grid.is_moved and permissions.can_edit_all else None
    photo_usage.save(conference, [line.updated_row() for line in grid.changed_lines], order=order, by=request.user)
    if lost := len(sent) - len(grid.rows):
        text = _("지워졌거나 고칠 수 없는 사진 %(count)d장은 저장하지 않았습니다.")
        messages.warning(request, text % {"count": lost})
    _do_button(request, conference, grid)
    return redirect(f"{request.get_full_path()}{_anchor(request)}")


def _do_button(request: ConferenceRequest, conference: Conference, grid: RowFormSet) -> None:
    """Do what the button asks for, after everything typed is saved."""
    act = request.POST.get("do", "").partition(":")[0]
    try:
        if act == DROP:
            for photo in grid.deleted:
                photo_usage.delete(photo, by=request.user)
                messages.success(request, _("‘%(photo)s’을(를) 지웠습니다.") % {"photo": photo})
        elif act in {"show", "hide"}:
            _attach_or_detach(request, conference, grid, act)
        else:
            messages.success(request, _("저장했습니다."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))


def _attach_or_detach(request: ConferenceRequest, conference: Conference, grid: RowFormSet, act: str) -> None:
    """Let a session or an exhibitor show the ticked photos, or show them no longer."""
    picked = [photo for key, photo in grid.rows.items() if key in request.POST.getlist("picked")]
    kind, _dash, key = request.POST.get("place", "").partition("-")
    if not picked or kind not in photo_usage.TARGET_MODELS or parse_whole_number(key) is None:
        raise ValidationError(_("사진을 고르고, 세션이나 업체를 고른 다음 눌러 주세요."))
    place = get_object_or_404(photo_usage.photo_targets(conference)[kind], pk=parse_whole_number(key))
    if act == "show":
        photo_usage.show(picked, place=place, by=request.user)
        text = _("사진 %(count)d장을 ‘%(place)s’에 붙였습니다.")
    else:
        photo_usage.hide(picked, place=place, by=request.user)
        text = _("사진 %(count)d장을 ‘%(place)s’에서 떼었습니다.")
    messages.success(request, text % {"count": len(picked), "place": place})


def _anchor(request: ConferenceRequest) -> str:
    """Return the anchor of the line whose button was pressed."""
    act, _colon, line = request.POST.get("do", "").partition(":")
    name, _dash, number = line.partition("-")
    is_line = name == FORMSET_NAME and parse_whole_number(number) is not None
    return f"#{line}" if is_line and act != DROP else ""


def _grid(conference: Conference, permissions: ConferencePermissions, rows: Any, data: Any = None) -> RowFormSet:
    editable = [row for row in rows if photo_usage.may_edit(permissions, row)]
    districts = editable_districts(_districts(conference), permissions)
    form = partial(PhotoForm, districts=districts, is_open=permissions.can_edit_all)
    return RowFormSet(form, editable, data, name=FORMSET_NAME)


@read_once
def _districts(conference: Conference) -> dict[str, District]:
    """Return the districts by their keys as a form sends them."""
    return {str(row.pk): row for row in conference.districts.all()}


def _render_page(
    request: ConferenceRequest,
    conference: Conference,
    permissions: ConferencePermissions,
    *,
    grid: RowFormSet | None = None,
    status: int = 200,
) -> HttpResponse:
    places = photo_usage.photo_targets(conference)
    choices = {kind: NameIndex(rows).choices for kind, rows in places.items()}
    districts = _districts(conference)
    asked = PhotoFilterForm(request.GET, districts=districts, sessions=choices["session"])
    rows = Paginator(photo_usage.photos_with_usage(conference, **asked.query_arguments), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    is_sent = grid is not None
    grid = grid.add_missing_lines() if grid else _grid(conference, permissions, rows)
    lines = {line.instance.pk: line for line in grid.lines}
    shown = [line.instance for line in grid.lines] if is_sent else rows
    context = {
        "conference": conference,
        "here": "photos",
        "permissions": permissions,
        "filters": asked,
        "is_filtered": any(asked.query_arguments.values()),
        "rows": rows,
        "filter_query": request.GET.copy(),
        "shots": [{"photo": photo, "form": lines.get(photo.pk)} for photo in shown],
        "faults": grid.error_links,
        "is_stale": grid.is_stale,
        "is_unsaved": is_sent,
        "places": choices,
        "targets": editable_districts(districts, permissions),
        "may_add": permissions.can_edit_all or bool(permissions.districts),
    }
    return render(request, "desk/photo_pool.html", context, status=status)


@require_POST
@conference_page()
def add(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Store the uploaded pictures; a refused one does not stop the others."""
    permissions = request.permissions
    own = editable_districts(_districts(conference), permissions)
    district = own.get(
        request.POST.get("district", ""), None if permissions.can_edit_all else next(iter(own.values()), None)
    )
    if district is None and not permissions.can_edit_all:
        raise PermissionDenied
    uploads = request.FILES.getlist("pictures")
    answers = [_store_upload(upload, conference, request.user, district) for upload in uploads]
    refused = [text for _status, text in answers if text]
    if request.headers.get("Accept") == "application/json":
        status = max((status for status, _text in answers), default=422)
        headers = {"Retry-After": RETRY} if status == BUSY else {}
        return JsonResponse({"refused": refused}, status=status, headers=headers)
    _report_uploads(request, len(uploads), refused)
    return redirect("desk:pool", conference.slug)


def _store_upload(upload: Any, conference: Conference, by: Any, district: Any) -> tuple[int, str]:
    """Store one picture; return the status and why it was refused. 429 and 5xx: the same one may be accepted later."""
    try:
        photos.add(conference, content=photos.read_upload(upload), name=upload.name, by=by, district=district)
    except ValidationError as error:
        return BUSY if isinstance(error, images.DecoderBusy) else 422, f"{upload.name}: {' '.join(error.messages)}"
    except OSError:
        log.exception("upload to %s", conference.slug)
        return 507, _("%(name)s: 지금 저장하지 못했습니다. 잠시 뒤에 다시 올려 주세요.") % {"name": upload.name}
    return 201, ""


def _report_uploads(request: ConferenceRequest, count: int, refused: list[str]) -> None:
    done = {"count": count, "done": count - len(refused)}
    if not count:
        messages.error(request, _("올릴 사진을 골라 주세요."))
    elif refused:
        messages.warning(request, "\n".join([_("%(count)d장 가운데 %(done)d장을 올렸습니다.") % done, *refused]))
    else:
        messages.success(request, _("사진 %(count)d장을 올렸습니다. 설명을 적어 주세요.") % done)


@require_POST
@conference_page(requires=can_edit)
def arrange(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Save the order of the pictures after one was dragged."""
    photos.reorder(conference, order=parse_keys(request.POST.getlist("order")), by=request.user)
    return HttpResponse(status=204)


@require_safe
@conference_page()
def file(request: ConferenceRequest, conference: Conference, digest: str) -> HttpResponse:
    """Send one picture of the pool: small for lists, whole under ?whole=1."""
    picture = File.objects.filter(conference=conference, digest=digest, photo__isnull=False).first()
    if picture is None:
        raise Http404
    headers = {"media_type": picture.media_type, "filename": picture.name, "cache_control": CACHE_FOREVER}
    return picture_response(request, digest, is_small="whole" not in request.GET, **headers)
