"""Sections that staff write or choose: 성과, 예산, 홍보, 계획, 사진대지, 붙임."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from conference.models.files import Photo
from korean.dates import format_day
from reports.content import Block, BudgetContent, ReportContent
from reports.sections.blocks import cell, item, row, table
from sessions.models import Proposal


def paragraphs_builder(section: str) -> Callable[[ReportContent], list[Block]]:
    """Return the builder of a section that consists of its paragraphs."""

    def build(values: ReportContent) -> list[Block]:
        return [item(line["level"], line["text"]) for line in values["texts"]["paragraphs"].get(section, [])]

    return build


def build_achievements(values: ReportContent) -> list[Block]:
    """성과 as written, then the proposals of the report's topics with the offices that take them up."""
    proposals = [
        proposal for topic in values["topics"] for session in topic["sessions"] for proposal in session["proposals"]
    ]
    blocks = paragraphs_builder("achievements")(values)
    if proposals:
        columns: list[tuple[str, int | None]] = [(_("제안사항"), None), (_("담당부서"), 40), (_("상태"), 24)]
        lines = [
            row(
                cell(proposal["text"]),
                cell(proposal["department"], align="center"),
                cell(str(Proposal.State(proposal["state"]).label), align="center"),
            )
            for proposal in proposals
        ]
        blocks.append(table("proposals", caption=_("제안사항"), columns=columns, groups=[[line] for line in lines]))
    return blocks


def build_budget(values: ReportContent) -> list[Block]:
    """예산액, 집행액, 잔액 in won, with their sums."""
    if not (rows := values["texts"]["budget"]):
        return []
    total: BudgetContent = {
        "item": _("합계"),
        "planned": sum(line["planned"] for line in rows),
        "spent": sum(line["spent"] for line in rows),
    }
    lines = [
        row(
            cell(line["item"], head=True, align="center"),
            *(
                cell(format_won(number), align="right")
                for number in (line["planned"], line["spent"], line["planned"] - line["spent"])
            ),
        )
        for line in [*rows, total]
    ]
    columns: list[tuple[str, int | None]] = [
        (_("과목"), 40),
        (_("예산액"), None),
        (_("집행액"), None),
        (_("잔액"), None),
    ]
    return [table("budget", caption=_("예산 집행 내역(단위: 원)"), columns=columns, groups=[lines])]


def format_won(number: int) -> str:
    """Return ``1,200`` or, below zero, ``△1,200``: the sign of an office's accounts."""
    return f"△{-number:,}" if number < 0 else f"{number:,}"


def build_publicity(values: ReportContent) -> list[Block]:
    """Return an item for each report in the media."""
    return [
        item(
            1,
            " ".join(
                filter(None, (report["title"], f"({format_day(report['on'])})" if report["on"] else "", report["url"]))
            ),
            label=report["medium"],
        )
        for report in values["texts"]["publicity"]
    ]


def build_plans(values: ReportContent) -> list[Block]:
    """향후 계획: as written, then who does what until when."""
    rows = values["texts"]["followups"]
    blocks = paragraphs_builder("plans")(values)
    if rows:
        columns: list[tuple[str, int | None]] = [(_("내용"), None), (_("담당"), 45), (_("기한"), 28)]
        lines = [
            row(
                cell(plan["text"]),
                cell(" ".join(filter(None, (plan["department"], plan["officer"]))), align="center"),
                cell(format_day(plan["due"]) if plan["due"] else "", align="center"),
            )
            for plan in rows
        ]
        blocks.append(table("plans", caption=_("향후 계획"), columns=columns, groups=[[line] for line in lines]))
    return blocks


def build_photos(values: ReportContent) -> list[Block]:
    """사진대지 in the chosen order. A picture without a stage of its own belongs to the event."""
    stages = [
        stage for stage in Photo.Stage.values if any((photo["stage"] or "event") == stage for photo in values["photos"])
    ]
    return [
        {
            "kind": "photos",
            "heading": str(Photo.Stage(stage).label) if len(stages) > 1 else "",
            "photos": [
                {
                    "digest": photo["digest"],
                    "caption": photo["caption"],
                    "alt": photo["alt"],
                    "width": "full" if photo["wide"] else "half",
                }
                for photo in values["photos"]
                if (photo["stage"] or "event") == stage
            ],
        }
        for stage in stages
    ]


def build_attachments(values: ReportContent) -> list[Block]:
    """``붙임  명칭 1부.``; two or more are numbered."""
    rows = values["texts"]["attachments"]
    numbered = [f"{i}. {row['name']} {row['copies']}부." for i, row in enumerate(rows, 1)]
    return [
        {"kind": "paragraph", "text": text}
        for text in (numbered if len(rows) > 1 else [text.removeprefix("1. ") for text in numbered])
    ]
