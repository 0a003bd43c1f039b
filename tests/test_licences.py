"""What the portal is licensed under, and that all it ships and imports goes with it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FONTS = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".ttf", ".otf", ".woff", ".woff2"})
# licences that bind a program which imports the package, and those that bind the package's own files
BINDS_US = re.compile(r"Affero|(?<!Lesser )General Public|(?<!L)GPL")
BINDS_ITSELF = re.compile(r"General Public|GPL|MPL|Mozilla")


def licences(package: str) -> list[str]:
    """Return the licences among which one may choose; none where this machine does not need the package."""
    try:
        data = metadata(package)
    except PackageNotFoundError:
        return []
    named = [line.removeprefix("License :: ") for line in data.get_all("Classifier", []) if line.startswith("License")]
    return named or (data.get("License-Expression") or data.get("License")).split(" OR ")


def imported() -> dict[str, list[str]]:
    lock = (ROOT / "requirements" / "portal.txt").read_text("utf-8")
    packages = {name: licences(name) for name in re.findall(r"^([\w-]+)==", lock, re.MULTILINE)}
    return {name: choices for name, choices in packages.items() if choices}


def test_no_package_that_we_import_binds_our_own_code() -> None:
    packages = imported()
    assert packages["django"] == ["BSD-3-Clause"]
    assert {name: choices for name, choices in packages.items() if all(map(BINDS_US.search, choices))} == {}


@pytest.mark.parametrize(
    ("licence", "is_seen"),
    [
        ("AGPL-3.0-only", True),
        ("OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("OSI Approved :: GNU Affero General Public License v3", True),
        ("OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MPL-2.0", False),
    ],
)
def test_a_licence_that_binds_us_would_be_seen(licence: str, is_seen: bool) -> None:
    assert bool(BINDS_US.search(licence)) == is_seen


def test_the_decision_names_every_package_with_conditions() -> None:
    (page,) = (ROOT / "docs" / "adr").glob("*-apache-2-0.md")
    named = re.findall(r"^\| `([\w-]+)`", page.read_text("utf-8"), re.MULTILINE)
    packages = imported()
    assert {name for name, choices in packages.items() if any(map(BINDS_ITSELF.search, choices))} == {*named}


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
def test_a_font_has_its_licence_beside_it(font) -> None:
    family = font.stem.partition("-")[0]
    assert font.with_name(f"{family}-LICENSE.txt").is_file()
    assert font.name in (ROOT / "NOTICE").read_text("utf-8")


def test_nothing_else_that_is_served_has_another_author() -> None:
    served = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".js", ".css", ".svg"}]
    foreign = re.compile(r"copyright|@license|spdx-", re.IGNORECASE)
    assert len(served) > 0
    assert [path.name for path in served if foreign.search(path.read_text("utf-8"))] == []


def test_the_project_says_its_licence() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert '\nlicense = "Apache-2.0"\n' in (ROOT / "pyproject.toml").read_text("utf-8")
