"""The database engine `config.sqlite3`. Django asks for the module and its class by these names."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Refuses a missing database file. SQLite would go on with a moved file or create an empty one, and both lose data.

    If another file is put in its place, the next request opens that (CONN_HEALTH_CHECKS).
    """

    can_create_file = True  # a command may create a new portal; the server and the worker set this to False
    _file_id: tuple[int, int] | None = None  # device and inode of the connection's file

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return {**params, "database": f"file:{quote(str(params['database']))}?mode=rw"}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.can_create_file:
            Path(self.settings_dict["NAME"]).touch(mode=0o600)  # for its owner only
        before = self._file()
        commands, self.init_commands = self.init_commands, []
        connection = super().get_new_connection(conn_params)
        try:
            for command in commands:
                connection.execute(command)
        except BaseException:  # a damaged file fails here; Django would leave the connection open
            connection.close()
            raise
        self._file_id = before
        return connection

    def is_usable(self) -> bool:
        """Whether the connection's file is still at the path of the settings."""
        return self._file_id is not None and self._file_id == self._file()

    def _file(self) -> tuple[int, int] | None:
        try:
            status = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino
