"""A network cable that can be cut: a TCP relay between a browser and the live server.

Chromium's own offline switch is set a page at a time and may reach a service worker late; a cut cable reaches nobody.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

CHUNK = 65536


class Cable:
    """`base_url` is the near end. `cut()` ends every connection and refuses new ones; `mend()` lets them through again.
    While `deaf`, requests reach the server and the answers get lost."""

    def __init__(self, far_end: str) -> None:
        host, port = far_end.removeprefix("http://").split(":")
        self._far = (host, int(port))
        self._up = True
        self.deaf = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._up = False
            ends, self._open = self._open, set()
        for end in ends:
            _hang_up(end)

    def mend(self) -> None:
        self._up = True

    def __enter__(self) -> Cable:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        _hang_up(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._up:
                _hang_up(near)
                continue
            try:
                far = socket.create_connection(self._far)
            except OSError:
                _hang_up(near)
                continue
            if not self._keep(near, far):
                _hang_up(near)
                _hang_up(far)
                continue
            threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, True), daemon=True).start()

    def _keep(self, near: socket.socket, far: socket.socket) -> bool:
        """False when the cable was cut while we dialled: such a connection would outlive the cut."""
        with self._lock:
            if self._up:
                self._open |= {near, far}
            return self._up

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if answers and self.deaf:
                    break
                sink.sendall(data)
        for end in (source, sink):
            _hang_up(end)
            with self._lock:
                self._open.discard(end)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
