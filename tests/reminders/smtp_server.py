"""A mail server on loopback that keeps what it takes and can misbehave at a chosen moment."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_S = 3.0


@dataclass
class Mailbox:
    """`answers`: what to say to a command instead of its usual answer: a reply, or "drop" or "hang". `takes_s`: how
    long it thinks about each mail."""

    port: int = 0
    takes_s: float = 0.0
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)  # somebody is being kept hanging
    hung: threading.Event = field(default_factory=threading.Event)  # set it to let them go


class _DroppedError(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    box: Mailbox

    def handle(self) -> None:
        try:
            self._say("GREET", "220 sink.example")
            while line := self.rfile.readline().decode().strip():
                command = line.split(":")[0].split(" ")[0].upper()
                if command == "DATA":
                    self._say("DATA", "354 go on")
                    self._take_mail()
                    continue
                self._say(command, "221 bye" if command == "QUIT" else "250 ok")
                if command == "QUIT":
                    return
        except (_DroppedError, ConnectionError):
            return

    def _take_mail(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        if self.box.takes_s:
            self.box.hung.wait(self.box.takes_s)
        self._say("END", "250 queued")
        self.box.mails.append("".join(lines))

    def _say(self, moment: str, usual: str) -> None:
        answer = self.box.answers.get(moment, usual)
        if answer == "hang":
            self.box.waiting.set()
            self.box.hung.wait(HANG_S)
        if answer in ("drop", "hang"):
            raise _DroppedError
        self.wfile.write(f"{answer}\r\n".encode())
        if answer != usual and moment == "END":
            raise _DroppedError


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    box = Mailbox()
    session = type("Session", (_Session,), {"box": box})
    with _Server(("127.0.0.1", 0), session) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield box
        finally:
            box.hung.set()
            server.shutdown()
            thread.join()
