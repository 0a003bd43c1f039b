"""Addresses of 공개, its record, and the notice that cannot wait."""

from __future__ import annotations

from django.urls import include, path

from publishing.views import publish, releases

# What leaves the office: 공개, its record, and the notice that cannot wait.
published = [
    path("publish/", publish.publish, name="publish"),
    path("publish/files/<digest:digest>", publish.preview_file, name="preview-file"),
    path("publish/files/<digest:digest>/small", publish.preview_file, {"is_small": True}, name="preview-small"),
    path("publish/preview/<slug:choice>/<slug:look>/", publish.preview_page, name="preview"),
    path("publish/preview/<slug:choice>/<slug:look>/<path:rest>", publish.preview_page, name="preview-more"),
    path("releases/", releases.release_list, name="releases"),
    path("releases/<number:number>/", releases.release_page, name="release"),
    path("releases/<number:number>/withdraw/", releases.withdraw, name="withdraw"),
    path("releases/<number:number>/<slug:look>/", releases.released_pages, name="release-pages"),
    path("releases/<number:number>/<slug:look>/<path:rest>", releases.released_pages, name="release-pages-more"),
    path("urgent/", releases.urgent_notice, name="urgent"),
    path("urgent/lift/", releases.lift, name="lift"),
]
urlpatterns = [path("desk/<slug:slug>/", include(published))]
