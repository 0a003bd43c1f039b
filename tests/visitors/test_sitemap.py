"""What search engines and messengers are told of public pages."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from publishing import page_cache, releases
from tests.crawl import crawl_public_pages
from visitors import sitemap

SLUG = "/dongbuk4-2015/"
SITE = "http://localhost:8000"
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
META = re.compile(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">')
LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="(\w+)")? href="([^"]+)">')


def publish(conference: Conference) -> None:
    releases.publish(conference, by=User.objects.get(username="chair"), name="시험")
    releases.clear_cache()


def addresses(client: Client, path: str = "/sitemap-dongbuk4-2015.xml") -> list[str]:
    tree = ET.fromstring(client.get(path).content)  # noqa: S314 (our own)
    return [found.text for found in tree.iterfind("s:url/s:loc", SPACE)]


def test_robots_are_told_what_is_closed_and_where_the_rest_is_listed(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert (answer["Content-Type"], answer.content.decode()) == (
        "text/plain",
        "User-agent: *\nDisallow: /desk/\nDisallow: /accounts/\nDisallow: /approvals/\n\nSitemap: http://localhost:8000/sitemap.xml\n",
    )


def test_every_conference_in_force_has_its_own_file(client: Client, unsigned: Conference) -> None:
    times = {"starts_at": unsigned.starts_at, "ends_at": unsigned.ends_at}
    publish(Conference.objects.create(slug="second", title="둘째", **times))
    Conference.objects.create(slug="draft", title="초안", **times)
    only = Conference.objects.create(slug="notices", title="공지뿐", **times)
    releases.publish(only, by=User.objects.get(username="chair"), name="시험", sections=["notices"])
    releases.clear_cache()
    answer = client.get("/sitemap.xml")
    tree = ET.fromstring(answer.content)  # noqa: S314
    found = [(row.findtext("s:loc", "", SPACE), row.findtext("s:lastmod", "", SPACE)) for row in tree]
    at = unsigned.releases.get().frozen_at.astimezone(SEOUL)
    assert [address for address, _at in found] == [f"{SITE}/sitemap-second.xml", f"{SITE}/sitemap-dongbuk4-2015.xml"]
    assert found[1][1] == at.isoformat()
    assert answer["Content-Type"] == "application/xml"
    assert [client.get(f"/sitemap-{slug}.xml").status_code for slug in ("second", "draft", "notices")] == [
        200,
        404,
        404,
    ]


def test_one_query_for_any_number_of_conferences(client: Client, unsigned: Conference) -> None:
    times = {"starts_at": unsigned.starts_at, "ends_at": unsigned.ends_at}
    counted = []
    for slugs in (["one"], [f"more-{n}" for n in range(8)]):
        for slug in slugs:
            publish(Conference.objects.create(slug=slug, title=slug, **times))
        releases.clear_cache()
        with CaptureQueriesContext(connection) as found:
            client.get("/sitemap.xml?fresh=1")
        counted.append(len(found))
    assert counted == [2, 2]  # which releases there are, and the list


@pytest.mark.usefixtures("unsigned")
def test_every_page_in_both_languages_and_each_leads_to_the_other(client: Client) -> None:
    found = addresses(client)
    pages_ = {path for path, answer in crawl_public_pages().items() if answer["Content-Type"].startswith("text/html")}
    listed = {address.removeprefix(SITE) for address in found}
    assert len(found) == len(listed) == 30
    assert listed <= pages_
    assert {path for path in pages_ - listed if "?" not in path and SLUG in path} == set()
    tree = ET.fromstring(client.get("/sitemap-dongbuk4-2015.xml").content)  # noqa: S314
    first = tree.find("s:url", SPACE)
    links = [(link.get("rel"), link.get("hreflang"), link.get("href")) for link in first.iterfind("x:link", SPACE)]
    assert links == [("alternate", "ko", SITE + SLUG), ("alternate", "en", f"{SITE}/en{SLUG}")]


def test_a_file_never_names_more_than_it_may(unsigned: Conference, monkeypatch) -> None:
    monkeypatch.setattr(sitemap, "ADDRESSES_MAX", 6)
    current = releases.live_release("dongbuk4-2015")
    assert [page["ko"] for page in sitemap.page_addresses(current)] == [
        SITE + SLUG,
        f"{SITE}{SLUG}programme/",
        sitemap.page_addresses(current)[2]["ko"],
    ]


def test_it_is_kept_like_any_page_and_gone_with_the_release(client: Client, unsigned: Conference) -> None:
    answer = client.get("/sitemap-dongbuk4-2015.xml")
    again = client.get("/sitemap-dongbuk4-2015.xml", headers={"If-None-Match": answer["ETag"]})
    assert (answer["Cache-Control"], again.status_code) == ("public, max-age=0, s-maxage=1", 304)
    assert "/sitemap-dongbuk4-2015.xml" in page_cache._pages
    releases.withdraw(unsigned.releases.get(), by=User.objects.get(username="chair"))
    releases.clear_cache()
    assert client.get("/sitemap-dongbuk4-2015.xml").status_code == 404
    assert addresses(client, "/sitemap.xml") == []


# ── the head of a page ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("path", "spoken", "title"),
    [
        (SLUG, ("ko_KR", "지역 컨퍼런스 포털"), "동북4구 지역혁신 컨퍼런스"),
        (f"/en{SLUG}", ("en_US", "Local Conference Portal"), "Northeast &amp; Four"),
        (
            f"{SLUG}programme/mayor/",
            ("ko_KR", "지역 컨퍼런스 포털"),
            "서울시의 사회혁신 실험과 동북4구 | 동북4구 지역혁신 컨퍼런스",
        ),
    ],
)
def test_a_shared_link_has_title_words_and_picture(
    client: Client, unsigned: Conference, path: str, spoken: tuple[str, str], title: str
) -> None:
    Conference.objects.update(title_en="Northeast & Four", summary="지역혁신을 이야기합니다.", summary_en="On change.")
    publish(unsigned)
    head = client.get(path).content.decode().partition("</head>")[0]
    language = "/en" if path.startswith("/en/") else ""
    assert dict(META.findall(head)) == {
        "og:type": "website",
        "og:locale": spoken[0],
        "og:site_name": spoken[1],
        "og:url": SITE + path,
        "og:title": title,
        "og:description": "On change." if language else "지역혁신을 이야기합니다.",
        "og:image": f"{SITE}{language}{SLUG}og.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": title.rpartition("| ")[2],
        "twitter:card": "summary_large_image",
    }
    bare = path.removeprefix(language)
    assert LINK.findall(head) == [
        ("canonical", "", SITE + path),
        ("alternate", "ko", SITE + bare),
        ("alternate", "en", f"{SITE}/en{bare}"),
    ]


def test_a_filtered_page_names_the_whole_one_as_its_own(client: Client, unsigned: Conference) -> None:
    head = client.get(f"{SLUG}programme/?q=mayor").content.decode()
    assert ("canonical", "", f"{SITE}{SLUG}programme/") in LINK.findall(head)
