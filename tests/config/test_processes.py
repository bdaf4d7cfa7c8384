"""Finding and ending what a killed run left: only ours, and for sure."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import pytest

from config import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, start_new_session=True)
    deadline = time.monotonic() + 10
    while command[-1] not in (processes.command_of(process.pid) or "") and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)  # DEAF has to close its ears
    return process


def test_leftovers_finds_the_process_that_runs_the_command() -> None:
    process = start(SLEEP)

    assert processes.leftovers(process.pid, SLEEP) == [process.pid]

    processes.end([process.pid], within_s=5)
    assert process.wait(5) == -15


def test_leftovers_leaves_a_stranger_alone_whose_id_came_round_again() -> None:
    process = start(SLEEP)

    assert processes.leftovers(process.pid, [sys.executable, "-m", "granian"]) == []

    process.kill()
    process.wait()


def test_leftovers_finds_children_whose_parent_is_gone() -> None:
    parent = [sys.executable, "-c", "import os, time; os.fork() and os.kill(os.getpid(), 9); time.sleep(60)"]
    process = subprocess.Popen(parent, start_new_session=True)
    process.wait()

    orphans = processes.leftovers(process.pid, parent)

    assert len(orphans) == 1
    processes.end(orphans, within_s=5)
    assert processes.leftovers(process.pid, parent) == []


def test_end_kills_what_does_not_listen() -> None:
    process = start(DEAF)

    processes.end([process.pid], within_s=0.3)

    assert process.wait(5) == -9


@pytest.mark.skipif(not processes.PROC.is_dir() or not shutil.which("ps"), reason="needs both /proc and ps")
def test_listing_by_ps_agrees_with_proc() -> None:
    process = start(SLEEP)

    by_ps = [one for one in processes._from_ps() if one.pid == process.pid]
    by_proc = [one for one in processes._from_proc() if one.pid == process.pid]

    assert by_ps == by_proc
    process.kill()
    process.wait()
