"""`make bench-dispatch`: what due reminders cost on PostgreSQL, and how long a crowd of them takes.

    .venv/bin/python -m benchmarks.dispatch [--due 20000] [--rules 1000000] [--drain 5000] [--workers 2]

A database of its own is made on the server of DATABASE_URL and dropped at the end. Four things are measured:

- claiming and queueing due rules: by one process, together and one by one, a batch of each in turn (rules a second, and
  how many times as fast together is); then by `--workers` processes at once, in rounds;
- what a tick with nothing due reads, in buffers, with a thousand rules and with `--rules`;
- sending one by one and several at once, with a mail server that takes a tenth of a second for each;
- `--drain` reminders that fall due within one minute, sent over SMTP to this machine by `--workers` processes: how late
  they went out.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.dispatch", description="Due reminders on PostgreSQL.")
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--rules", type=int, default=1_000_000)
    parser.add_argument("--drain", type=int, default=5_000, help="100000 takes minutes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--as-worker", choices=("queue", "drain"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_worker:
        return _as_worker(options.as_worker)
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder, own_database():
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", HOMESTRETCH_DATA=folder, BASE_URL="http://bench")
        (Path(folder) / "static").mkdir()
        # The settings read the environment when they are imported, so everything of ours is imported after this.
        django.setup()
        from benchmarks.dispatch_run import run  # noqa: PLC0415

        run(due=options.due, rules=options.rules, drain=options.drain, workers=options.workers)
    return 0


def _as_worker(name: str) -> int:
    django.setup()
    from benchmarks.dispatch_run import WORKERS  # noqa: PLC0415

    return WORKERS[name]()


@contextmanager
def own_database() -> Iterator[None]:
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    os.environ["DATABASE_URL"] = f"{server}/{name}"
    try:
        yield
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


if __name__ == "__main__":
    sys.exit(main())
