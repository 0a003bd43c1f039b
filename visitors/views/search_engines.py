"""robots.txt and sitemaps for search engines."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from publishing import page_cache, releases
from visitors import sitemap


@page_cache.public_view
def robots(_request):
    """`/robots.txt`: search engines shall not read the pages for staff."""
    closed = "".join(f"Disallow: {place}\n" for place in ("/desk/", "/accounts/", "/approvals/"))
    text = f"User-agent: *\n{closed}\nSitemap: {settings.PORTAL_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain", headers={"Cache-Control": page_cache.CACHE_CONTROL})


@page_cache.public_view
def sitemaps(request):
    """`/sitemap.xml`: the address of each conference's sitemap."""
    version, at, context = releases.version(), timezone.now(), {"sitemaps": sitemap.conference_sitemaps()}
    response = render(request, "visitors/sitemaps.xml", context, content_type="application/xml")
    return page_cache.mark_cacheable(response, slug="", version=version, moments=[], at=at)


@page_cache.public_page
def sitemap_of(request, current):
    """`/sitemap-<slug>.xml`: every page of the conference, in both languages."""
    context = {"pages": sitemap.page_addresses(current), "at": current.at}
    return render(request, "visitors/sitemap.xml", context, content_type="application/xml")
