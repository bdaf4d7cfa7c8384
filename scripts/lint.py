"""Everything that can be checked without running the program: `make lint`.

All checks run, two at a time; each prints one line, and what it said when it failed.
"""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BUILD = ROOT / "build"
SCHEMA = ROOT / "docs" / "openapi.json"
TYPES = ROOT / "pwa" / "src" / "api" / "schema.d.ts"


class CheckError(Exception):
    """A check did not pass; the message is what it said."""


def run(*command: str, cwd: Path = ROOT) -> None:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise CheckError(done.stdout)


def python(*arguments: str) -> Callable[[], None]:
    return lambda: run(sys.executable, *arguments)


def openapi() -> None:
    """The committed schema is the one the serializers give, and the TypeScript types are the ones it gives."""
    fresh, types = BUILD / "openapi.json", BUILD / "schema.d.ts"
    run(
        *(sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"),
        *("--format", "openapi-json", "--file", str(fresh)),
    )
    run("npx", "--no-install", "openapi-typescript", str(fresh), "-o", str(types), cwd=ROOT / "pwa")
    for committed, made in ((SCHEMA, fresh), (TYPES, types)):
        if not committed.exists() or not filecmp.cmp(committed, made, shallow=False):
            raise CheckError(f"{committed.relative_to(ROOT)} is not what the code gives. Run `make schema`.")


CHECKS: dict[str, Callable[[], None]] = {
    "mypy --strict": python("-m", "mypy", "."),
    "ruff check": python("-m", "ruff", "check", "--quiet", "."),
    "ruff format": python("-m", "ruff", "format", "--quiet", "--check", "--diff", "."),
    "imports run one way": lambda: run("lint-imports", "--no-cache"),
    "no migration missing": python("manage.py", "makemigrations", "--check", "--dry-run"),
    "OpenAPI and its types": openapi,
    "TypeScript": lambda: run("npm", "run", "--silent", "check", cwd=ROOT / "pwa"),
}


def check(name: str) -> bool:
    started = time.monotonic()
    try:
        CHECKS[name]()
    except CheckError as error:
        print(f"FAILED  {name}\n{error}", flush=True)
        return False
    print(f"    ok  {name} ({time.monotonic() - started:.0f} s)", flush=True)
    return True


def main() -> int:
    BUILD.mkdir(exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(check, CHECKS))
    print(f"lint: {sum(passed)} of {len(passed)} checks passed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
