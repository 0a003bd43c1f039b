"""The page 공개: what a new release would change, its preview, and the button."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference import checks
from conference.models import Conference
from conference.permissions import ConferenceRequest, conference_page
from conference.uploads.file_responses import NO_STORE, picture_response
from publishing import preview, releases
from publishing.forms import PublishForm
from publishing.release_diff import SECTION_LABELS
from publishing.release_draft import Draft, build_draft, current_release

NO_FILE = "0" * 64  # in place of any digest in an address
MISLEADING = {"outside_event"}  # codes of findings with which visitors would read a contradiction


@require_http_methods(["GET", "HEAD", "POST"])
@conference_page()
def publish(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    """Show what a new release would change; POST publishes exactly that."""
    draft = build_draft(conference)
    if request.method != "POST":
        return _page(request, conference, draft, _initial_form(draft))
    if not request.permissions.can_publish:
        raise PermissionDenied
    form = PublishForm(request.POST, draft=draft)
    if "preview" in request.POST:
        return _to_preview(request, conference)
    if not form.is_valid():
        return _page(request, conference, draft, form, status=422)
    seen = _posted_fingerprints(request).get(str(bool(form.cleaned_data.get("names_reason"))), {})
    try:
        release = releases.publish(conference, by=request.user, seen_fingerprint=seen, **form.cleaned_data)
    except releases.StaleDraft:
        stale = _(
            "이 화면을 여신 뒤에 내용이 바뀌었습니다. 아직 공개하지 않았습니다. 아래에서 바뀐 내용을 보고 다시 공개하세요."
        )
        return _page(request, conference, draft, form, stale=stale, status=409)
    messages.success(
        request, _("공개했습니다: 공개본 %(number)d ‘%(name)s’") % {"number": release.number, "name": release.name}
    )
    return redirect("releases", conference.slug)


def _page(
    request: ConferenceRequest,
    conference: Conference,
    draft: Draft,
    form: PublishForm,
    *,
    stale: str = "",
    status: int = 200,
) -> HttpResponse:
    shows_names = bool(form["names_reason"].value()) if form.names else False
    may_publish = request.permissions.can_publish
    sections = _sections(draft, form, shows_names=shows_names, has_choice=may_publish and bool(form.names))
    changed = [section["key"] for section in sections if section["is_changed"]]
    context = {
        "conference": conference,
        "here": "publish",
        "form": form,
        "stale": stale,
        "fingerprints": json.dumps(_fingerprints(draft)),
        "release": draft.current,
        "may_publish": may_publish,
        "preview": preview.format_choice(changed or ["event"], shows_names=shows_names),
        "findings": [
            finding for finding in checks.find_all(conference) if finding.level == "block" or finding.code in MISLEADING
        ],
        "sections": sections,
        "is_changed": bool(changed),
        "shows_names": shows_names,
    }
    return render(request, "publishing/publish.html", context, status=status)


def _initial_form(draft: Draft) -> PublishForm:
    """Return the form; the reason of the release in force stays, so its names stay unless the publisher removes it."""
    return PublishForm(draft=draft, initial={"names_reason": draft.current.names_reason if draft.current else ""})


def _fingerprints(draft: Draft) -> dict[str, dict[str, str]]:
    """Return the fingerprints of the page with the names and without: the publisher chooses only when publishing."""
    return {str(way): draft.fingerprint(SECTION_LABELS, shows_names=way) for way in (True, False)}


def _sections(draft: Draft, form: PublishForm, *, shows_names: bool, has_choice: bool) -> list[dict[str, Any]]:
    """Return the changes in each section; ``by_names``: those that come with the other decision about names."""
    changed, other = (draft.changed_sections(shows_names=way) for way in (shows_names, not shows_names))
    sentences, other_sentences = (draft.change_sentences(shows_names=way) for way in (shows_names, not shows_names))
    only_other = [change for change in other_sentences if change not in sentences]
    offered = [key for key in SECTION_LABELS if key in changed or (has_choice and key in other)]
    chosen = form["sections"].value() or [] if form.is_bound else offered
    return [
        {
            "key": key,
            "name": SECTION_LABELS[key],
            "is_chosen": key in chosen,
            "is_changed": key in changed,
            "changes": [change.text for change in sentences if change.section == key],
            "by_names": [change.text for change in only_other if change.section == key],
        }
        for key in offered
    ]


def _posted_fingerprints(request: ConferenceRequest) -> dict[str, dict[str, str]]:
    try:
        shown = json.loads(request.POST.get("shown", ""))
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in shown.items() if isinstance(value, dict)} if isinstance(shown, dict) else {}


def _to_preview(request: ConferenceRequest, conference: Conference) -> HttpResponse:
    keys = request.POST.getlist("sections")
    if not keys or current_release(conference) is None:
        keys = [*keys, "event"]  # without the section ``event`` there is no page to preview
    keys = [key for key in SECTION_LABELS if key in keys]
    choice = preview.format_choice(keys, shows_names=bool(request.POST.get("names_reason", "").strip()))
    return redirect("preview", conference.slug, choice, "desk")


@require_safe
@conference_page()
def preview_page(
    request: ConferenceRequest, conference: Conference, choice: str, look: str, rest: str = ""
) -> HttpResponse:
    """Show the public page at ``rest`` as it would be if the chosen sections were published now."""
    keys, shows_names = preview.parse_choice(choice)
    draft = build_draft(conference)
    sections = draft.sections(keys, shows_names=shows_names)
    bar = preview.PreviewBar(
        base=reverse("preview", args=[conference.slug, choice, "x"]).removesuffix("x/"),
        look=look,
        back=reverse("publish", args=[conference.slug]),
        title=_("미리보기: 아직 공개하지 않은 화면입니다."),
        files_root=reverse("preview-file", args=[conference.slug, NO_FILE]).removesuffix(NO_FILE),
        rest=rest,
    )
    current = releases.LiveRelease(conference.slug, draft.base + 1, "", timezone.now(), sections, preview=bar)
    return preview.render_preview(request, current)


@require_safe
@conference_page()
def preview_file(
    request: ConferenceRequest, conference: Conference, digest: str, *, is_small: bool = False
) -> HttpResponseBase:
    """Send a picture of the pool to members, because previews show pictures that visitors may not see yet."""
    photo = conference.photos.select_related("file").filter(file__digest=digest).first()  # uploaded twice: two rows
    if photo is None:
        raise Http404
    headers = {"media_type": photo.file.media_type, "filename": photo.file.name, "cache_control": NO_STORE}
    return picture_response(request, digest, is_small=is_small, **headers)
