"""`make run`'s launcher for real: started, served, ended, killed, taken over."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from config import processes, valkey
from config.datafolder import valkey_socket
from tests.servers import ROOT, free_port

READY_S = 180.0  # a first run on a busy machine
RUNS_AT = re.compile(r"Homestretch runs at (\S+)")


class Run:
    """One launcher on the folder `data`, started `by` another program or by this one."""

    def __init__(self, data: Path, port: int, *arguments: str, by: tuple[str, ...] = ()) -> None:
        self.port = port
        self.data = data
        self.output = data.parent / f"run-{time.monotonic_ns()}.txt"
        clean = {
            key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "BASE_URL")
        }
        environment = {
            **clean,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HOMESTRETCH_DATA": str(data),
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            "MAKELEVEL": "1",  # as under make: should this test run be killed, the launcher ends too
        }
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [*by, sys.executable, "manage.py", "run", *arguments],
                cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.output.read_text()

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "run.json").read_text())
        return found

    def service_pids(self) -> dict[str, int]:
        return {name: one["pid"] for name, one in self.record()["services"].items()}

    def until_ready(self) -> Run:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if "Ctrl-C ends everything" in self.said:
                return self
            time.sleep(0.1)
        self.process.kill()
        pytest.fail(f"The launcher is not ready (exit code {self.process.poll()}):\n{self.said}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that ran before: later runs have little to prepare."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    run = Run(data, free_port(), "--no-demo").until_ready()
    assert run.end() == 0
    return data


@pytest.fixture
def launch(tmp_path: Path, prepared: Path) -> Iterator[Callable[..., Run]]:
    """Start launchers on one data folder; whatever a test leaves running is ended."""
    data = shutil.copytree(prepared, tmp_path / "data")
    runs: list[Run] = []

    def start(*arguments: str, port: int | None = None, by: tuple[str, ...] = ()) -> Run:
        runs.append(Run(data, port or free_port(), *arguments, by=by))
        return runs[-1]

    yield start
    for run in runs:
        with suppress(FileNotFoundError):
            processes.end(run.service_pids().values(), within_s=1)
        run.process.kill()
        run.process.wait()
    if valkey_socket(data).exists():
        valkey.start(data).stop()


def alive(pids: dict[str, int]) -> list[str]:
    running = {process.pid for process in processes.running()}
    return [name for name, pid in pids.items() if pid in running]


# A launch costs ten seconds of a core, so each of the two stories below uses its launches for several claims.


def test_run_serves_and_ctrl_c_ends_everything_and_the_data_stay(launch: Callable[..., Run]) -> None:
    first = launch("--patients", "3", "--weeks", "1").until_ready()
    pids = first.service_pids()
    assert set(pids) == {"web", "worker", "beat"} == set(alive(pids))
    assert first.status("/readyz") == 200
    for step in ("Valkey", "SQLite database", "library", "demo data", "Starting web, worker and beat"):
        assert step in first.said
    assert (found := RUNS_AT.search(first.said))
    assert found.group(1) == f"http://127.0.0.1:{first.port}"
    assert "dana@clinic.example" in first.said
    assert f"http://127.0.0.1:{first.port}/join/" in first.said
    assert "█" in first.said or "▀" in first.said, "the QR code"
    assert "A phone needs HTTPS" in first.said
    assert "README" in first.said

    # A second one on the same folder is one sentence, and the first one goes on.
    second = launch("--no-demo")
    assert second.process.wait(30) == 1
    assert "already runs on" in second.said
    assert f"http://127.0.0.1:{first.port}" in second.said
    assert first.status("/readyz") == 200

    assert first.end(signal.SIGINT) == 0
    assert alive(pids) == []
    assert not valkey_socket(first.data).exists()
    assert not (first.data / "run.json").exists()
    people = count(first.data, "accounts_user")

    # The data stay, and demo data are made once.
    third = launch("--patients", "3", "--weeks", "1").until_ready()
    assert third.status("/readyz") == 200
    assert count(third.data, "accounts_user") == people

    # A broker that dies ends the run, which says so.
    pids = third.service_pids()
    os.kill(valkey.start(third.data).pid, signal.SIGKILL)
    assert third.process.wait(30) == 1
    assert "The embedded Valkey ended by itself" in third.said
    assert alive(pids) == []
    assert "Traceback" not in first.said + second.said + third.said


def count(data: Path, table: str) -> int:
    with closing(sqlite3.connect(data / "homestretch.sqlite3")) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own name


def test_run_killed_is_taken_over_and_a_child_that_dies_ends_the_run(launch: Callable[..., Run]) -> None:
    killed = launch("--no-demo").until_ready()
    left = killed.service_pids()
    assert killed.end(signal.SIGKILL) == -9
    assert set(alive(left)) == {"web", "worker", "beat"}, "nobody has ended them yet"

    after = launch("--no-demo", port=killed.port).until_ready()

    assert alive(left) == []
    assert "Ending the web that an earlier run left behind" in after.said
    assert "took over" in after.said, "its Valkey"
    assert after.status("/readyz") == 200

    pids = after.service_pids()
    os.kill(pids["worker"], signal.SIGKILL)

    assert after.process.wait(30) == 1
    assert "The worker process ended by itself (killed by signal 9)" in after.said
    assert "Traceback" not in after.said
    assert alive(pids) == []
    assert not valkey_socket(after.data).exists(), "what was taken over is ended too"


def test_ctrl_c_while_it_still_prepares_ends_it(launch: Callable[..., Run]) -> None:
    run = launch("--no-demo")
    deadline = time.monotonic() + 30
    while "database up to date" not in run.said and time.monotonic() < deadline:
        time.sleep(0.02)

    assert run.end(signal.SIGINT) == 0

    assert "Traceback" not in run.said
    assert not valkey_socket(run.data).exists()


def test_run_whose_make_was_killed_ends_by_itself(launch: Callable[..., Run]) -> None:
    run = launch("--no-demo", by=("sh", "-c", '"$@"; exit', "make"))
    deadline = time.monotonic() + 30
    while "database up to date" not in run.said and time.monotonic() < deadline:
        time.sleep(0.02)
    launcher = [one.pid for one in processes.running() if one.group == run.process.pid and one.pid != run.process.pid]
    assert launcher

    run.process.kill()

    deadline = time.monotonic() + 60
    while alive({"launcher": launcher[0]}) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive({"launcher": launcher[0]}) == []
    assert not valkey_socket(run.data).exists()
    assert "Traceback" not in run.said
