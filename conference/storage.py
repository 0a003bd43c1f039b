"""Where uploads and renderings lie when that is a folder."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from conference.outage import StorageGone


class FolderStorage(FileSystemStorage):
    """A folder that is moved away or not mounted is not made anew, for what is written then would lie beside the rest."""

    def path(self, name: str) -> str:
        """Return where a file lies; every access asks for this. Raises StorageGone."""
        if not Path(self.location).is_dir():
            raise StorageGone(self.location)
        return super().path(name)
