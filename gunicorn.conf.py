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
SILENCE = 10  # within a request; why nginx is needed: docs/adr/0023-what-stands-in-front.md


def when_ready(server: object) -> None:
    """Limit the time of silent clients; print the portal's address when it answers there.

    The kernel passes a connection on with its first bytes, and ends it if no more come. Accepted sockets have the options
    of the listening one. (`./portal run` sets the address.)
    """
    for listener in server.LISTENERS:
        if listener.sock.family in {socket.AF_INET, socket.AF_INET6}:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))
    if address := os.environ.get("PORTAL_URL"):
        print(f"열렸습니다: {address}/  (Ctrl-C로 끝냅니다)", flush=True)  # noqa: T201


def post_worker_init(_worker: object) -> None:
    """Load what visitors may ask for into each process, which can show it while the database is lost."""
    from django.apps import apps

    if not apps.is_installed("conference"):
        return  # bench/bare.py is served with the same configuration

    from publishing import releases

    threading.Thread(target=releases.refresh_periodically, daemon=True).start()
