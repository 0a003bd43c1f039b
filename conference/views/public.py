"""Public pages of the base app: the list of conferences, one conference, its files."""

from functools import partial

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language

from conference import news, overview, pages, pictures, release, wording
from conference.stored_responses import stored_file, stored_picture
from rows.whole_numbers import whole_number

SHOWN = release.LISTED - 1  # conferences on a page of the list
PAGES_MAX = 999
TOLD = 20  # sentences about one release; phones show three
KEEP = "public, max-age=31536000, s-maxage=1, immutable"  # a digest always means the same bytes; a withdrawal counts
ONCE = (overview.essentials, overview.facts, overview.topics, overview.materials, overview.proposals, overview.photos)


@pages.open_to_all
def home(request):
    """`/`: conferences with a release in force, the latest first; further ones under ?page=."""
    version, at = release.version(), timezone.now()
    page = whole_number(request.GET.get("page", ""), most=PAGES_MAX) or 1
    events = release.listed(first=SHOWN * (page - 1), count=SHOWN + 1)
    if page > 1 and not events:
        raise Http404
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
    """`/<slug>/version.json`: which release is in force and what the last ones changed, for who asks now and then."""
    said = {"number": current.number, "digest": current.digest, "at": current.at.isoformat()}
    told = [{"number": row.number, "at": row.at.isoformat(), "told": row.told[:TOLD]} for row in news.latest(current)]
    return JsonResponse(said | {"news": told})


@pages.public_page
def manifest(_request, current):
    """`/<slug>/manifest.webmanifest`: with it a phone puts the conference among its programs."""
    event = current.sections["event"]
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    said = {
        "id": current.root,
        "name": wording.plain(event, "title"),
        "lang": get_language(),
        "start_url": current.root,
        "scope": current.root,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#052561",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


@pages.open_to_all
def worker(_request):
    """`/sw.js`: keeps a programme readable without a network. A worker reaches no address above its own."""
    with staticfiles_storage.open("js/worker.js") as file:
        return HttpResponse(file.read(), content_type="text/javascript", headers={"Cache-Control": pages.FRESH})


@pages.open_to_all
def file(request, slug, digest, *, is_small=False):
    """`/<slug>/files/<digest>`: an upload, if the release in force names it; under `…/small` a picture as phones show it."""
    current = release.current(slug)
    if current is None:
        raise Http404
    return file_of_release(request, current, digest, is_small=is_small)


def file_of_release(request, current, digest, *, is_small=False):
    """An upload that the release names. Pictures open, all else is saved."""
    named = current.files.get(digest)
    is_picture = named is not None and named["media_type"] in pictures.SIGNATURES
    if named is None or (is_small and not is_picture):
        raise Http404
    said = {"media_type": named["media_type"], "filename": named["name"], "cache_control": KEEP}
    if is_picture:
        return stored_picture(request, digest, is_small=is_small, **said)
    return stored_file(request, digest, is_attachment=True, **said)


file.of_release = file_of_release
