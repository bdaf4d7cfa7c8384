"""What an installation is made from: lock files, built apps, and settings that are all written down."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import apps, environment
from tests.servers import ROOT

LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt")
READS = re.compile(r"""(?:env\.\w+|environ\.get|_number|_file)\(\s*"([A-Z][A-Z_]+)"|"(SSL_CERT|SSL_KEY)\"""")
# Set by our own tests or by make, not by an operator.
NOT_FOR_OPERATORS = {"TEST_SQLITE", "TEST_RUN", "PATH", "MAKELEVEL"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    packages = re.split(r"^(?=[\w.-]+(?:\[[^\]]*\])?==)", text, flags=re.MULTILINE)[1:]

    assert packages
    assert [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text


def test_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_npm_lock_has_integrity_and_no_address() -> None:
    packages = json.loads((ROOT / "pwa" / "package-lock.json").read_text())["packages"]
    installed = {name: one for name, one in packages.items() if name}

    assert [name for name, one in installed.items() if "resolved" in one] == []
    assert [name for name, one in installed.items() if not one.get("integrity")] == []


def test_every_variable_that_the_code_reads_is_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    read = {
        name
        for app in ("accounts", "config", "exercises", "patients", "programs", "reminders")
        for file in (ROOT / app).rglob("*.py")
        for pair in READS.findall(file.read_text())
        for name in pair
        if name
    }

    assert "HOMESTRETCH_DATA" in read
    assert "WEB_THREADS" in read
    assert sorted(name for name in read - NOT_FOR_OPERATORS if f"`{name}`" not in page) == []


def test_packages_are_installed_again_when_their_lock_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("example==1.0 --hash=sha256:00\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "INSTALLED", tmp_path / "installed.json")
    assert environment.missing(["requirements.txt"]) == ["requirements.txt"]

    environment.write_down(["requirements.txt"])
    assert environment.missing(["requirements.txt"]) == []

    lock.write_text("example==1.1 --hash=sha256:00\n")
    assert environment.missing(["requirements.txt"]) == ["requirements.txt"]


def test_apps_are_built_again_when_a_source_changes_or_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "src" / "phone" / "main.tsx"
    source.parent.mkdir(parents=True)
    source.write_text("one")
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("built")
    monkeypatch.setattr(apps, "PWA", tmp_path)
    before = apps.fingerprint()

    (tmp_path / "dist" / "index.html").write_text("built again")
    assert apps.fingerprint() == before, "what the build makes is no source"

    source.write_text("two")
    changed = apps.fingerprint()
    source.rename(source.with_name("app.tsx"))

    assert len({before, changed, apps.fingerprint()}) == 3


@pytest.mark.parametrize("lock", LOCKS)
def test_pins_carry_the_extras_that_others_ask_for(lock: str) -> None:
    """pip 23 takes `coverage[toml]` for another package than a pinned `coverage`, and refuses the newer release that it
    finds: from the day there is one, nobody could install any more."""
    lines = re.findall(r"^([\w.-]+)(?:\[([^\]]*)\])?==", (ROOT / lock).read_text(), re.MULTILINE)
    pinned = {canonicalize_name(name): {one.strip() for one in extras.split(",")} for name, extras in lines}
    for distribution in metadata.distributions():
        if canonicalize_name(distribution.name) not in pinned:
            continue
        for line in distribution.requires or ():
            asked = Requirement(line)
            applies = asked.marker is None or asked.marker.evaluate({"extra": ""})
            if applies and asked.extras and canonicalize_name(asked.name) in pinned:
                assert asked.extras <= pinned[canonicalize_name(asked.name)], f"{distribution.name} asks for {asked}"
