"""Measuring on a machine that does other things too: interleaved rounds, medians, ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Medians in milliseconds; `ratio` is to the reference that ran in the same rounds."""

    name: str
    median_ms: float
    ratio: float
    note: str = ""


def measure(
    reference: Callable[[], object], cases: dict[str, Callable[[], object]], *, rounds: int, notes: dict[str, str]
) -> list[Measured]:
    """Run the reference and every case once a round, so that a slow second slows all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    referred: list[float] = []
    for number in range(rounds + 1):
        for name, case in (("", reference), *cases.items()):
            started = time.perf_counter()
            case()
            took_ms = (time.perf_counter() - started) * 1000
            if number:  # the first round warms caches and imports
                (times[name] if name else referred).append(took_ms)
    base = statistics.median(referred)
    return [
        Measured(name, round(median := statistics.median(took), 2), round(median / base, 2), notes.get(name, ""))
        for name, took in times.items()
    ]
