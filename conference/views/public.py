"""Public pages of the base app: the list of conferences, one conference, its files."""

import logging
from functools import partial

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from conference import files, overview, pages, pictures, release

SHOWN = 20  # conferences on a page of the list
KEEP = "public, max-age=31536000, s-maxage=1, immutable"  # a digest always means the same bytes; a withdrawal counts
ONCE = (overview.essentials, overview.facts, overview.topics, overview.materials, overview.photos)
log = logging.getLogger(__name__)


@pages.open_to_all
def home(request):
    """`/`: conferences with a release in force, the latest first; further ones under ?page=."""
    version, at = release.version(), timezone.now()
    page = _page(request.GET.get("page", ""))
    events = release.listed(first=SHOWN * (page - 1), count=SHOWN + 1)
    conferences = [{"event": event, "stand": overview.stand(event, at)} for event in events[:SHOWN]]
    context = {"conferences": conferences, "before": page - 1, "next": page + 1 if len(events) > SHOWN else None}
    response = render(request, "conference/home.html", context)
    return pages.storable(response, slug="", version=version, moments=overview.moments(events), at=at)


@pages.public_page
def event(request, current):
    """`/<slug>/`: what, when, where, for whom; what is on now."""
    at = timezone.now()
    context = {
        "current": current,
        "event": current.sections["event"],
        "stand": overview.stand(current.sections["event"], at),
        "venues": current.derived(overview.venues),
        "parts": overview.parts(current, at),
        "notices": [notice for notice in current.sections.get("notices", []) if not notice["is_urgent"]],
        **overview.now_and_next(current, at),
        # asked for where the template draws them, which is once a release
        **{make.__name__: partial(make, current) for make in ONCE},
    }
    return render(request, "conference/event.html", context)


@pages.public_page
def version(request, current):
    """`/<slug>/version.json`: which release is in force, for programs that ask now and then."""
    return JsonResponse({"number": current.number, "digest": current.digest, "at": current.at.isoformat()})


@pages.open_to_all
def file(request, slug, digest):
    """`/<slug>/files/<digest>`: an upload, if the release in force names it. Pictures open, all else is saved."""
    current = release.current(slug)
    if current is None:
        raise Http404
    response = file_of_release(request, current, digest)
    response.headers["Cache-Control"] = KEEP
    return response


def file_of_release(_request, current, digest):
    """An upload that the release names."""
    named = current.files.get(digest)
    if named is None:
        raise Http404
    try:
        content = files.read(digest)
    except (FileNotFoundError, files.Damaged) as error:
        log.exception("%s of release %s/%d", digest, current.slug, current.number)
        raise Http404 from error
    response = HttpResponse(content, content_type=named["media_type"], headers={"ETag": f'"{digest}"'})
    is_picture = named["media_type"] in pictures.SIGNATURES
    response.headers["Content-Disposition"] = content_disposition_header(not is_picture, named["name"])
    return response


file.of_release = file_of_release


def _page(asked: str) -> int:
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < len("1000") else 1
