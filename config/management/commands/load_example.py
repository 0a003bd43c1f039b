"""Load the 2015 conference, publish it, and sign its report as it was signed."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import passwords
from accounts.models import User
from approvals import chain
from approvals.models import Document, Step
from conference.models import Conference
from conference.uploads import storage
from config import environment
from korean.dates import SEOUL
from publishing import difference, releases
from publishing.pdf.engine import missing_packages
from reports import document, drafting, renderings
from reports.models import Rendering, Report
from rows.recording import without_author

SLUG = "dongbuk4-2015"
FILE = settings.BASE_DIR / "examples" / f"{SLUG}.json"
ACCOUNTS = ("wook", "youngbun", "wontaek", "heedong", "chair", "dobong", "seongbuk", "gangbuk", "nowon", "admin")
# The paper of 2015 gives the day of the decision (12/02; the year is the event's) but no time of day, and nothing about the
# other signatures. Midnight means "that day"; the other times are marked as assumed.
DECISION_DAY = datetime(2015, 12, 2, tzinfo=SEOUL)
NOT_IN_SOURCE = "원자료에 없음"
HISTORY_REASON = "load_example"  # in the history of the administrator: by that this command recognises its own work
PUBLISHED_BEFORE = "2015년 결과보고에 실린 이름입니다."


class Command(BaseCommand):
    help = "Load the 2015 conference into an empty portal, publish it, sign its report; safe to repeat, changes no other portal."

    def handle(self, **_options: Any) -> None:
        if has_nothing_else():
            report = load(self.stdout).reports.get(number=1)
            if not missing_packages():
                with suppress(OSError, storage.DamagedFile):  # a picture or the storage is gone: the worker tries again
                    renderings.get_or_generate_pdf(report.editions.get())
        else:
            self.stdout.write(
                "이 포털에는 다른 계정이나 행사가 있어 예시를 싣지 않습니다. 예시 없이 열려면 ./portal serve"
                " / there are other accounts or conferences here: the example is not loaded"
            )
        if is_loaded():
            self._tell()

    def _tell(self) -> None:
        self.stdout.write(signed_report())
        self.stdout.write("예시 계정(example accounts): " + " ".join(ACCOUNTS))
        if User.objects.get(username="admin").check_password(password()):
            self.stdout.write(f"비밀번호(password): {password()}")
        else:  # changed since, or the rows came from another place
            self.stdout.write(
                "비밀번호(password): 예시를 처음 실은 곳의 것입니다. (that of the place where it was loaded)"
            )


def signed_report() -> str:
    """Copy the PDF of the signed report to a file that opens by a click; return a line with its path, or why there is none."""
    final = Rendering.objects.filter(
        edition__report__conference__slug=SLUG, edition__report__number=1, form=Rendering.Form.PDF, is_final=True
    ).first()
    missing, path = missing_packages(), settings.DATA / f"{SLUG}-결과보고.pdf"
    if final is None and missing:
        return f"PDF를 만들 수 없습니다. 다음을 설치하십시오(install): sudo apt-get install -y {missing}"
    if final is None:
        return "결과보고 PDF는 작업 프로세스(worker)가 곧 만듭니다. / the worker is about to make the report's PDF"
    try:
        path.write_bytes(storage.read(final.digest))  # the stored file has a digest for a name
    except (OSError, storage.DamagedFile) as error:
        return f"결재가 끝난 결과보고의 PDF를 꺼내지 못했습니다({error}). / the signed report's PDF could not be copied"
    return f"결재가 끝난 결과보고(signed report): {path}"


def is_loaded() -> bool:
    """Whether this command loaded the example; another person may have imported the same file for another purpose."""
    made_here = (user.history.filter(reason=HISTORY_REASON).exists() for user in User.objects.filter(username="admin"))
    return any(made_here) and Conference.objects.filter(slug=SLUG).exists()


def has_nothing_else() -> bool:
    """Whether the portal holds only what this command made; then it may start, or continue after an interruption."""
    conferences, users = Conference.objects.all(), User.objects.all()
    if is_loaded():
        conferences, users = conferences.exclude(slug=SLUG), users.exclude(username__in=ACCOUNTS)
    return not conferences.exists() and not users.exists()


def load(stdout: TextIO) -> Conference:
    """Import, publish and sign what has not been imported, published or signed yet; no PDF is made."""
    conference = publish(stdout)
    report = conference.reports.get(number=1)
    if report.state == Document.State.DRAFT and not report.rounds.exists():
        _sign(report)
    return conference


def publish(stdout: TextIO) -> Conference:
    """Import and publish what has not been imported or published yet."""
    if not Conference.objects.filter(slug=SLUG).exists():
        with transaction.atomic():  # together with its marks
            call_command("import_conference", str(FILE), stdout=stdout)
            _give_passwords()
    conference = Conference.objects.get(slug=SLUG)
    if not conference.releases.exists():
        chair = User.objects.get(username="chair")
        releases.publish(conference, by=chair, name="2015년 프로그램", names_reason=PUBLISHED_BEFORE)
        difference.refresh(conference)
    return conference


def password() -> str:
    return settings.DEMO_PASSWORD or environment.read_or_create_secret(
        settings.DATA / "demo-password", make=passwords.make_readable_password
    )


def _give_passwords() -> None:
    """Let people sign in with the example accounts; ``admin`` is no person of 2015 and not in the file."""
    with without_author(HISTORY_REASON):
        User.objects.get_or_create(username="admin", defaults={"name": "관리자", "is_admin": True})
    for user in User.objects.filter(username__in=ACCOUNTS):
        user.set_password(password())
        user.save(update_fields=["password"])


def _sign(report: Report) -> None:
    """Sign for the four people of 2015 through ``chain``, which writes all signatures."""
    people = {user.username: user for user in User.objects.filter(username__in=ACCOUNTS[:4])}
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=people["wook"])
    report.refresh_from_db()
    reasons = {finding.code: NOT_IN_SOURCE for finding in document.findings(report) if finding.level == "warn"}
    assumed = {"at": DECISION_DAY, "is_time_assumed": True}
    chain.submit(
        report,
        by=people["wook"],
        reasons=reasons,
        form_key=f"{SLUG}-submit",
        lock_version=report.lock_version,
        **assumed,
    )
    for username in ("youngbun", "wontaek", "heedong"):
        step = Step.objects.select_related("round__document").get(round__document=report.pk, state=Step.State.CURRENT)
        when = {"at": DECISION_DAY} if username == "heedong" else assumed
        lock_version = step.round.document.lock_version
        chain.sign(
            step,
            by=people[username],
            digest=step.round.digest,
            form_key=f"{SLUG}-{username}",
            lock_version=lock_version,
            **when,
        )
