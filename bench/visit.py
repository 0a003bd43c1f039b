"""A first visit with a phone: what the network carries until the page is loaded, what is kept for later, and Lighthouse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from bench import Figure
from bench.serving import free_port, server
from tests.conftest import CHROMIUM, FLAGS, SIZES

PAGES = {"행사": "", "프로그램": "programme/", "세션": "programme/opening/", "전시": "exhibits/"}
AUDITED = PAGES
BAR = "≤ 40 kB · 요청 ≤ 5"
LIGHTHOUSE = "lighthouse@12.8.2"  # the newest for Node 20
QUICK = {"PAGES": {"전시": "exhibits/"}, "AUDITED": {}}
TRIES = 3  # it loses the beginning of a load now and then (NO_NAVSTART)
AUDITS = "performance,accessibility,best-practices,seo"
NO_NODE = "npm이 없어 재지 못했습니다. 입력하세요: sudo apt-get install -y nodejs npm"


def figures() -> Iterator[Figure]:
    """Visit each page as nobody's browser did before."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        yield Figure("첫 방문", "Chromium이 없어 재지 못했습니다", BAR)
        return
    port = free_port()  # of the address that pages name; the server takes another
    with server("config.wsgi", PORTAL_URL=f"http://localhost:{port}") as (port, _pid, _seconds):
        root = f"http://localhost:{port}/dongbuk4-2015/"
        yield from _visits(found, root)
        yield from _audits(found, root)


# ── what the network carries ────────────────────────────────────────────────────────────────────
def _visits(chromium: str, root: str) -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    width, height = SIZES["phone"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, path in PAGES.items():
            phone = {"viewport": {"width": width, "height": height}, "device_scale_factor": 3, "is_mobile": True}
            context = browser.new_context(locale="ko-KR", **phone)
            page = context.new_page()
            carried = _carried(page)
            page.goto(root + path, wait_until="load")
            page.wait_for_timeout(1500)  # before the page looks for news, and keeps itself for later
            yield Figure(f"{name} 쪽의 첫 방문", f"{sum(carried) / 1024:.1f} kB · 요청 {len(carried)}", BAR)
            if name == "프로그램":
                while not page.evaluate("async () => Boolean(await caches.match('/stand'))"):
                    page.wait_for_timeout(200)
                kept = page.evaluate(KEPT)
                yield Figure(
                    "  그 뒤에 받아 두는 것(연결이 없을 때 읽을 모든 쪽)", f"{kept / 1024:.0f} kB 펼친 크기", "–"
                )
            context.close()
        browser.close()


KEPT = """async () => {
  let sum = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) sum += (await (await cache.match(key)).arrayBuffer()).byteLength;
  }
  return sum;
}"""


def _carried(page: Any) -> list[int]:
    """Give a list that fills with the bytes of every answer that the network brings the page, headers included."""
    carried: list[int] = []
    watch = page.context.new_cdp_session(page)
    watch.send("Network.enable")
    cached: set[str] = set()
    watch.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))

    def on_finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached and event["encodedDataLength"]:
            carried.append(event["encodedDataLength"])

    watch.on("Network.loadingFinished", on_finished)
    return carried


# ── Lighthouse ──────────────────────────────────────────────────────────────────────────────────
def _audits(chromium: str, root: str) -> Iterator[Figure]:
    program = _lighthouse() if AUDITED else None
    for name, path in AUDITED.items():
        value = _audited(program, chromium, root + path) if program else NO_NODE
        yield Figure(f"Lighthouse(휴대전화), {name} 쪽", value, "100 · 100 · 100 · 100")


def _lighthouse() -> Path | None:
    """Return the program, installed beside the bench's data when it is first wanted."""
    folder = settings.DATA / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists() and (npm := shutil.which("npm")):
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), LIGHTHOUSE]
        subprocess.run(command, check=False)  # noqa: S603 (ours)
    return program if program.exists() else None


def _audited(program: Path, chromium: str, address: str) -> str:
    command = [str(program), address, "--quiet", "--output=json", f"--only-categories={AUDITS}"]
    command += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    environment = {**os.environ, "CHROME_PATH": chromium}
    for _try in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
        if not done.returncode:
            break
    else:
        return f"Lighthouse가 끝나지 못했습니다: {done.stderr.strip().splitlines()[-1:]}"
    report = json.loads(done.stdout)
    scores = " · ".join(str(round(100 * (found["score"] or 0))) for found in report["categories"].values())
    of_scores = {ref["id"] for found in report["categories"].values() for ref in found["auditRefs"] if ref["weight"]}
    short = [name for name, found in report["audits"].items() if name in of_scores and found["score"] not in (None, 1)]
    return f"{scores} ({', '.join(short)})" if short else scores
