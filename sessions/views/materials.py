"""The staff page with the materials of one presentation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from conference.uploads import storage
from conference.uploads.file_responses import NO_STORE, file_response
from rows import deletion_responses
from sessions import materials as verbs
from sessions.models import Presentation
from sessions.sheets import can_edit_presentation


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def materials(request: ConferenceRequest, conference: Conference, talk_id: int) -> HttpResponse:
    """Show the files and receive new ones; each file is accepted or refused by itself."""
    talk = _talk(conference, talk_id)
    can_edit = can_edit_presentation(request.permissions, talk)
    if request.method == "POST":
        if not can_edit:
            raise PermissionDenied
        return _receive_files(request, conference, talk)
    context = {
        "conference": conference,
        "here": "programme",
        "talk": talk,
        "files": talk.materials.order_by("pk"),
        "can_edit": can_edit,
        "accept": ",".join([*storage.DOCUMENTS, ".jpg", ".jpeg", ".png"]),
    }
    return render(request, "sessions/materials.html", context)


def _receive_files(request: ConferenceRequest, conference: Conference, talk: Presentation) -> HttpResponse:
    uploads = request.FILES.getlist("files")
    errors, count = [], 0
    for upload in uploads:
        try:
            verbs.add(talk, content=_content(upload), name=upload.name or "", by=request.user)
            count += 1
        except ValidationError as error:
            errors.append(f"{upload.name}: {' '.join(error.messages)}")
    if count:
        text = ngettext("발표자료 %(count)d건을 올렸습니다.", "발표자료 %(count)d건을 올렸습니다.", count)
        messages.success(request, text % {"count": count})
    for text in errors or ([] if uploads else [_("올릴 파일을 고른 뒤 눌러 주세요.")]):
        messages.error(request, text)
    return redirect("materials", conference.slug, talk.pk)


def _content(upload: UploadedFile) -> bytes:
    if (upload.size or 0) > storage.SIZE_MAX:
        limit = storage.SIZE_MAX // 1024**2
        raise ValidationError(_("파일이 너무 큽니다. %(limit)dMB까지 받습니다.") % {"limit": limit})
    return upload.read()


@require_POST
@conference_page()
def remove(request: ConferenceRequest, conference: Conference, talk_id: int, file_id: int) -> HttpResponse:
    """Remove one file."""
    talk = _talk(conference, talk_id)
    if not can_edit_presentation(request.permissions, talk):
        raise PermissionDenied
    if (file := talk.materials.filter(pk=file_id).first()) is None:
        return deletion_responses.redirect_already_deleted(request, "materials", conference.slug, talk.pk)
    verbs.remove(talk, file, by=request.user)
    messages.success(request, _("‘%(name)s’을(를) 지웠습니다.") % {"name": file.name})
    return redirect("materials", conference.slug, talk.pk)


@require_POST
@conference_page()
def show(request: ConferenceRequest, conference: Conference, talk_id: int, file_id: int) -> HttpResponse:
    """Set whether one file may be public, as the button says."""
    talk = _talk(conference, talk_id)
    if not can_edit_presentation(request.permissions, talk):
        raise PermissionDenied
    file = get_object_or_404(talk.materials, pk=file_id)
    verbs.show(talk, file, may_be_public=request.POST.get("may_be_public") == "yes", by=request.user)
    text = (
        _("‘%(name)s’을(를) 다음 공개 때 보입니다.") if file.may_be_public else _("‘%(name)s’을(를) 공개하지 않습니다.")
    )
    messages.success(request, text % {"name": file.name})
    return redirect("materials", conference.slug, talk.pk)


@require_safe
@conference_page()
def download(request: ConferenceRequest, conference: Conference, talk_id: int, file_id: int) -> HttpResponseBase:
    """Send one file as a download, so that it never opens in the origin of the page."""
    file = get_object_or_404(_talk(conference, talk_id).materials, pk=file_id)
    options = {"media_type": file.media_type, "filename": file.name, "cache_control": NO_STORE}
    return file_response(request, file.digest, is_attachment=True, **options)


def _talk(conference: Conference, pk: int) -> Presentation:
    rows = Presentation.objects.select_related("session__topic", "presenter")
    return get_object_or_404(rows, pk=pk, session__conference=conference)
