"""How gunicorn serves the portal; read by `gunicorn config.wsgi` in this folder."""

import os
import socket
import struct
import threading

workers = 2
# Threads beside the processes: a slow phone holds one thread, not a whole process.
threads = 4
# Loaded once before the fork: less memory, and a wrong setting ends the start with its one line.
preload_app = True
control_socket_disable = True
loglevel = "warning"
# Seconds. A kept connection that asks for nothing holds no thread, but a place among a thousand.
keepalive = 5
SILENCE = 10  # within a request; what nginx before us is for: docs/adr/0023-what-stands-in-front.md


def when_ready(server: object) -> None:
    """Bound what silent clients hold; say where the portal is to be found, once it truly answers there.

    The kernel hands a connection over with its first bytes, and ends a wait for more of them; accepted sockets have the
    options of the one that listens. (`./portal run` sets the address.)
    """
    for listener in server.LISTENERS:
        if listener.sock.family in {socket.AF_INET, socket.AF_INET6}:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))
    if address := os.environ.get("PORTAL_URL"):
        print(f"열렸습니다: {address}/  (Ctrl-C로 끝냅니다)", flush=True)  # noqa: T201


def post_worker_init(_worker: object) -> None:
    """Let each process know what visitors may ask for, so that it can show that when the database is lost."""
    from django.apps import apps

    if not apps.is_installed("conference"):
        return  # bench/bare.py is served with the same configuration

    from publishing import releases

    threading.Thread(target=releases.refresh_periodically, daemon=True).start()
