"""`/<slug>/releases.atom`: the changes of each release, for subscribers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference import content
from publishing import wording
from publishing.page_cache import public_page
from visitors import visitor_news


@public_page
def atom(request, current):
    """Return one entry for each release that is not withdrawn."""
    title = wording.plain(content.event(current.sections), "title")
    root = settings.PORTAL_URL + reverse("event", args=[current.slug])
    feed = Atom1Feed(
        title=_("%(title)s 소식") % {"title": title},
        link=root,
        description="",
        language=get_language(),
        feed_url=settings.PORTAL_URL + reverse("releases-atom", args=[current.slug]),
        author_name=title,
    )
    for entry in visitor_news.latest(current):
        day = entry.at.date().isoformat()
        feed.add_item(
            title=entry.title,
            link=root,
            description=format_html(
                "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ([line] for line in entry.sentences))
            ),
            unique_id=f"tag:{urlsplit(settings.PORTAL_URL).hostname},{day}:{current.slug}/releases/{entry.number}",
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
