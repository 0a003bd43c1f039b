"""The report's PDF, made anew from its edition and box."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench import Figure

TIMES = 5
QUICK = {"TIMES": 1}


def figures() -> Iterator[Figure]:
    from conference.uploads import storage
    from publishing.pdf.engine import missing_packages
    from reports import renderings
    from reports.models import Edition
    from reports.render.pdf import render_pdf

    edition = Edition.objects.filter(report__conference__slug="dongbuk4-2015").order_by("-number").first()
    if edition is None or missing_packages():
        yield Figure("결과보고 PDF", missing_packages() or "결과보고가 없습니다", "≤ 1.5 s cpu")
        return
    box = renderings.current_box(edition)

    def once() -> tuple[float, int, int]:
        start = time.process_time()
        made = render_pdf(edition.value, box, read=storage.read, created=edition.frozen_at)
        return time.process_time() - start, made.pages, len(made.data)

    cold, pages, size = once()
    warm = min(once()[0] for _ in range(TIMES))
    text = f"{warm:.2f} s cpu (처음 {cold:.2f} s) · {pages}쪽 · {size / 1024:,.0f} kB"
    yield Figure("결과보고 PDF", text, "≤ 1.5 s cpu")
