"""What a test session runs on: its own Valkey, and (for browser and services tests) the real processes.

`valkey` starts with the session and ends with it, on a socket in the run's own folder; with `REDIS_URL` nothing is
started. `live` is the whole installation as an operator runs it: granian, the Celery worker and beat, on a database of
their own that holds the library and the templates. Tests reach it through HTTP and `live.manage`, never through this
process's ORM, so nothing they leave behind meets the other tests.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from config import processes, valkey
from config.datafolder import valkey_socket

ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0


def is_first_process() -> bool:
    """Not one of xdist's workers."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def pytest_configure(config: pytest.Config) -> None:
    if not is_first_process():
        return
    clear_away_killed_runs(Path(tempfile.gettempdir()))
    if not os.environ.get("REDIS_URL"):
        config.stash[SERVER] = valkey.start(Path(os.environ["HOMESTRETCH_TEST_DATA"]))


def clear_away_killed_runs(where: Path) -> None:
    """A run that was killed could not end its Valkey, nor remove its folder."""
    running = {process.pid for process in processes.running()}
    for owner in where.glob("homestretch-test-*/owner"):
        with suppress(OSError, ValueError):  # another run may be clearing away the same
            if int(owner.read_text()) not in running:
                if valkey_socket(owner.parent).exists():
                    valkey.start(owner.parent).stop()
                shutil.rmtree(owner.parent)


def pytest_unconfigure(config: pytest.Config) -> None:
    if (server := config.stash.get(SERVER, None)) is not None:
        server.stop()
    if is_first_process():
        shutil.rmtree(os.environ["HOMESTRETCH_TEST_DATA"], ignore_errors=True)


SERVER = pytest.StashKey[valkey.Embedded]()


# Tests on the live servers are kept here, and nowhere else.
LIVE_FOLDERS = ("tests/browser/", "tests/services/")


class LiveTogether(LoadScopeScheduling):
    """All tests on the live servers in one worker, so that these are started once; all others by file, wherever there
    is room. Not by xdist's groups: with pytest 9.2 they are lost on the way from the workers, without a word."""

    def _split_scope(self, nodeid: str) -> str:
        return "live" if nodeid.startswith(LIVE_FOLDERS) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    config.option.loadscopereorder = False  # in the order of the collection, which is ours
    return LiveTogether(config, log) if config.getvalue("dist") == "load" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "live" in getattr(item, "fixturenames", ()) and not item.nodeid.startswith(LIVE_FOLDERS):
            raise pytest.UsageError(f"{item.nodeid} uses the live servers: it belongs in {' or '.join(LIVE_FOLDERS)}")
        if not _uses_services(item):
            item.add_marker(pytest.mark.pure)
    # The longest chain first: begun last, it would leave the other worker idle.
    items.sort(key=lambda item: not item.nodeid.startswith(LIVE_FOLDERS))


def _uses_services(item: pytest.Item) -> bool:
    """Whether PostgreSQL and Redis could make a difference to this test."""
    fixtures = {"db", "transactional_db", "live"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures or item.get_closest_marker("django_db") or item.nodeid.startswith("tests/config/"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one cached: throttles, sessions, sign-in codes."""
    yield
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    if names := list(client.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=1000)):
        client.delete(*names)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """One process of the installation, to be started, killed and started again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """`signal.SIGKILL` is the crash: the whole process group at once."""
        if self.process is None:
            return
        if how == signal.SIGTERM:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                how = signal.SIGKILL
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


@dataclass
class Live:
    """The running installation.

    `base_url` has no closing slash. `mail` is the folder in which sent e-mails land, one file per process.
    """

    base_url: str
    folder: Path
    environment: dict[str, str]
    database: str
    web: Service
    worker: Service
    beat: Service
    _demo: dict[str, Any] = field(default_factory=dict)

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    def mails(self) -> list[str]:
        """The text of every e-mail sent so far, as it went out."""
        return [file.read_text() for file in sorted(self.mail.glob("*.log"))] if self.mail.is_dir() else []

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run a management command on the live installation; its standard output."""
        return run_manage(self.environment, *arguments, check=check)

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of the live database, for what no API shows. Placeholders are `%s`."""
        if self.database.startswith("sqlite:///"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)) as connection:
                return connection.execute(sql.replace("%s", "?"), parameters).fetchall()
        with psycopg.connect(self.database) as postgres:
            return postgres.execute(sql.encode(), parameters).fetchall()

    def demo(self) -> dict[str, Any]:
        """The demo clinic (a few patients, two weeks), made at the first call: `manage.py demo --json`'s answer."""
        if not self._demo:
            self._demo = json.loads(self.manage("demo", "--json", "--patients", "4", "--weeks", "2", "--seed", "1"))
        return self._demo

    def start_web(self) -> None:
        """Start the web server and wait until it takes traffic."""
        self.web.start()
        wait_until_ready(self.base_url, self.web)


def run_manage(environment: dict[str, str], *arguments: str, check: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        pytest.fail(f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def wait_until_ready(base_url: str, web: Service) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if web.process is not None and web.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail(f"The web server is not ready:\n{web.tail()}")


def _live_database(folder: Path) -> Iterator[str]:
    """A database of the live servers' own: a file, or one on the PostgreSQL of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder / 'live.sqlite3'}"
        return
    server, _, _ = url.rpartition("/")
    name = f"test_live_{os.environ['TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"{server}/{name}"
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
def live_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _live_database(tmp_path_factory.mktemp("live-database"))


@pytest.fixture(scope="session")
def live(live_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The real web server, worker and beat. The reminder tick is one second, so that tests need not wait for thirty."""
    with the_only_one():
        yield from _live(live_database, tmp_path_factory.mktemp("live"))


@contextmanager
def the_only_one() -> Iterator[None]:
    """Two of them on one small machine are slow enough for tests to fail that are right: rather a loud word at once."""
    owner = Path(os.environ["HOMESTRETCH_TEST_DATA"], "live-owner")
    running = {process.pid for process in processes.running()}
    if owner.exists() and int(owner.read_text()) in running:
        pytest.fail("Another worker of this run has started the live servers already: see LiveTogether.")
    owner.write_text(str(os.getpid()))
    yield
    owner.unlink()


def _live(live_database: str, folder: Path) -> Iterator[Live]:
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HOMESTRETCH_DATA": str(folder),
        "DATABASE_URL": live_database,
        "BASE_URL": base_url,
        "REDIS_PREFIX": f"live-{os.environ['TEST_RUN']}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
        "REDIS_URL": settings.REDIS_URL,
        "REMINDER_TICK_S": "1",
        "PUSH_LOOPBACK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    run_manage(environment, "migrate", "--verbosity", "0")
    run_manage(environment, "load_library")
    run_manage(environment, "load_templates")

    def service(name: str, *command: str) -> Service:
        return Service(name, [sys.executable, "-m", *command], environment, folder / f"{name}.log")

    one = Live(
        base_url=base_url,
        folder=folder,
        environment=environment,
        database=live_database,
        web=service(
            "web", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--blocking-threads", "4", "--log-level", "warning", "config.wsgi:application",
        ),
        worker=service("worker", "celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"),
        beat=service("beat", "celery", "-A", "config", "beat", "--loglevel", "INFO", "--max-interval", "1"),
    )  # fmt: skip
    try:
        for each in (one.worker, one.beat):
            each.start()
        one.start_web()
        yield one
    finally:
        for each in (one.beat, one.worker, one.web):
            each.stop()
