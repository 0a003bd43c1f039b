"""The types of a 결과보고: what is collected for it (``ReportContent``) and the edition that is frozen and signed."""

from __future__ import annotations

import json
from typing import Literal, NotRequired, TypedDict, cast

from conference.content import PhotoContent, ReportedEventContent
from exhibits.content import ReportedExhibitionContent
from preparation.content import TrackContent
from sessions.content import ProgrammeContent, ReportedSessionContent


# ── what is collected ───────────────────────────────────────────────────────────────────────────
class ReportedTopicContent(TypedDict):
    """A topic of the report, with what belongs to it."""

    name: str
    tracks: list[TrackContent]
    sessions: list[ReportedSessionContent]


class ParagraphContent(TypedDict):
    level: int  # 1 to 3
    text: str


class BudgetContent(TypedDict):
    item: str
    planned: int  # won
    spent: int  # won


class FollowUpContent(TypedDict):
    text: str
    department: str
    officer: str
    due: str | None  # ISO date


class PublicityContent(TypedDict):
    medium: str
    title: str
    on: str | None  # ISO date
    url: str


class AttachmentContent(TypedDict):
    name: str
    copies: int


class TextsContent(TypedDict):
    """What staff wrote themselves."""

    headings: dict[str, str]  # id of a section or column → words
    section_order: list[str]
    notation: str  # Report.Notation
    photo_position: str  # Report.PhotoPosition
    no_basis_reason: str
    paragraphs: dict[str, list[ParagraphContent]]  # by section
    overrides: dict[str, str]  # by section
    budget: list[BudgetContent]
    followups: list[FollowUpContent]
    publicity: list[PublicityContent]
    attachments: list[AttachmentContent]


class ReportPhotoContent(PhotoContent):
    wide: bool


class ReportContent(TypedDict):
    """Everything that the sections of a report are made from."""

    event: ReportedEventContent
    programme: ProgrammeContent[ReportedSessionContent]
    topics: list[ReportedTopicContent]
    tracks: list[TrackContent]  # of the whole conference
    exhibitions: list[ReportedExhibitionContent]
    district: str
    texts: TextsContent
    photos: list[ReportPhotoContent]


# ── what is printed ─────────────────────────────────────────────────────────────────────────────
class CellContent(TypedDict):
    text: str
    head: bool
    rows: int  # that it reaches over
    cols: int
    align: str  # left, center, right
    title: NotRequired[str]
    sub: NotRequired[str]
    lines: NotRequired[list[str]]


class RowContent(TypedDict):
    role: str  # "", "part" or "move"
    cells: list[CellContent]


class TableColumnContent(TypedDict):
    heading: str
    width: int | None  # mm


class PrintedPhotoContent(TypedDict):
    digest: str
    caption: str
    alt: str
    width: str  # half, full


class ItemBlock(TypedDict):
    kind: Literal["item"]
    level: int  # 1 to 3
    label: str
    text: str


class NoteBlock(TypedDict):
    kind: Literal["note"]
    level: int
    text: str


class ParagraphBlock(TypedDict):
    kind: Literal["paragraph"]
    text: str


class TableBlock(TypedDict):
    kind: Literal["table"]
    id: str
    caption: str
    columns: list[TableColumnContent]
    groups: list[list[RowContent]]  # no group is split over two pages


class PhotosBlock(TypedDict):
    kind: Literal["photos"]
    heading: str
    photos: list[PrintedPhotoContent]


class EndBlock(TypedDict):
    kind: Literal["end"]
    text: str


Block = ItemBlock | NoteBlock | ParagraphBlock | TableBlock | PhotosBlock | EndBlock


class SectionContent(TypedDict):
    id: str
    heading: str
    blocks: list[Block]


class PaperContent(TypedDict):
    margins: list[int]  # mm: top, right, bottom, left


class StoredPictureContent(TypedDict):
    name: str
    media_type: str
    width: int | None  # pixels
    height: int | None


class EditionContent(TypedDict):
    """An edition as it is frozen and signed."""

    format: int  # raised when a key goes or changes its meaning
    kind: str
    title: str
    office: str
    bureau: str
    purpose: str
    summary: str
    keywords: list[str]
    disclosure: str
    retention: str
    glyphs: str
    box_form: str
    box_position: str
    paper: PaperContent
    sections: list[SectionContent]
    files: dict[str, StoredPictureContent]  # by digest
    values: ReportContent


def edition(text: str) -> EditionContent:
    """Parse the frozen text of an edition."""
    return cast("EditionContent", json.loads(text))
