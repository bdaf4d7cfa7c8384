"""Templates and precaution rules in other languages (`es.json`): their names, phases, criteria, findings and advice."""

from __future__ import annotations

from pathlib import Path

from exercises.wording import Wording

PROGRAMS = Wording({"es": Path(__file__).parent / "es.json"})
