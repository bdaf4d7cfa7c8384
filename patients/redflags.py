"""The warning signs of CLINICAL.md D.8 as data: `redflags.yaml` holds the wording, this module the behaviour."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from patients.flags import more_urgent
from patients.models import Urgency

FILE = Path(__file__).parent / "redflags.yaml"
# Exercises stop until a clinician unlocks; the others show their advice and raise the flag (RULINGS.md, D.8).
LOCKING = frozenset({"RF1", "RF2", "RF3", "RF4", "RF5", "RF6", "RF8", "RF9", "RF12", "RF13"})


@cache
def document() -> list[dict[str, Any]]:
    """`[{id, ask, urgency, text}]`, as GET /me/plans shows it."""
    signs: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["red_flags"]
    return signs


@cache
def stamp() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]


def rule_of(answer: str) -> str:
    """The rule that an answer belongs to: RF1.urine is one of RF1's signs."""
    return answer.partition(".")[0]


def locks(answers: list[str]) -> bool:
    return any(rule_of(answer) in LOCKING for answer in answers)


def urgency(answers: list[str]) -> Urgency:
    """The most urgent of the signs that were ticked."""
    known = {sign["id"]: Urgency(sign["urgency"]) for sign in document()}
    found = [known.get(answer) or known.get(rule_of(answer)) or Urgency.EMERGENCY for answer in answers]
    most = found[0]
    for one in found[1:]:
        most = more_urgent(most, one)
    return most
