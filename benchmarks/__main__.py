"""`make bench`: what the costly paths take, each as a ratio to `GET /me` measured in the same rounds of the same run.

    .venv/bin/python -m benchmarks [--rounds 30] [--patients 100] [--weeks 4] [--json build/bench.json]

Milliseconds differ from machine to machine and from minute to minute; the ratios hold, and they are what to compare
before and after a change. `DATABASE_URL` is honoured (an empty database of its own, please); without it SQLite is used,
in a temporary folder, with an embedded Valkey.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Costly paths as ratios to GET /me.")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--patients", type=int, default=100, help="of the caseload that has grown")
    parser.add_argument("--weeks", type=int, default=4, help="of history")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        # The settings read the environment when they are imported, so everything of ours is imported after this.
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", HOMESTRETCH_DATA=folder)
        (Path(folder) / "static").mkdir()
        django.setup()
        from benchmarks.run import run  # noqa: PLC0415

        run(Path(folder), options.rounds, options.patients, options.weeks, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
