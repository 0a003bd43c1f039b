"""How gunicorn serves the portal; read by `gunicorn conference.wsgi` in this folder."""

import os

workers = 2
# Threads beside the processes: a slow phone holds one thread, not a whole process.
threads = 4
# Loaded once before the fork: less memory, and a wrong setting ends the start with its one line.
preload_app = True
control_socket_disable = True
loglevel = "warning"


def when_ready(_server: object) -> None:
    """Say where the portal is to be found, once it truly answers there (`./portal run` sets the address)."""
    if address := os.environ.get("PORTAL_URL"):
        print(f"열렸습니다: {address}/  (Ctrl-C로 끝냅니다)", flush=True)  # noqa: T201
