"""What `make run` does once the Python environment and the two apps are built.

One run owns a data folder at a time (a file lock, which the kernel drops with the process). Every process it starts is
written down in `run.json`, so that the next run finds and ends what a run killed with -9 has left behind. Children live
in sessions of their own: Ctrl-C reaches this process alone, and it ends them in order.
"""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

import segno
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper

from config import processes, services, startup, valkey

DEMO_SEED = 1
READY_S = 60.0
END_S = 10.0
LOCK_WAIT_S = 5.0
LOG_KEEP_BYTES = 5 * 1024 * 1024


class LaunchError(startup.StartupError):
    """The run cannot start or has to end; the message is one sentence."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


@dataclass(frozen=True)
class DemoSize:
    patients: int = 25
    weeks: int = 8


@dataclass
class Launcher:
    """One `make run`, from the lock to the last child's end. Without `demo` no demo clinic is made."""

    out: OutputWrapper
    demo: DemoSize | None
    folder: Path = field(default_factory=lambda: Path(settings.DATA))
    address: services.Address = field(default_factory=services.address)
    children: list[Child] = field(default_factory=list)
    broker: valkey.Embedded | None = None
    stopping: bool = False
    _parent: int = field(default_factory=os.getppid)

    @property
    def url(self) -> str:
        return settings.BASE_URL or self.address.url

    def run(self) -> None:
        """Prepare, start, wait for Ctrl-C or SIGTERM, end everything.

        Raises LaunchError with one sentence when something is in the way or a child ends by itself.
        """
        lock = self._lock()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._end_leftovers()
            self._need_port()
            self._prepare()
            demo = self._demo_data()
            self._start_services()
            self._greet(demo)
            self._watch()
        except Stopped:
            pass
        finally:
            self._end_everything()
            lock.close()

    # ---- one run a folder, and what a killed one left ----------------------------------------------------------------

    def _lock(self) -> IO[str]:
        lock = (self.folder / "run.lock").open("a+")
        deadline = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # A run that was just told to end needs a moment for its children.
                if time.monotonic() > deadline:
                    before = self._record()
                    raise LaunchError(
                        f"Homestretch already runs on {self.folder} at {before.get('url', 'another port')} (process "
                        f"{before.get('launcher', 'unknown')}). Stop it with Ctrl-C there, or set HOMESTRETCH_DATA and "
                        "PORT for a second one."
                    ) from None
                time.sleep(0.1)
            else:
                return lock

    def _record(self) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write_record(self) -> None:
        record = {
            "launcher": os.getpid(),
            "url": self.url,
            "services": {
                child.name: {"pid": child.process.pid, "command": child.process.args} for child in self.children
            },
        }
        unfinished = self.folder / "run.json.new"
        unfinished.write_text(json.dumps(record, indent=1))
        unfinished.replace(self.folder / "run.json")

    def _end_leftovers(self) -> None:
        for name, one in self._record().get("services", {}).items():
            if pids := processes.leftovers(one["pid"], one["command"]):
                self._say(f"Ending the {name} that an earlier run left behind")
                processes.end(pids, within_s=END_S)
        (self.folder / "run.json").unlink(missing_ok=True)

    def _need_port(self) -> None:
        where = self.address
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((where.host, where.port))
            except OSError as error:
                raise LaunchError(_bind_sentence(where, error)) from error

    # ---- preparing ---------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        if not os.environ.get("REDIS_URL"):
            self._say("Starting the embedded Valkey (broker and cache)")
            try:
                self.broker = valkey.start(self.folder)
            except valkey.ValkeyError as error:
                raise LaunchError(str(error)) from error
            if self.broker.taken_over:
                self._say("  took over the one that was still running")
        kind = "SQLite" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "PostgreSQL"
        self._say(f"Bringing the {kind} database up to date")
        self._call("migrate", verbosity=0, interactive=False)
        self._say("Loading the exercise library and the program templates")
        self._call("load_library")
        self._call("load_templates")
        # Static files are served from where they lie (WHITENOISE_USE_FINDERS); to collect and compress them takes
        # longer than everything else together and is for servers (docs/operations.md).
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)

    def _call(self, name: str, **options: Any) -> str:
        if self._told_to_end():
            raise Stopped
        said = io.StringIO()
        call_command(name, stdout=said, **options)
        return said.getvalue()

    def _demo_data(self) -> dict[str, Any]:
        if self.demo is None:
            return {}
        if not settings.BASE_URL:
            # This process alone: an invitation made here carries the address that the web server will have.
            settings.BASE_URL = self.address.url
        size = self.demo
        self._say(f"Making demo data: {size.patients} patients, {size.weeks} weeks (kept if already there)")
        found = json.loads(self._call("demo", json=True, patients=size.patients, weeks=size.weeks, seed=DEMO_SEED))
        return found if isinstance(found, dict) else {}

    # ---- running -----------------------------------------------------------------------------------------------------

    def _start_services(self) -> None:
        startup.check_migrated()
        self._say(f"Starting web, worker and beat (their logs: {self.folder / 'log'})")
        for name in services.NAMES:
            self._start(name)
        self._wait_until_ready()

    def _start(self, name: str) -> None:
        log = self._log(name)
        log.parent.mkdir(exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_KEEP_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            process = subprocess.Popen(
                services.command(name, self.address),
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self.children.append(Child(name, process, log))
        self._write_record()

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            self._check()
            if _answers(self.address):
                return
            time.sleep(0.1)
        raise LaunchError(
            f"The web server did not answer within {READY_S:.0f} s; see {self.folder / 'log' / 'web.log'}."
        )

    def _watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.25)

    def _check(self) -> None:
        """Raises Stopped when told to end, LaunchError when a child has ended by itself."""
        if self._told_to_end():
            raise Stopped
        for child in self.children:
            if (code := child.process.poll()) is not None:
                raise LaunchError(
                    f"The {child.name} process ended by itself ({_ending(code)}), so everything was stopped. "
                    f"Its last words are in {child.log}: {_last_line(child.log)}"
                )
        if self.broker is not None and not self.broker.alive():
            raise LaunchError(
                f"The embedded Valkey ended by itself, so everything was stopped. See {self._log('valkey')}."
            )

    def _told_to_end(self) -> bool:
        # `make` killed with -9 leaves us behind: no terminal shows us any more, so we end.
        return self.stopping or ("MAKELEVEL" in os.environ and os.getppid() != self._parent)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            return
        # A second Ctrl-C does not want to wait.
        for child in self.children:
            _kill_group(child)

    def _end_everything(self) -> None:
        self.stopping = True
        if self.children or self.broker:
            self._say("\nEnding everything")
        for child in reversed(self.children):
            with suppress(ProcessLookupError):
                child.process.terminate()
        deadline = time.monotonic() + END_S
        for child in reversed(self.children):
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            _kill_group(child)
            child.process.wait()
        if self.broker is not None:
            self.broker.stop()
        (self.folder / "run.json").unlink(missing_ok=True)

    # ---- saying ------------------------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            self.out.write(text)
            self.out.flush()

    def _greet(self, demo: dict[str, Any]) -> None:
        lines = ["", f"Homestretch runs at {self.url}", ""]
        if demo:
            therapist, patient, join = demo["therapist"], demo["patient"], demo["join"]
            lines += [
                f"  Clinic   {self.url}/clinic   {therapist['email']}   {therapist['password']}",
                f"  Phone    {self.url}/   {patient['email']}   {patient['password']}",
                f"  Join     {join['url']}   birth date {join['birth_date']}",
                "",
                _qr(join["url"]),
            ]
        if not self.url.startswith("https://"):
            lines += [
                "A phone needs HTTPS to install the app and to work without a network; this address serves this",
                "machine's own browsers. The README, under “On a real phone”, has two tested recipes.",
                "",
            ]
        lines += ["Ctrl-C ends everything. The data stay; the next run takes seconds."]
        self._say("\n".join(lines))


class Stopped(Exception):  # noqa: N818 - no error: Ctrl-C
    """The operator wants it to end."""


def _answers(where: services.Address) -> bool:
    """Whether the web server takes traffic. Its own certificate need not be one that this machine trusts."""
    if where.certificate:
        with suppress(OSError), socket.create_connection(_reachable(where), timeout=2):
            return True
        return False
    try:
        with urllib.request.urlopen(f"{where.url}/readyz", timeout=5) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _reachable(where: services.Address) -> tuple[str, int]:
    return ("127.0.0.1" if where.host == "0.0.0.0" else where.host, where.port)  # noqa: S104 - compared, not bound


def _bind_sentence(where: services.Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {where.port} is taken by another program. Stop that one, or choose another port: "
            f"make run PORT={where.port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {where.port}. Choose one from 1024 up: make run PORT=8000"
    return f"LISTEN={where.host} is no address of this machine ({error.strerror})."


def _kill_group(child: Child) -> None:
    """What is left of a child and of what it forked."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1][:300] if lines else "(nothing)"


def _qr(url: str) -> str:
    drawing = io.StringIO()
    segno.make(url, error="l").terminal(drawing, compact=True, border=2)
    return drawing.getvalue()
