"""The photo pool across subjects: which session, exhibitor, report or release shows a picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from conference import trash
from conference.models import Conference, Photo
from conference.permissions import ConferencePermissions
from conference.uploads.photos import filter_photos
from exhibits.models import Exhibitor
from publishing import releases
from reports.models import ReportPhoto
from rows.recording import record_changes
from sessions.models import Session

# begins the key of a session or exhibitor that shows photos: session-12, exhibitor-3
TARGET_MODELS: dict[str, type[Session | Exhibitor]] = {"session": Session, "exhibitor": Exhibitor}


def photos_with_usage(conference: Conference, **filters: Any) -> QuerySet[Photo]:
    """Return the photos that match the filters, with the rows that show them."""
    return filter_photos(conference, **filters).prefetch_related(
        Prefetch("sessions", Session.objects.only("title")),
        Prefetch("exhibitors", Exhibitor.objects.only("name", "short_name")),
        Prefetch("report_photos", ReportPhoto.objects.select_related("report__department__organisation")),
    )


def may_edit(permissions: ConferencePermissions, photo: Photo) -> bool:
    """Whether the person may describe the picture: 총괄 and 담당 every one, a topic office those of its districts."""
    return permissions.can_edit_all or photo.district_id in permissions.districts


def photo_targets(conference: Conference) -> dict[str, QuerySet]:
    """Return the rows that may show photos of the conference, by the keys of TARGET_MODELS."""
    return {
        "session": conference.sessions.exclude(kind__in=(Session.Kind.MOVE, Session.Kind.BREAK)),
        "exhibitor": Exhibitor.objects.filter(exhibition__conference=conference).order_by("position", "pk"),
    }


@transaction.atomic
def show(shots: Iterable[Photo], *, place: Session | Exhibitor, by: User) -> None:
    """Let a session or an exhibitor show the photos, after those it shows already."""
    with record_changes([place], by=by, many=["photos"]):
        place.photos.add(*shots)


@transaction.atomic
def hide(shots: Iterable[Photo], *, place: Session | Exhibitor, by: User) -> None:
    """Let a session or an exhibitor show the photos no longer."""
    with record_changes([place], by=by, many=["photos"]):
        place.photos.remove(*shots)


@transaction.atomic
def delete(photo: Photo, *, by: User) -> None:
    """Delete a picture of the pool; it can be restored. Raises ValidationError if a report or the release in force shows it."""
    rows = photo.report_photos.select_related("report__department__organisation")
    if offices := dict.fromkeys(str(row.report.department) for row in rows):
        text = _(
            "‘%(photo)s’은(는) 결과보고(%(offices)s)의 사진대지에 있어 지울 수 없습니다. 그 보고서에서 먼저 빼 주세요."
        )
        raise ValidationError(text % {"photo": photo, "offices": ", ".join(offices)})
    current = releases.live_release(photo.conference.slug)
    if current and photo.file.digest in current.files:
        text = _(
            "‘%(photo)s’은(는) 지금 공개 화면에 나와 있어 지울 수 없습니다. 세션·업체에서 떼고 다시 공개한 뒤에 지워 주세요."
        )
        raise ValidationError(text % {"photo": photo})
    trash.delete(photo, conference=photo.conference, by=by)
