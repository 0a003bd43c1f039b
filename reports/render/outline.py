"""Items and notes of a section as lists in lists, for templates/reports/_outline.html."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.content import ItemBlock, NoteBlock


@dataclass
class OutlineNote:
    text: str
    end: str = ""  # 끝. where it is the last line


@dataclass
class OutlineItem(OutlineNote):
    """An item with what hangs under it."""

    label: str = ""
    level: int = 0
    parts: list[OutlineNote | OutlineList] = field(default_factory=list)
    is_lead: bool = False
    is_heading_next: bool = False  # no page may end after it


@dataclass
class OutlineList:
    """Items of one level; ``step``: how many levels below what it hangs under."""

    level: int
    step: int
    items: list[OutlineItem] = field(default_factory=list)


class Outline:
    """Items and notes of one run as lists in lists; a level may be skipped (❏ then -)."""

    def __init__(self) -> None:
        self.root = OutlineItem("")
        self.open = [self.root]
        self.last: OutlineNote = self.root

    def add(self, block: ItemBlock | NoteBlock) -> None:
        """Add an item below the last one of a higher level, a note below the last one of its own or a higher level."""
        level = block["level"]
        deepest = level - 1 if block["kind"] == "item" else level
        while self.open[-1].level > deepest:
            self.open.pop()
        owner = self.open[-1]
        if block["kind"] == "note":
            self.last = OutlineNote(block["text"])
            owner.parts.append(self.last)
            return
        run = owner.parts[-1] if owner.parts else None
        if not isinstance(run, OutlineList) or run.level != level:
            owner.parts.append(run := OutlineList(level, level - owner.level))
        self.last = item = OutlineItem(block["text"], label=block["label"], level=level)
        run.items.append(item)
        self.open.append(item)

    def parts(self, *, is_followed: bool) -> list[OutlineNote | OutlineList]:
        """Return the outline for rendering; an item that heads other items, or the block after it, is marked."""
        self._name_heads(self.root, is_followed=is_followed)
        return self.root.parts

    def _name_heads(self, owner: OutlineItem, *, is_followed: bool) -> None:
        items = [item for part in owner.parts if isinstance(part, OutlineList) for item in part.items]
        for item in items:
            is_last = is_followed and item is items[-1]
            item.is_lead = item.level == 1 and bool(item.parts or is_last)
            # Its own line announces what follows the run, so no page ends between the two.
            item.is_heading_next = is_last and not item.parts and (item.is_lead or not item.text)
            self._name_heads(item, is_followed=is_last)
