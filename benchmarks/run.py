"""One run: a demo clinic, the paths in rounds, the same clinic grown, a table."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

from benchmarks import paths, push
from benchmarks.clock import Measured, measure
from config import valkey
from config.demo.cast import ROSA
from config.demo.making import DANA

FEW = 10
TIMES = 10


def run(folder: Path, rounds: int, patients: int, weeks: int, target: Path) -> None:
    broker = None if os.environ.get("REDIS_URL") else valkey.start(folder)
    try:
        results = _measure(rounds, patients, weeks)
    finally:
        if broker is not None:
            broker.stop()
    _show(results)
    pushed = push.measure_push(folder, rounds)
    push.show(pushed)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"paths": [asdict(one) for one in results], "push": asdict(pushed)}, indent=1))


def _measure(rounds: int, patients: int, weeks: int) -> list[Measured]:
    call_command("migrate", verbosity=0)
    for command in ("load_library", "load_templates"):
        call_command(command, stdout=io.StringIO())
    _demo(FEW, weeks)
    therapist, phone = paths.client_of(DANA), paths.Phone(paths.client_of(ROSA.email))
    reader = paths.Phone(paths.client_of(ROSA.email))
    reference = paths.get(therapist, "/me")
    caseload = paths.get(therapist, f"/caseload?page_size={FEW}")
    # Reading comes before writing: what a sync changes would give the plan another ETag.
    results = measure(
        reference,
        {
            "GET /me/plans": paths.get(reader.client, "/me/plans"),
            "GET /me/plans, unchanged (304)": paths.get(reader.client, "/me/plans", if_none_match=reader.etag),
            f"GET /caseload, {FEW} rows of {FEW} patients": caseload,
            "figures of one exercise (3 files)": paths.draw_one(),
        },
        rounds=rounds,
        notes={"GET /me/plans": f"{reader.plans_bytes:,} bytes, {reader.plans_compressed:,} compressed"},
    )
    results += measure(
        reference,
        {
            f"POST /me/sync, a session of {len(phone.prescriptions)}": phone.sync_new,
            "POST /me/sync, the same again": phone.sync_again(),
        },
        rounds=rounds,
        notes={},
    )
    _demo(patients, weeks)
    grown = {f"GET /caseload, {FEW} rows of {patients} patients": caseload}
    results += measure(reference, grown, rounds=rounds, notes={})
    paths.older_days(TIMES)
    aged = {
        f"GET /caseload, the same with {TIMES} times the history": caseload,
        f"POST /me/sync, a session of {len(phone.prescriptions)} with {TIMES} times the history": phone.sync_new,
    }
    return results + measure(reference, aged, rounds=rounds, notes={})


def _demo(patients: int, weeks: int) -> None:
    call_command("demo", "--json", patients=patients, weeks=weeks, seed=1, stdout=io.StringIO())


def _show(results: list[Measured]) -> None:
    table = Table(title=f"Medians on {connection.vendor}; the ratio is to GET /me in the same rounds")
    for heading, justify in (("path", "left"), ("ms", "right"), ("ratio", "right"), ("", "left")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for one in results:
        table.add_row(one.name, f"{one.median_ms:.1f}", f"{one.ratio:.1f}", one.note)
    Console(width=110).print(table)
