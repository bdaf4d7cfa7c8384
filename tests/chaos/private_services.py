"""A PostgreSQL and a Redis of the test's own, which it may crash."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import free_port

START_S = 60.0


def required(name: str) -> str:
    """The program. Without it there is no such test here; a machine that checks for everybody must have it."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *(str(one) for one in versions[::-1])]))
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and CI may not leave this test out.")
    pytest.skip(f"{name} is not installed: the chaos test needs PostgreSQL's and Redis' own programs.")


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; None where this user will do."""
    if os.geteuid() != 0:
        return None
    return next(name for name in ("postgres", "nobody") if name in {one.pw_name for one in pwd.getpwall()})


@dataclass
class PrivatePostgres:
    """Commits are in the log before they are answered; that a crash of the machine could lose them is of no matter."""

    folder: Path
    port: int
    user: str | None

    @property
    def url(self) -> str:
        return f"postgres://chaos@127.0.0.1:{self.port}/postgres"

    def initialize(self) -> None:
        self._run("initdb", "-D", str(self._data), "-U", "chaos", "--auth", "trust", "--no-sync", "-E", "UTF8")
        own = ("fsync = off", "max_connections = 100", "unix_socket_directories = ''", "listen_addresses = '127.0.0.1'")
        with (self._data / "postgresql.auto.conf").open("a") as settings:
            settings.write("\n".join([*own, f"port = {self.port}", ""]))

    def start(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", str(START_S), "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """The crash: nobody is asked to finish anything."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [required(program), *arguments],
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            # Not a pipe: the server inherits it and would keep it open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            pytest.fail(f"{program} ended with {done.returncode}. {log.read_text()[-2000:] if log.exists() else ''}")


@contextmanager
def private_postgres() -> Iterator[PrivatePostgres]:
    for program in ("initdb", "pg_ctl"):
        required(program)
    folder, user = Path(tempfile.mkdtemp(prefix="homestretch-chaos-")), unprivileged()
    if user:
        shutil.chown(folder, user)
    server = PrivatePostgres(folder, free_port(), user)
    try:
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class PrivateRedis:
    """Keeps nothing: whoever restarts it has lost what was queued."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        arguments = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self.process = subprocess.Popen(
            [required("redis-server"), *arguments], stdout=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + START_S
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    if time.monotonic() > deadline:
                        pytest.fail("The private Redis does not start.")
                    time.sleep(0.05)
                else:
                    return

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


@contextmanager
def private_redis(folder: Path) -> Iterator[PrivateRedis]:
    server = PrivateRedis(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()
