"""The file of a backup: a ZIP of known members and a manifest that says what each must be.

The file may be damaged, cut off or made by an attacker. Only members whose name, size and SHA-256 are in the manifest are
read, and only names that are valid in the storage.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_MAX = 256 * 1024**2  # bytes; a line for each of a million files
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}  # by Django's name of the database
FOLDER = "files/"
STORED_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9-]{1,20})?\Z")  # as conference.uploads.storage names it
DIGEST = re.compile(r"[0-9a-f]{64}\Z")
CHUNK = 1024**2  # bytes held in memory at a time
# errors that zipfile raises for bytes that are no ZIP, or for one that is cut off, encrypted or malicious
DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class UnusableBackup(Exception):
    """The backup cannot be used, in one line of Korean and English."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean} / {english}")


@dataclass(frozen=True)
class Checksum:
    """Number and hash of a member's bytes, or of a table's rows (``database.sum_rows``)."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The description of a backup inside the file."""

    version: str  # of the program that made it
    made_at: str  # ISO 8601
    database: str  # sqlite or postgresql
    migrations: list[str]  # app.name of each that had been applied
    tables: dict[str, Checksum]
    members: dict[str, Checksum]

    def dump(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)

    @property
    def files(self) -> list[str]:
        """Names of stored files, as the storage knows them."""
        return [name.removeprefix(FOLDER) for name in self.members if name.startswith(FOLDER)]

    @property
    def size(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(member.size for member in self.members.values())


def parse(raw: bytes) -> Manifest:
    """Read a manifest. Raises UnusableBackup."""
    try:
        value = json.loads(raw)
        if value["format"] != FORMAT:
            raise UnusableBackup(f"모르는 형식의 백업입니다({value['format']!r}).", "unknown format")
        manifest = Manifest(
            version=str(value["version"]),
            made_at=datetime.fromisoformat(value["made_at"]).isoformat(),
            database=value["database"],
            migrations=[str(name) for name in value["migrations"]],
            tables=_parse_checksums(value["tables"]),
            members=_parse_checksums(value["members"]),
        )
        known = {DATABASE[manifest.database], *(FOLDER + name for name in manifest.files if STORED_NAME.match(name))}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnusableBackup(
            "목록(manifest.json)이 백업의 것이 아닙니다.", "its manifest is not one of a backup"
        ) from None
    if wrong := sorted(manifest.members.keys() ^ known):
        raise UnusableBackup(f"백업에 있을 수 없는 이름입니다: {wrong[0]!r:.100}", "a name that no backup has")
    return manifest


def _parse_checksums(value: dict[str, Any]) -> dict[str, Checksum]:
    sums = {str(name): Checksum(**one) for name, one in value.items()}
    if not all(type(one.size) is int and one.size >= 0 and DIGEST.match(one.sha256) for one in sums.values()):
        raise ValueError(value)
    return sums


class Archive:
    """A backup opened for reading; its list of members is checked, the members are not."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        with _refuse_damage(MANIFEST):
            if MANIFEST not in file.namelist():
                raise UnusableBackup(
                    "목록(manifest.json)이 없습니다. 백업이 아닙니다.", "no backup: it has no manifest"
                )
            with file.open(MANIFEST) as member:
                raw = member.read(MANIFEST_MAX + 1)
        if len(raw) > MANIFEST_MAX:
            raise UnusableBackup("목록(manifest.json)이 너무 큽니다.", "its manifest is too large")
        self.manifest = parse(raw)
        self._check_list()

    def _check_list(self) -> None:
        """Compare the ZIP's own list with the manifest: no member may be missing, extra, there twice, or no plain file."""
        infos = self._file.infolist()
        listed = {MANIFEST, *self.manifest.members}
        names = [info.filename for info in infos]
        if wrong := sorted(listed ^ set(names)):
            raise UnusableBackup(f"목록과 다릅니다: {wrong[0]!r:.100}", "its members are not those of its manifest")
        if len(names) != len(listed):
            raise UnusableBackup("같은 이름이 두 번 있습니다.", "a member is there twice")
        for info in infos:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in {0, stat.S_IFREG} or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise UnusableBackup(f"보통 파일이 아닙니다: {info.filename!r:.100}", "a member is no plain file")

    def copy(self, name: str, write: Callable[[bytes], object]) -> None:
        """Give the member's bytes piece by piece to ``write``. Raises UnusableBackup when they are not those of the manifest.

        Never gives more bytes than the manifest says, even if the member unpacks to more.
        """
        due = self.manifest.members[name]
        digest, size = hashlib.sha256(), 0
        for piece in self._pieces(name):
            size += len(piece)
            if size > due.size:
                break
            digest.update(piece)
            write(piece)
        if (size, digest.hexdigest()) != (due.size, due.sha256):
            raise UnusableBackup(f"내용이 목록과 다릅니다: {name}", "a member is not what the manifest says")

    def _pieces(self, name: str) -> Iterator[bytes]:
        with _refuse_damage(name):
            member: Any = self._file.open(name)
        with member:
            while True:
                with _refuse_damage(name):
                    piece = member.read(CHUNK)
                if not piece:
                    return
                yield piece

    def check(self) -> None:
        """Read every member whole. Raises UnusableBackup."""
        for name in self.manifest.members:
            self.copy(name, len)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a backup for reading. Raises UnusableBackup or OSError."""
    with path.open("rb") as stream:
        with _refuse_damage(path.name):
            file = zipfile.ZipFile(stream)
        with file:
            yield Archive(file)


@contextmanager
def _refuse_damage(name: str) -> Iterator[None]:
    try:
        yield
    except DAMAGE_ERRORS as error:
        raise UnusableBackup(f"읽을 수 없습니다: {name}", f"damaged, cut off or no backup ({error!s:.60})") from error


def add_member(file: zipfile.ZipFile, name: str, stream: BinaryIO, *, is_packed: bool) -> Checksum:
    """Write a member from a stream of any size; return the number and the hash of its bytes."""
    info = zipfile.ZipInfo(name, date_time=datetime.now().astimezone().timetuple()[:6])
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with file.open(info, "w", force_zip64=True) as member:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return Checksum(size, digest.hexdigest())
