"""발표자료: the files of a presentation. They are checked before they are stored, and public only with a release."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conference.models import Conference, File
from conference.uploads import images, lost_files, storage
from rows.recording import record_changes
from sessions.models import Presentation


def add(talk: Presentation, *, content: bytes, name: str, by: User) -> File:
    """Store a document or picture as material of ``talk``. A file that it has already is refused, unless the storage lost it.

    Raises ValidationError with what is wrong with the file.
    """
    if not content:
        raise ValidationError(_("빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."))
    size: dict[str, int] = {}
    if PurePath(name).suffix.lower() in storage.DOCUMENTS or not images.is_image(content):
        media_type = storage.check_document(content, name=name)  # refuses other files
    else:
        picture = images.to_stored_form(content)
        content, media_type = picture.content, picture.media_type
        size = {"width": picture.width, "height": picture.height}
    lost = {each.name for each in lost_files.known()}
    digest = storage.store(content)  # if the transaction fails, a file without a row remains; it does no harm
    with transaction.atomic():
        conference = Conference.objects.select_for_update().get(pk=talk.session.conference_id)
        if existing := talk.materials.filter(digest=digest).first():
            if digest in lost:
                return existing
            raise ValidationError(_("이미 올린 파일입니다: %(name)s") % {"name": existing.name})
        file = File(
            conference=conference,
            digest=digest,
            name=storage.unused_name(conference, name),
            media_type=media_type,
            size=len(content),
            uploaded_by=by,
            **size,
        ).save_by(by)
        with record_changes([talk], by=by, many=["materials"]):
            talk.materials.add(file)
            talk.save()  # forms opened before are stale
    return file


@transaction.atomic
def remove(talk: Presentation, file: File, *, by: User) -> None:
    """Remove a file from the presentation; delete it if nothing else in the conference uses it."""
    with record_changes([talk], by=by, many=["materials"]):
        talk.materials.remove(file)
        talk.save()  # forms opened before are stale
    if not file.presentations.exists() and not file.attached_to.exists() and not hasattr(file, "photo"):
        file.delete_by(by)


@transaction.atomic
def show(talk: Presentation, file: File, *, may_be_public: bool, by: User) -> None:
    """Set whether the next release may contain the file. The release in force does not change."""
    file.may_be_public = may_be_public
    file.save_by(by)
    talk.save_by(by)  # forms opened before are stale
