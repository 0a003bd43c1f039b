"""The 2015 report as an edition keeps it (content_2015.json), its pictures drawn here, and what is read of the paper."""

from __future__ import annotations

import copy
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from publishing.pdf import engine
from reports.render import html, pdf

FIXTURE = json.loads((Path(__file__).parent / "content_2015.json").read_text("utf-8"))
CREATED = datetime(2015, 12, 2, 8, 30, tzinfo=UTC)


def content() -> dict[str, Any]:
    return copy.deepcopy(FIXTURE["content"])


def box() -> dict[str, Any]:
    return copy.deepcopy(FIXTURE["box"])


def body(content: dict[str, Any], box: dict[str, Any]) -> str:
    return html.render_article(content, box, picture="/pictures/{}".format)


def make(content: dict[str, Any], box: dict[str, Any]) -> engine.Pdf:
    return pdf.render_pdf(content, box, read=lambda digest: drawn(content["files"][digest]), created=CREATED)


def drawn(file: dict[str, Any]) -> bytes:
    picture = Image.new("RGB", (file["width"], file["height"]), "#dbe4ee")
    ImageDraw.Draw(picture).rectangle((200, 150, 900, 600), fill="#12335c")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def pages(data: bytes) -> list[str]:
    """Return the text of each page as a viewer copies it."""
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def cells(row: str) -> list[str]:
    """Return the texts of a row of HTML, without what only a phone shows."""
    parts = re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", row, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", text).strip() for attributes, text in parts if " again" not in attributes]


def cell(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "head": False, "rows": 1, "cols": 1, "align": "left"} | more


def grid(width: int, first: str, second: str) -> dict[str, Any]:
    """Return a table block of one row: a column of ``width`` mm, and the rest."""
    columns = [{"heading": "가", "width": width}, {"heading": "나", "width": None}]
    rows = [{"role": "", "cells": [cell(first), cell(second)]}]
    return {"kind": "table", "id": f"t{width}", "caption": "", "columns": columns, "groups": [rows]}
