"""Public pages across subjects: the list of conferences, and the front page of one."""

from functools import partial

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language

from conference import content
from publishing import event_facts, page_cache, releases, wording
from rows.whole_numbers import parse_whole_number
from visitors import event_page, visitor_news

PAGE_SIZE = releases.LIST_SIZE - 1  # conferences on a page of the list
PAGES_MAX = 999
SENTENCES_MAX = 20  # sentences about one release; phones show three
FACTS_OF_RELEASE = (
    event_page.essentials,
    event_page.facts,
    event_facts.coloured_topics,
    event_page.materials,
    event_page.proposals,
    event_page.photos,
)


@page_cache.public_view
def home(request):
    """`/`: conferences with a release in force, the latest first; further ones under ?page=."""
    version, at = releases.version(), timezone.now()
    page = parse_whole_number(request.GET.get("page", ""), maximum=PAGES_MAX) or 1
    events = releases.list_events(first=PAGE_SIZE * (page - 1), count=PAGE_SIZE + 1)
    if page > 1 and not events:
        raise Http404
    conferences = [{"event": event, "phase": event_page.event_phase(event, at)} for event in events[:PAGE_SIZE]]
    context = {"conferences": conferences, "before": page - 1, "next": page + 1 if len(events) > PAGE_SIZE else None}
    response = render(request, "visitors/home.html", context)
    return page_cache.mark_cacheable(
        response, slug="", version=version, moments=event_page.event_boundaries(events), at=at
    )


@page_cache.public_page
def event(request, current):
    """`/<slug>/`: what, when, where, for whom; what is on now."""
    at = timezone.now()
    context = {
        "current": current,
        "event": content.event(current.sections),
        "phase": event_page.event_phase(content.event(current.sections), at),
        "venues": current.cached(event_facts.used_venues),
        "parts": event_page.programme_parts(current, at),
        "notices": [notice for notice in content.notices(current.sections) if not notice["is_urgent"]],
        **event_page.now_and_next(current, at),
        # the template calls them, once a release
        **{make.__name__: partial(make, current) for make in FACTS_OF_RELEASE},
    }
    return render(request, "visitors/event.html", context)


@page_cache.public_page
def version(request, current):
    """`/<slug>/version.json`: which release is in force and what the last ones changed, for scripts that ask regularly."""
    release = {"number": current.number, "digest": current.digest, "at": current.at.isoformat()}
    news = [
        {"number": row.number, "at": row.at.isoformat(), "told": row.sentences[:SENTENCES_MAX]}
        for row in visitor_news.latest(current)
    ]
    return JsonResponse(release | {"news": news})


@page_cache.public_page
def manifest(_request, current):
    """`/<slug>/manifest.webmanifest`: with it a phone installs the conference as an app."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    values = {
        "id": current.root,
        "name": wording.plain(content.event(current.sections), "title"),
        "lang": get_language(),
        "start_url": current.root,
        "scope": current.root,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#052561",
        "icons": icons,
    }
    return JsonResponse(values, content_type="application/manifest+json")


@page_cache.public_view
def service_worker(_request):
    """`/sw.js`: keeps a programme readable without a network. At the root, because a worker sees no address above its own."""
    headers = {"Cache-Control": page_cache.CACHE_CONTROL}
    with staticfiles_storage.open("js/worker.js") as file:
        return HttpResponse(file.read(), content_type="text/javascript", headers=headers)
