"""The workers and beats of the test, each with a wall clock of its own, and what kills them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from config import services
from tests.chaos.private_services import PrivatePostgres, PrivateRedis
from tests.servers import Service

WORKERS = 4
BEATS = 2
APART_S = 5


@dataclass
class Fleet:
    """`in_flight`: the deliveries that were being handed over when something was killed; nobody knows of these alone
    whether they went out. `kills`: what was killed, how often."""

    services: list[Service]
    postgres: PrivatePostgres
    broker: PrivateRedis
    dice: random.Random
    in_flight: set[str] = field(default_factory=set)
    kills: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        for service in self.services:
            service.start()

    def stop(self) -> None:
        for service in self.services:
            service.kill()

    def kill_one(self) -> None:
        """A worker or beat as a whole, or the process of a worker that does the work; what is gone starts again at
        once, as under any supervisor."""
        service = self.dice.choice(self.services)
        children = children_of(service.process.pid) if service.process else []
        if service.name.startswith("worker") and children and self.dice.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(self.dice.choice(children), signal.SIGKILL)
            self._note("a worker's child")
            return
        service.kill()
        self._note(service.name.rstrip("0123456789"))
        service.start()

    def crash_postgres(self) -> None:
        self.postgres.stop()
        time.sleep(self.dice.uniform(0.2, 1.5))
        self.postgres.start()
        self._note("PostgreSQL")

    def crash_redis(self) -> None:
        self.broker.kill()
        time.sleep(self.dice.uniform(0.2, 1.5))
        self.broker.start()
        self._note("Redis")

    def raise_the_dead(self) -> None:
        """Start what ended by itself, and count it: none should."""
        for service in self.services:
            if service.process is not None and service.process.poll() is not None:
                self.kills[f"{service.name} ended by itself"] += 1
                service.start()

    def _note(self, what: str) -> None:
        self.kills[what] += 1
        with suppress(psycopg.OperationalError):
            rows = self.postgres.query("SELECT occurrence_id::text FROM reminders_delivery WHERE status = 'sending'")
            self.in_flight.update(str(row[0]) for row in rows)


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def fleet(
    folder: Path, environment: dict[str, str], postgres: PrivatePostgres, broker: PrivateRedis, dice: random.Random
) -> Fleet:
    where = services.Address("127.0.0.1", 1, None, None)
    library = clock_shift(folder)

    def service(name: str, n: int, *more: str) -> Service:
        own = {"LD_PRELOAD": str(library), "CLOCK_SHIFT_S": str(n * APART_S)} if library else {}
        command = [*services.command(name, where), *more]
        return Service(f"{name}{n}", command, environment | own, folder / f"{name}{n}.log")

    workers = [service("worker", n, "--concurrency", "1", "-n", f"worker{n}@chaos") for n in range(WORKERS)]
    beats = [service("beat", n, "-s", str(folder / f"schedule{n}"), "--max-interval", "1") for n in range(BEATS)]
    return Fleet([*workers, *beats], postgres, broker, dice)


def clock_shift(folder: Path) -> Path | None:
    """The library that sets a process's clock; None on a machine without a compiler, whose clocks then agree."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        if os.environ.get("CI"):
            pytest.fail("There is no C compiler to set clocks apart with.")
        return None
    library = folder / "clock_shift.so"
    source = Path(__file__).parent / "clock_shift.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"], check=True)
    return library
