"""Processes of ours: started in groups of their own, found again after a crash, ended for sure."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    group: int
    command: str


def running() -> list[Process]:
    """Every process of this machine that this user may see."""
    return list(_from_proc()) if (PROC / "self" / "stat").exists() else list(_from_ps())


def _from_proc() -> Iterable[Process]:
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError, ValueError, IndexError):  # it may end while we look
            # pid (name, which may hold blanks and brackets) state ppid pgrp …
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            if fields[0] != "Z":
                yield Process(int(entry.name), int(fields[2]), command)


def _from_ps() -> Iterable[Process]:
    """macOS has no /proc."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,pgid=,command="],  # noqa: S607 - found on PATH like everywhere
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listing.stdout.splitlines():
        with suppress(ValueError):
            pid, group, command = line.split(None, 2)
            yield Process(int(pid), int(group), command)


def leftovers(group: int, command: Sequence[str]) -> list[int]:
    """Processes of `group` that still run `command`, or that it forked.

    A process id comes round again, so the id alone proves nothing: the command line has to agree. The interpreter's
    path is left out of the comparison, as a framework build of Python on macOS shows another one.
    """
    arguments = " ".join(command[1:])
    return [
        process.pid
        for process in running()
        if process.group == group and (arguments in process.command or "multiprocessing.spawn" in process.command)
    ]


def end(pids: Iterable[int], *, within_s: float) -> None:
    """Ask all of them to end, wait, then kill what is left."""
    left = set(pids)
    for how, wait_s in ((signal.SIGTERM, within_s), (signal.SIGKILL, 5.0)):
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, how)
        deadline = time.monotonic() + wait_s
        while left and time.monotonic() < deadline:
            left &= {process.pid for process in running()}
            time.sleep(0.05)
        if not left:
            return


def command_of(pid: int) -> str | None:
    """The command line of a running process; None when there is none of that id."""
    return next((process.command for process in running() if process.pid == pid), None)
