"""Writes over HTTP by several people while processes are killed at random; then a count of what was promised."""

from __future__ import annotations

import json
import random
import re
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from http.client import CONFLICT, CREATED, FOUND
from http.client import SERVICE_UNAVAILABLE as UNAVAILABLE

from tests.faults.server import Portal, wait_until
from tests.faults.staff import NoAnswer, Person
from tests.forms import Form, Upload

DESK = "/desk/dongbuk4-2015/"
REPORT = f"{DESK}reports/1/"
# Reads the database of the portal after the kills; what it finds is printed as JSON.
COUNT = """
import json
from django.db import connection
from approvals import verification
from approvals.models import Act
from accounts.models import Mail
from conference.models import File, Photo
from conference.uploads import storage as files
from preparation.models import Deadline
from rows.recording import HistoryEntry
told = json.loads(TOLD)
labels = set(Deadline.objects.values_list("label", flat=True))
names = set(File.objects.values_list("name", flat=True))
keys = set(Act.objects.values_list("form_key", flat=True))
def whole(digest):
    try:
        return bool(files.read(digest))
    except (OSError, files.DamagedFile):
        return False
found = {
    "lost rows": len(set(told["rows"]) - labels),
    "lost photos": len(set(told["photos"]) - names),
    "lost acts": len(set(told["acts"]) - keys),
    "rows saved without an answer": sum(label.startswith("chair-") for label in labels) - len(told["rows"]),
    "rows twice": Deadline.objects.count() - len(labels),
    "rows without history": len(labels - set(HistoryEntry.objects.filter(kind="preparation.deadline").values_list("title", flat=True))),
    "photos without bytes": sum(not whole(photo.file.digest) for photo in Photo.objects.select_related("file")),
    "files without photo": File.objects.filter(name__startswith="kill-", photo=None).count(),
    "faults of the chain": sum(len(faults) for _, faults in verification.verify_all()),
    "acts without their mail": sum(told["mails"].get(act.action, 0) for act in Act.objects.all()) - Mail.objects.count(),
    "mails unsent": Mail.objects.filter(sent_at=None).count(),
}
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        found["integrity_check"] = cursor.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
        found["foreign_key_check"] = len(cursor.execute("PRAGMA foreign_key_check").fetchall())
found["ids"] = list(Mail.objects.values_list("message_id", flat=True))
print(json.dumps(found))
"""
# each of these is a promise broken
NEVER = (
    *("lost rows", "lost photos", "lost acts", "rows twice", "rows without history", "photos without bytes"),
    *("files without photo", "faults of the chain", "acts without their mail", "mails unsent"),
    *("mails that never went out", "mails sent that no row owes", "integrity_check", "foreign_key_check"),
)
WRITES_BETWEEN = 3  # acknowledged between two kills
# one mail each: to the first reviewer, back to the drafter
MAILS = {"submit": 1, "send_back": 1}


@dataclass
class Promised:
    """What the portal acknowledged, and how often something was tried or not answered."""

    rows: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    tries: Counter = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.photos) + len(self.acts)


def run(portal: Portal, *, kills: int, seed: int = 0) -> dict[str, object]:
    """Kill ``kills`` times while people write; return what came of it, by what to call it."""
    promised, over = Promised(), threading.Event()
    portal.start()
    jobs = {"chair": _rows, "gangbuk": _photos, "dobong": _photos, "wook": _acts}
    people = [threading.Thread(target=_write, args=(portal, promised, over, *job)) for job in jobs.items()]
    for thread in people:
        thread.start()
    killed = _kill(portal, kills, promised, random.Random(seed))  # noqa: S311 (chance, not secrecy)
    over.set()
    for thread in people:
        thread.join()
    portal.start()
    wait_until(lambda: _unsent(portal) == 0, seconds=60, what="mails were not sent")
    portal.stop()
    return {**killed, **promised.tries, **_count(portal, promised)}


def _kill(portal: Portal, kills: int, promised: Promised, chance: random.Random) -> Counter:
    """Kill in the middle of writing: some writes after the last kill, and a moment that nobody chose."""
    killed = Counter()
    for _ in range(kills):
        enough = promised.count + WRITES_BETWEEN
        wait_until(lambda enough=enough: promised.count >= enough, seconds=120, what="nobody can write")
        time.sleep(chance.uniform(0, 0.5))
        what = chance.choices(("web worker", "worker", "web"), (6, 3, 1))[0]
        if what == "web worker":
            portal.kill_web_worker(chance.choice)
        elif what == "worker":
            portal.kill_worker()
        else:
            portal.kill_web()
        killed[f"killed {what}"] += 1
        portal.start()
    return killed


