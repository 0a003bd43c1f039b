"""The system libraries that PDF needs, and the command that installs the missing ones.

It imports neither Django nor WeasyPrint, because `./portal` runs it before they are installed (`python -m publishing.pdf.pdf_libraries`).
"""

import ctypes

# Shared object → Debian's and Ubuntu's package. WeasyPrint draws text with Pango and embeds fonts with HarfBuzz.
PACKAGES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def missing() -> list[str]:
    """Return the packages whose library this machine lacks."""
    return [package for library, package in PACKAGES.items() if not _loads(library)]


def install_command() -> str:
    """Return the command that installs the missing packages; "" if none is missing."""
    absent = missing()
    return f"sudo apt-get install -y {' '.join(absent)}" if absent else ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(*missing())  # noqa: T201  (a command's answer)
