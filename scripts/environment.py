"""Make `.venv` and install the locked requirements into it. Runs on any Python ≥ 3.11, with the standard library only.

    python3 scripts/environment.py requirements.txt requirements-build.txt

Nothing happens when what is installed is what the lock files say: their hashes are kept in `.venv/installed.json`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
OLDEST = (3, 11)


def main(locks: list[str]) -> int:
    if sys.version_info < OLDEST:
        return _fail(
            f"Homestretch needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}. "
            "Name a newer one: make run PYTHON=/path/to/python3.12"
        )
    try:
        _make_venv()
    except (ImportError, subprocess.CalledProcessError, OSError) as error:
        return _fail(
            f"The virtual environment could not be made ({error}). "
            "Python's venv module is needed (Debian, Ubuntu: apt-get install python3-venv) and a writable folder."
        )
    if PYTHON.parent.parent.resolve() == ROOT / ".venv":
        return _install(locks)
    return _fail(f"{VENV} is not a virtual environment of this folder. Remove it and run this again.")


def _make_venv() -> None:
    if PYTHON.exists() and _works():
        return
    if VENV.exists():
        print("→ .venv belongs to a Python that is gone; making it anew", flush=True)
        shutil.rmtree(VENV)
    print(f"→ Making .venv with Python {sys.version.split()[0]}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True, stdout=subprocess.DEVNULL)


def _works() -> bool:
    """A venv breaks when the Python it points at is removed or the folder is moved."""
    done = subprocess.run([str(PYTHON), "-c", "import pip"], check=False, capture_output=True)
    return done.returncode == 0


def missing(locks: list[str]) -> list[str]:
    """The lock files that are not the ones whose packages are installed."""
    installed = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    return [name for name in locks if installed.get(name) != _hash(name)]


def write_down(locks: list[str]) -> None:
    installed = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    INSTALLED.write_text(json.dumps({**installed, **{name: _hash(name) for name in locks}}, indent=1))


def _hash(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _install(locks: list[str]) -> int:
    wanted = missing(locks)
    if not wanted:
        return 0
    packages = sum(
        len(re.findall(r"^[\w.-]+(?:\[[^]]*\])?==", (ROOT / name).read_text(), re.MULTILINE)) for name in wanted
    )
    print(f"→ Installing {packages} packages, pinned by hash ({', '.join(wanted)}): about a minute", flush=True)
    started = time.monotonic()
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--disable-pip-version-check"]
    for name in wanted:
        command += ["-r", name]
    if subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "1"}).returncode:
        return _fail("pip could not install the packages (its words are above). Check the network and run this again.")
    write_down(wanted)
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