# ── what people do ──────────────────────────────────────────────────────────────────────────────
def _write(portal: Portal, promised: Promised, over: threading.Event, username: str, write: Callable) -> None:
    person, number = Person(portal.port, username), 0
    while not over.is_set():
        number += 1
        try:
            if not person.is_signed_in:
                person.sign_in()
            promised.tries[f"{write.__name__[1:]} sent"] += 1
            write(portal, person, promised, f"{username}-{number}")
        except NoAnswer:
            promised.tries[f"{write.__name__[1:]} unanswered"] += 1
            over.wait(0.3)


def _rows(_portal: Portal, person: Person, promised: Promised, name: str) -> None:
    [form] = [form for form in person.open(f"{DESK}rows/deadlines/new/").forms if "label" in form.fields]
    track = next(filter(None, form.find("준비과정")[0].choices.values()))
    form.fill("준비과정", track).fill("날짜", "2015-11-20").fill("구분", name).fill("내용", "자료를 냅니다.")
    answer = form.press("저장")
    if answer.status == FOUND:
        promised.rows.append(name)
        time.sleep(0.3)  # the drafter's page is out of date with each row
    elif answer.status < UNAVAILABLE:
        raise SystemExit(f"faults: a row was refused with {answer.status}: {answer.errors}")


def _photos(_portal: Portal, person: Person, promised: Promised, name: str) -> None:
    [form] = [form for form in person.open(f"{DESK}photos/").forms if "pictures" in form.fields]
    name = f"kill-{name}.png"
    if person.upload(form, "pictures", Upload(name, _png(name), "image/png")) == CREATED:
        promised.photos.append(name)


def _acts(portal: Portal, person: Person, promised: Promised, _name: str) -> None:
    """The drafter submits; the reviewer sends back; the drafter takes it up again."""
    report = person.open(REPORT)
    if submit := [form for form in report.forms if form.action.endswith("/submit/")]:
        for control in submit[0].controls:
            if control.name.startswith("reason"):
                control.values = ["원자료에 없음"]
            elif control.kind == "checkbox":
                control.values = list(control.choices)
        _act(submit[0], promised)
        return
    rounds = [link for link in report.links if re.fullmatch(r"/approvals/\d+/", link)]
    round_ = max(rounds, key=lambda link: (len(link), link))  # the latest
    reviewer = person.colleague = person.colleague or Person(portal.port, "youngbun")
    if not reviewer.is_signed_in:
        reviewer.sign_in()
    for who, verb in ((person, "redraft"), (reviewer, "send-back")):
        if found := [form for form in who.open(round_).forms if form.action.endswith(f"/{verb}/")]:
            for control in found[0].controls:
                control.values = ["표를 고쳐 주세요."] if control.name == "opinion" else control.values
            _act(found[0], promised)
            return


def _act(form: Form, promised: Promised) -> None:
    answer = form.press()
    if answer.status == FOUND:
        promised.acts.append(dict(form.sent)["form_key"])
    elif answer.status not in {CONFLICT, UNAVAILABLE}:
        raise SystemExit(f"faults: {form.action} was refused with {answer.status}: {answer.errors}")


def _png(name: str) -> bytes:
    """Return a small picture that no other is equal to."""
    chance = random.Random(name)  # noqa: S311
    rows = b"".join(b"\0" + chance.randbytes(64 * 3) for _ in range(64))
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


# ── what came of it ─────────────────────────────────────────────────────────────────────────────
def _unsent(portal: Portal) -> int:
    program = "from accounts.models import Mail; print(Mail.objects.filter(sent_at=None).count())"
    return int(portal.manage("shell", "-v0", "-c", program))


def _count(portal: Portal, promised: Promised) -> dict[str, object]:
    told = {"rows": promised.rows, "photos": promised.photos, "acts": promised.acts, "mails": MAILS}
    found = json.loads(portal.manage("shell", "-v0", "-c", f"TOLD = {json.dumps(told)!r}\n{COUNT}"))
    sent = Counter(message for path in (portal.folder / "mail").iterdir() for message in _messages(path.read_bytes()))
    ids = found.pop("ids")
    return {
        "rows kept": len(promised.rows),
        "photos kept": len(promised.photos),
        "acts kept": len(promised.acts),
        **found,
        "mails": len(ids),
        "mails that never went out": len(set(ids) - sent.keys()),
        "mails sent that no row owes": len(sent.keys() - set(ids)),
        "mails sent twice under one Message-ID": sum(count - 1 for count in sent.values()),
        "leftovers .new-*": sum(1 for _ in (portal.folder / "files").rglob(".new-*")),
    }


def _messages(data: bytes) -> list[str]:
    """Return the Message-ID of each mail in a file of Django's filebased backend; the last may be cut short."""
    parts = data.split(b"-" * 79 + b"\n")
    return [found for part in parts if (found := message_from_bytes(part)["Message-ID"])]
