"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from publishing.views import generated_files, release_files
from visitors.views import news_feed, public, search_engines

# `/<slug>/` would swallow every address after it, so apps give their public addresses separately, as `public_patterns`.
public_patterns = [
    path("", public.home, name="home"),
    path("<slug:slug>/", public.event, name="event"),
    path("<slug:slug>/version.json", public.version, name="version"),
    path("<slug:slug>/manifest.webmanifest", public.manifest, name="manifest"),
    path("<slug:slug>/releases.atom", news_feed.atom, name="releases-atom"),
    path("<slug:slug>/files/<digest:digest>", release_files.file, name="file"),
    path("<slug:slug>/files/<digest:digest>/small", release_files.file, {"is_small": True}, name="small-file"),
    path("<slug:slug>/programme.pdf", generated_files.serve_file, {"kind": "programme"}, name="programme-pdf"),
    path("<slug:slug>/door.pdf", generated_files.serve_file, {"kind": "door"}, name="door"),
    path("<slug:slug>/og.png", generated_files.serve_file, {"kind": "card"}, name="og"),
    path("<slug:slug>/qr.svg", generated_files.qr_code, name="qr"),
]
urlpatterns = [
    path("sw.js", public.service_worker, name="worker"),
    path("robots.txt", search_engines.robots, name="robots"),
    path("sitemap.xml", search_engines.sitemaps, name="sitemaps"),
    path("sitemap-<slug:slug>.xml", search_engines.sitemap_of, name="sitemap"),
]
