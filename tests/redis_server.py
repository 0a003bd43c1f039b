"""A Redis for tests: the machine's own redis-server, else one that knows the few commands that the counters need."""

from __future__ import annotations

import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

NOTHING = b"_\r\n"  # in version 3 of the protocol, which clients of today ask for
Stored = dict[bytes, tuple[bytes, float]]  # key → value, and when it is over


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(port: int) -> Iterator[None]:
    """Run a Redis on the port while the block lasts."""
    program = shutil.which("redis-server")
    with _real(program, port) if program else _small(port):
        yield


@contextmanager
def _real(program: str, port: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--save", "", "--dir", folder, "--bind", "127.0.0.1"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield
        finally:
            server.terminate()
            server.wait()


@contextmanager
def _small(port: int) -> Iterator[None]:
    server = _Server(("127.0.0.1", port), _Client)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        for client in server.clients:
            client.shutdown(socket.SHUT_RDWR)


def _wait_for(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise AssertionError("redis-server did not start")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.rows: Stored = {}
        self.clients: list[socket.socket] = []
        self.lock = threading.Lock()


class _Client(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.clients.append(self.request)
        while line := self.rfile.readline():
            words = [self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2] for _ in range(int(line[1:]))]
            with self.server.lock:
                self.wfile.write(_answer(self.server.rows, *words))

    def finish(self) -> None:
        self.server.clients.remove(self.request)


def _answer(rows: Stored, command: bytes, *words: bytes) -> bytes:
    for key in [key for key, (_value, until) in rows.items() if until <= time.time()]:
        del rows[key]
    if command == b"HELLO":
        return b"%1\r\n+proto\r\n:3\r\n"
    if command == b"GET":
        value = rows.get(words[0], (None,))[0]
        return NOTHING if value is None else b"$%d\r\n%s\r\n" % (len(value), value)
    if command == b"SET":
        if b"NX" in words and words[0] in rows:
            return NOTHING
        rows[words[0]] = (words[1], time.time() + int(words[words.index(b"EX") + 1]))
        return b"+OK\r\n"
    if command == b"DEL":
        return b":%d\r\n" % sum(rows.pop(key, None) is not None for key in words)
    if command == b"FLUSHDB":
        rows.clear()
    return b"+PONG\r\n" if command == b"PING" else b"+OK\r\n"  # OK to what a client says of itself when it connects
