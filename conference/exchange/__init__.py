"""A whole conference as one JSON file.

Each app declares its rows in ``<app>.exchange.ROWS``, and may check rules between rows in ``check(entries)``. From the
declarations come export (``exporting.dump``), checking with JSON pointers and import (``importing.load``), and the
JSON schema (``schema.text``). Rows are named by natural keys; the file holds no id, version or time of change.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, Organisation, User
from conference import reserved_slugs
from conference.models import (
    Basis,
    Conference,
    Contact,
    District,
    File,
    Guest,
    HostRole,
    MainItem,
    Membership,
    Notice,
    Person,
    Photo,
    Room,
    Topic,
    TopicOffice,
    Venue,
)
from conference.uploads import images, photos, storage
from rows.canonical_json import digest

from .row_lists import ExtraProperty, FileEntry, FileProblem, FileRefused, RowList, ends_after_start
from .values import expect

__all__ = ["ROWS", "ExtraProperty", "FileEntry", "FileProblem", "FileRefused", "RowList", "check", "ends_after_start"]

Values = dict[str, Any]
FieldProblems = Iterator[tuple[str, str]]


def _check_slug(values: Values) -> FieldProblems:
    if values["slug"] in reserved_slugs.reserved_slugs():
        yield "slug", _("‘%(slug)s’은(는) 포털이 쓰는 주소입니다.") % {"slug": values["slug"]}


def _check_organisation_or_name(values: Values) -> FieldProblems:
    if bool(values["organisation"]) == bool(values["name"]):
        yield "name", _("기관(organisation)과 이름(name) 가운데 하나만 적어야 합니다.")


def _check_deputy(values: Values) -> FieldProblems:
    if values["represented_by"] and values["attendance"] != Guest.Attendance.REPRESENTED:
        yield "represented_by", _("대리 참석자는 대리참석(represented)일 때만 적습니다.")


def _export_content(row: File) -> str:
    return base64.b64encode(storage.read(row.digest)).decode()


def _import_content(values: Values, value: Any) -> None:
    """Check the bytes as those of an upload are checked, and convert a picture to the stored form."""
    try:
        content = base64.b64decode(expect(str, value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationError(_("base64로 쓴 글이 아닙니다.")) from error
    if digest(content) != values["digest"]:
        raise ValidationError(_("내용의 SHA-256 값과 다릅니다."), code="digest")
    if PurePath(values["name"]).suffix.lower() in storage.DOCUMENTS:
        media_type = storage.check_document(content, name=values["name"])
    else:
        picture = images.to_stored_form(content)
        content, media_type = picture.content, picture.media_type
        values |= {"width": picture.width, "height": picture.height, "picture": picture}
    if media_type != values["media_type"]:
        text = _("내용은 %(found)s인데 %(said)s(이)라고 적혀 있습니다.")
        raise ValidationError(text % {"found": media_type, "said": values["media_type"]}, code="media_type")
    values |= {"digest": digest(content), "size": len(content), "content": content}


def _store(row: File, entry: FileEntry) -> None:
    row.size, row.width, row.height = entry.values["size"], entry.values.get("width"), entry.values.get("height")
    picture = entry.values.get("picture")
    photos.store(picture) if picture else storage.store(entry.values["content"])


CONTENT = ExtraProperty(
    "content", {"type": "string", "contentEncoding": "base64"}, to_json=_export_content, from_json=_import_content
)

COPIED_AS = ""  # no choice: these rows are always copied, because all others need them
ROWS = (
    RowList(
        "conference",
        Conference,
        parent_field="",
        checks=(_check_slug, ends_after_start()),
        copy_overrides=dict.fromkeys(("title_en", "headcount", "is_headcount_approximate", "counted_how")),
    ),
    RowList("organisations", Organisation, parent_field="", key="name"),
    RowList("departments", Department, parent_field="", key="organisation name"),
    RowList(
        "accounts",
        User,
        parent_field="",
        key="username",
        leave_out="password last_login mail is_active is_admin",
        before_save=lambda row, _entry: row.set_unusable_password(),
    ),
    RowList("main_items", MainItem),
    RowList("hosts", HostRole, checks=(_check_organisation_or_name,)),
    RowList("districts", District, key="name"),
    RowList(
        "topics",
        Topic,
        key="name",
        children=(RowList("desks", TopicOffice, parent_field="topic", copy_overrides={"officer": None}),),
    ),
    RowList("bases", Basis, is_copied=False),
    RowList("memberships", Membership, key="user", is_copied=False),
    RowList("notices", Notice, is_copied=False),
    RowList("venues", Venue, key="name", children=(RowList("rooms", Room, parent_field="venue", key="venue name"),)),
    RowList(
        "persons",
        Person,
        key="name affiliation job",
        children=(RowList("contact", Contact, parent_field="person", is_copied=False),),
        copy_overrides={"name_basis": None},  # a consent was given for one event
    ),
    RowList("guests", Guest, checks=(_check_deputy,), copy_overrides={"attendance": None, "represented_by": None}),
    RowList(
        "files",
        File,
        key="name",
        leave_out="size width height",
        extra=CONTENT,
        before_save=_store,
        is_copied=False,
    ),
    RowList("photos", Photo, key="file", is_copied=False),
)


def check(entries: list[FileEntry]) -> Iterator[FileProblem]:
    """Check rules between rows: a photo names a picture, and no room is within itself."""
    pictured = {entry.key for entry in entries if entry.rows.model is File and "width" in entry.values}
    known = {entry.key for entry in entries if entry.rows.model is File}
    rooms = {entry.key: entry for entry in entries if entry.rows.model is Room}
    for entry in entries:
        if entry.rows.model is Photo and entry.values["file"] in known - pictured:
            yield FileProblem(f"{entry.pointer}/file", _("사진 파일이 아닙니다."))
    for room in rooms.values():
        around, above = {room.key}, room.values["parent"]
        while above in rooms and above not in around:
            around.add(above)
            above = rooms[above].values["parent"]
        if above == room.key:
            yield FileProblem(f"{room.pointer}/parent", _("방이 자기 안에 들어 있습니다."))
