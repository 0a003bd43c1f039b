"""Storage of uploads and renderings in a folder."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

from conference.models import File
from conference.outage import StorageUnavailable


class FolderStorage(FileSystemStorage):
    """A folder that is moved away or not mounted is not made anew, for what is written then would lie beside the rest."""

    def path(self, name: str) -> str:
        """Return where a file lies; every access asks for this. Raises StorageUnavailable."""
        if not Path(self.location).is_dir():
            raise StorageUnavailable(self.location)
        return super().path(name)


def make_folder() -> None:
    """Make the folder where a portal begins: a new one, or one that is restored. Nobody else may."""
    if isinstance(default_storage, FolderStorage):
        Path(default_storage.location).mkdir(mode=0o750, parents=True, exist_ok=True)


def make_folder_after_migrate(**_signal: object) -> None:
    """After a migrate: make the folder of a new portal. One that held files is to be mounted again."""
    if not File.objects.exists():
        make_folder()
