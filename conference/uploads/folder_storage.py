"""Storage of uploads and renderings in a folder."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

from conference.models import File
from conference.outage import StorageUnavailable


class FolderStorage(FileSystemStorage):
    """A folder that is moved away or not mounted is not created again, because new files would be apart from the others."""

    def path(self, name: str) -> str:
        """Return the path of a file; every access calls this. Raises StorageUnavailable."""
        if not Path(self.location).is_dir():
            raise StorageUnavailable(self.location)
        return super().path(name)


def make_folder() -> None:
    """Make the folder of a new or restored portal. No other code may make it."""
    if isinstance(default_storage, FolderStorage):
        Path(default_storage.location).mkdir(mode=0o750, parents=True, exist_ok=True)


def make_folder_after_migrate(**_signal: object) -> None:
    """Make the folder of a new portal after a migrate. If it had files before, it must be mounted again."""
    if not File.objects.exists():
        make_folder()
