"""Exit criteria as data: which facts answer a sentence of a template, and whether they fulfil it. Pure.

A criterion stays the sentence that a therapist wrote or a template has; `criteria.yaml` says what of it can be
measured. Everything else is a therapist's to tick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "criteria.yaml"


@dataclass(frozen=True)
class Measure:
    """A fact with its bound; both bounds are inclusive."""

    fact: str
    at_most: float | None = None
    at_least: float | None = None

    def met(self, value: float | None) -> bool | None:
        """None: nobody answered."""
        if value is None:
            return None
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


@dataclass(frozen=True)
class Criterion:
    measures: tuple[Measure, ...]
    every: bool = True  # all of the measures; else any
    partial: bool = False  # a "no" does not settle it

    def met(self, facts: Mapping[str, float | None]) -> bool | None:
        """Whether these facts fulfil it; None where they cannot say."""
        answers = [measure.met(facts.get(measure.fact)) for measure in self.measures]
        verdict: bool | None
        if self.every:
            verdict = False if False in answers else None if None in answers else True
        else:
            verdict = True if True in answers else None if None in answers else False
        return None if self.partial and verdict is False else verdict


@cache
def known() -> Mapping[str, Criterion]:
    """By the sentence."""
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        row["text"]: Criterion(
            tuple(Measure(**measure) for measure in row.get("all") or row["any"]),
            every="all" in row,
            partial=row.get("partial", False),
        )
        for row in rows
    }


def measured(text: str) -> Criterion | None:
    """What can be measured of a sentence; None: only a therapist can say."""
    return known().get(text.strip())
