"""발표자료: the files of a presentation, checked before they are kept; what may be public leaves the office by a release."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference import files, lost_files, pictures
from conference.models import Conference, File
from sessions.models import Presentation


def add(talk: Presentation, *, content: bytes, name: str, by: User) -> File:
    """Keep a document or picture as material of ``talk``; one that it has is given back where the storage had lost it.

    Raises ValidationError that says what is wrong with it.
    """
    if not content:
        raise ValidationError(_("빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."))
    size: dict[str, int] = {}
    if PurePath(name).suffix.lower() in files.DOCUMENTS or not pictures.is_picture(content):
        media_type = files.document(content, name=name)  # what is neither is told everything that is taken
    else:
        found = pictures.picture(content)
        content, media_type, size = found.content, found.media_type, {"width": found.width, "height": found.height}
    lost = {each.name for each in lost_files.lost()}
    digest = files.store(content)  # bytes that no row names are nobody's, and harmless
    with transaction.atomic():
        conference = Conference.objects.select_for_update().get(pk=talk.session.conference_id)
        if known := talk.materials.filter(digest=digest).first():
            if digest in lost:
                return known
            raise ValidationError(_("이미 올린 파일입니다: %(name)s") % {"name": known.name})
        file = File.objects.create(
            conference=conference,
            digest=digest,
            name=files.free_name(conference, name),
            media_type=media_type,
            size=len(content),
            uploaded_by=by,
            **size,
        )
        talk.materials.add(file)
        _save_with_history(talk, by=by)
    return file


@transaction.atomic
def remove(talk: Presentation, file: File, *, by: User) -> None:
    """Take a file away from the presentation, and from the conference where nothing else names it."""
    talk.materials.remove(file)
    _save_with_history(talk, by=by)
    if not file.presentations.exists() and not file.attached_to.exists() and not hasattr(file, "photo"):
        file.delete()


@transaction.atomic
def show(talk: Presentation, file: File, *, may_be_public: bool, by: User) -> None:
    """Say whether the next release may hold the file; one in force changes only by publishing."""
    file.may_be_public = may_be_public
    file._history_user = by
    file.save()
    _save_with_history(talk, by=by)


def _save_with_history(talk: Presentation, *, by: User) -> None:
    """Let the change stand in the presentation's history, and older forms of it be stale."""
    talk._history_user = by
    talk.save()
