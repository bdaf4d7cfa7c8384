"""What is wrong with an installation is one sentence that tells what to do, at every door, and never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from config import services, startup
from tests.servers import ROOT, free_port

DOORS = {
    "manage.py migrate": ["manage.py", "migrate"],
    "make run": ["manage.py", "run", "--no-demo"],
    "web": ["manage.py", "serve", "web"],
    "worker": ["manage.py", "serve", "worker"],
    "granian by hand": ["-m", "granian", "--interface", "wsgi", "--blocking-threads", "2", "config.wsgi:application"],
}


EVERY_DOOR = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
TWO_DOORS = pytest.mark.parametrize(
    "door", [DOORS["manage.py migrate"], DOORS["granian by hand"]], ids=["manage", "web"]
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation that never ran, in a folder of its own."""
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "BASE_URL")}
    port = str(free_port())
    return {
        **clean,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HOMESTRETCH_DATA": str(tmp_path / "data"),
        "PORT": port,
        "GRANIAN_PORT": port,
    }


def open_door(door: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *door], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Our sentence is the only line that says anything about the fault."""
    assert done.returncode == 1
    said = done.stderr + done.stdout
    assert "Traceback" not in said
    assert len([line for line in said.splitlines() if all(word in line for word in words)]) == 1, said


@EVERY_DOOR
def test_data_folder_unwritable(door: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment["HOMESTRETCH_DATA"] = str(tmp_path / "file" / "data")

    assert_one_sentence(open_door(door, environment), "cannot be written", "HOMESTRETCH_DATA")


@TWO_DOORS
def test_database_url_of_another_kind(door: list[str], environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = "mysql://root@127.0.0.1/x"

    assert_one_sentence(open_door(door, environment), "DATABASE_URL must look like postgres://")


def test_database_url_without_a_name(environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = "postgres://root@127.0.0.1:5432"

    assert_one_sentence(open_door(DOORS["manage.py migrate"], environment), "names no database", "postgres://")


@EVERY_DOOR
def test_database_unreachable(door: list[str], environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = f"postgres://root@127.0.0.1:{free_port()}/homestretch"

    assert_one_sentence(open_door(door, environment), "does not answer", "Start it", "DATABASE_URL")


@TWO_DOORS
def test_database_file_is_none(door: list[str], environment: dict[str, str]) -> None:
    folder = Path(environment["HOMESTRETCH_DATA"])
    folder.mkdir()
    (folder / "homestretch.sqlite3").write_text("a letter to somebody" * 100)

    assert_one_sentence(open_door(door, environment), "homestretch.sqlite3", "cannot be opened", "move it away")


@pytest.mark.parametrize("name", ["web", "worker", "granian by hand"])
def test_database_not_migrated_is_not_served(name: str, environment: dict[str, str]) -> None:
    assert_one_sentence(open_door(DOORS[name], environment), "manage.py migrate", "make run")


def test_database_not_migrated_is_told_by_a_command_that_needs_its_tables(environment: dict[str, str]) -> None:
    assert_one_sentence(open_door(["manage.py", "load_library"], environment), "manage.py migrate", "make run")


def test_port_taken(environment: dict[str, str], taken_port: int) -> None:
    environment["PORT"] = str(taken_port)

    done = open_door(DOORS["make run"], environment)

    assert_one_sentence(done, f"Port {taken_port} is taken", f"make run PORT={taken_port + 1}")
    assert not (Path(environment["HOMESTRETCH_DATA"]) / "valkey").exists(), "nothing was begun"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_port_that_is_none(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(ImproperlyConfigured, match="PORT must be a number"):
        services.address()


def test_half_a_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("")
    monkeypatch.setenv("SSL_CERT", str(tmp_path / "cert.pem"))

    with pytest.raises(ImproperlyConfigured, match="belong together"):
        services.address()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("no such table: accounts_user"), "manage.py migrate"),
        (ProgrammingError('relation "accounts_user" does not exist'), "manage.py migrate"),
        (OperationalError("connection failed: port 5432"), "does not answer"),
        (OperationalError("attempt to write a readonly database"), "writable"),
    ],
)
def test_database_errors_have_their_sentence(error: Exception, words: str) -> None:
    assert words in (startup.sentence(error) or "")


def test_other_errors_keep_their_traceback() -> None:
    assert startup.sentence(ProgrammingError("syntax error at or near SELEC")) is None
    with pytest.raises(ProgrammingError), startup.one_sentence():
        raise ProgrammingError("syntax error at or near SELEC")
