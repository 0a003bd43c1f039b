"""The sections of a 결과보고: collected values become blocks of text, which every renderer prints alike.

A section is a function ``values → blocks``; one without blocks is left out. The words are frozen with the
edition; a renderer chooses type and paper, never words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.content import Block, ReportContent, SectionContent
from reports.sections import blocks, detail, overview, texts
from reports.sections.programme import build_programme

Builder = Callable[[ReportContent], list[Block]]

# id → (usual heading, builder); the order is the usual order
SECTIONS: dict[str, tuple[Any, Builder]] = {
    "basis": (_("추진 근거"), overview.build_basis),
    "overview": (_("행사 개요"), overview.build_overview),
    "programme": (_("세부 프로그램"), build_programme),
    "detail": (_("세부 추진 내역"), detail.build_detail),
    "achievements": (_("주요 성과 및 제안사항"), texts.build_achievements),
    "budget": (_("예산 집행"), texts.build_budget),
    "publicity": (_("홍보"), texts.build_publicity),
    "satisfaction": (_("만족도"), texts.paragraphs_builder("satisfaction")),
    "problems": (_("문제점 및 개선"), texts.paragraphs_builder("problems")),
    "plans": (_("향후 계획"), texts.build_plans),
    "photos": (_("사진대지"), texts.build_photos),
    "attachments": (_("붙임"), texts.build_attachments),
}


def collected_text(values: ReportContent, name: str) -> str:
    """Return the text of one section as collected, without an override."""
    return blocks.plain_text(SECTIONS[name][1](values))


def complete_order(chosen: list[str]) -> list[str]:
    """Return the order that a report chose, completed: a section that it does not name comes before 붙임."""
    order = [name for name in chosen if name in SECTIONS]
    at = order.index("attachments") if "attachments" in order else len(order)
    return [*order[:at], *(name for name in SECTIONS if name not in order), *order[at:]]


def build_sections(values: ReportContent) -> list[SectionContent]:
    """Return the sections in the report's order, ending with 끝."""
    chosen = values["texts"]
    order = complete_order(chosen["section_order"])
    if chosen["photo_position"] == "attached":  # 끝. then comes after the 붙임 line
        order = [*(name for name in order if name not in {"photos", "attachments"}), "attachments", "photos"]
    built: list[SectionContent] = []
    for name in order:
        heading, builder = SECTIONS[name]
        printed = builder(values) if name not in chosen["overrides"] else blocks.paragraphs(chosen["overrides"][name])
        if printed:
            built.append({"id": name, "heading": chosen["headings"].get(name, str(heading)), "blocks": printed})
    if body := [section for section in built if section["id"] != "photos" or chosen["photo_position"] != "attached"]:
        body[-1]["blocks"].append({"kind": "end", "text": "끝."})
    return built
