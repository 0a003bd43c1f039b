"""The photo pool: upload, a table of what is said of each picture, and where each is shown."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, Self

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.models import Conference, District, File, Photo
from conference.permissions import ConferencePermissions, ConferenceRequest, conference_page
from conference.read_once import read_once
from conference.uploads import images, photos
from conference.uploads.file_responses import picture_response
from desk import photo_usage
from desk.forms.photos import PhotoForm, editable_districts
from reports.forms.photo_filter import PhotoFilterForm
from rows.models import Row
from rows.whole_numbers import parse_keys, parse_whole_number
from sheets.declaration import Sheet
from sheets.references import NameIndex
from sheets.scope import SheetScope
from sheets.sheet_context import SheetContext
from sheets.table import ID, TableLines
from sheets.views.table import table_page, workbook

ATTACH, SHOW = "attach", "show"  # the button that attaches the picked pictures; its other value detaches them
PAGE_SIZE = 40  # pictures on a page: as many as are uploaded at once
CACHE_FOREVER = "private, max-age=31536000, immutable"  # a digest always means the same bytes
BUSY, RETRY = 429, 2  # seconds after which the script sends a picture again by itself
log = logging.getLogger(__name__)


def _can_add(permissions: ConferencePermissions) -> bool:
    return permissions.can_edit_all or bool(permissions.districts)


SHEET = Sheet(
    "photos",
    gettext_lazy("사진"),
    "photos",
    PhotoForm,
    "picture caption alt stage people consent licence district may_be_public",
    hint=gettext_lazy(
        "모든 자치구가 함께 쓰는 사진 보관함입니다. 올린 사진은 1600화소로 줄이고, 찍은 곳과 시각 같은 정보는 지웁니다."
    ),
    can_edit=photo_usage.may_edit,
    can_add=_can_add,
    has_new_lines=False,
    has_row_pages=False,
    page_size=PAGE_SIZE,
    wide=frozenset({"caption", "alt"}),
)


@dataclass(frozen=True)
class PhotoScope(SheetScope):
    """The pool. ``page``: what its frame shows around the table."""

    permissions: ConferencePermissions
    page: dict[str, Any]

    frame: ClassVar[str] = "desk/photo_pool.html"

    @classmethod
    def from_request(cls, request: ConferenceRequest, conference: Conference) -> Self:
        """Return the scope of the page, with the filters of the address."""
        targets = photo_usage.photo_targets(conference)
        places = {kind: NameIndex(rows).choices for kind, rows in targets.items()}
        districts = _districts(conference)
        page = {
            "permissions": request.permissions,
            "filters": PhotoFilterForm(request.GET, districts=districts, sessions=places["session"]),
            "places": places,
            "targets": editable_districts(districts, request.permissions),
            "may_add": _can_add(request.permissions),
            "form_start": "desk/_attach.html",
        }
        return cls(conference, request.user, request.permissions, page)

    def rows(self, _sheet: Sheet) -> QuerySet[Photo]:
        """Return every picture of the pool, with the rows that show it."""
        return photo_usage.photos_with_usage(self.conference)

    def address(self, _sheet: Sheet, page: str = "", *_key: int) -> str:
        """Return the address of the pool, or of its workbook (``page``: ``xlsx``); a picture has no page of its own."""
        return reverse("desk:pool-xlsx" if page else "desk:pool", args=[self.conference.slug])

    def tabs(self, _sheet: Sheet) -> list[tuple[str, Any, Sheet | None]]:
        """Return none: the pool is one table."""
        return []

    def page_context(self, menu: str) -> dict[str, Any]:
        """Return what the frame shows around the table."""
        return super().page_context(menu) | self.page

    def delete(self, row: Row) -> None:
        """Delete a picture. Raises ValidationError if a report or the release in force shows it."""
        photo_usage.delete(row, by=self.user)


@dataclass(frozen=True)
class PhotoContext(SheetContext):
    """The pictures that match the filters (``wanted``: arguments of ``photos.filter_photos``)."""

    wanted: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_pool(cls, request: ConferenceRequest, conference: Conference) -> PhotoContext:
        """Read the filters and the page from the address; a page beyond the last is the last."""
        scope = PhotoScope.from_request(request, conference)
        wanted = scope.page["filters"].query_arguments
        context = replace(cls.from_request(request, scope, SHEET), wanted=wanted)
        pages = Paginator(context.rows, PAGE_SIZE)
        scope.page.update(count=pages.count, is_filtered=context.is_filtered)
        return replace(context, page=pages.get_page(context.page).number)

    @property
    def is_filtered(self) -> bool:
        """Whether the table leaves pictures out."""
        return any(self.wanted.values())

    @property
    def rows(self) -> QuerySet[Photo]:
        """Every picture that matches the filters."""
        return photo_usage.photos_with_usage(self.conference, **self.wanted)

    @property
    def can_reorder(self) -> bool:
        """Whether lines may be moved: the order is everybody's, so only by 총괄 and 담당."""
        return super().can_reorder and not self.is_filtered and self.scope.permissions.can_edit_all


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def photo_pool(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Show the pictures that match the filters, and save what was typed for all of them."""
    then = partial(_attach_or_detach, request) if ATTACH in request.POST else None
    return table_page(request, PhotoContext.of_pool(request, conference), then=then)


def _attach_or_detach(request: ConferenceRequest, context: SheetContext) -> None:
    """Let a session or an exhibitor show the picked photos, or show them no longer."""
    keys = parse_keys(
        "".join(line[ID]) for line in TableLines.from_post(request.POST).sent if {"picked", ID} <= {*line}
    )
    picked = [photo for photo in context.all_rows.filter(pk__in=keys) if context.can_edit_row(photo)]
    kind, _dash, key = request.POST.get("place", "").partition("-")
    if not picked or kind not in photo_usage.TARGET_MODELS or parse_whole_number(key) is None:
        messages.error(request, _("사진을 고르고, 세션이나 업체를 고른 다음 눌러 주세요."))
        return
    targets = photo_usage.photo_targets(context.conference)[kind]
    place = get_object_or_404(targets, pk=parse_whole_number(key))
    if request.POST[ATTACH] == SHOW:
        photo_usage.show(picked, place=place, by=request.user)
        text = _("사진 %(count)d장을 ‘%(place)s’에 붙였습니다.")
    else:
        photo_usage.hide(picked, place=place, by=request.user)
        text = _("사진 %(count)d장을 ‘%(place)s’에서 떼었습니다.")
    messages.success(request, text % {"count": len(picked), "place": place})


@require_safe
@conference_page()
def pool_xlsx(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Return the pictures that match the filters as a workbook, without the pictures themselves."""
    return workbook(PhotoContext.of_pool(request, conference))


@read_once
def _districts(conference: Conference) -> dict[str, District]:
    """Return the districts by their keys as a form sends them."""
    return {str(row.pk): row for row in conference.districts.all()}


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


@require_safe
@conference_page()
def file(request: ConferenceRequest, conference: Conference, digest: str) -> HttpResponse:
    """Send one picture of the pool: small for lists, whole under ?whole=1."""
    picture = File.objects.filter(conference=conference, digest=digest, photo__isnull=False).first()
    if picture is None:
        raise Http404
    headers = {"media_type": picture.media_type, "filename": picture.name, "cache_control": CACHE_FOREVER}
    return picture_response(request, digest, is_small="whole" not in request.GET, **headers)
