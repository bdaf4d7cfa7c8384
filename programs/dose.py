"""How much of an exercise: the `dose` of API.md. A value, checked on the way in; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from programs.fields import Reader, is_number

LOADS = ("none", "bodyweight", "isometric", "band", "ankle_weight", "dumbbell")
SIDES = ("both", "left", "right", "affected", "alternating")


@dataclass(frozen=True)
class Dose:
    """`sets` × `reps`, each held `hold_s` seconds, `rest_s` seconds between sets; loads in kilograms, effort 0–10.

    `reps` null means: hold once a set. For an exercise of one side the dose is per side. `tempo` is the seconds
    [out, hold, back] of one repetition (CLINICAL.md A.3) when a therapist prescribes one.
    """

    sets: int
    reps: int | None = None
    hold_s: int | None = None
    rest_s: int = 0
    load: str = "none"
    load_kg: float | None = None
    effort: int | None = None
    side: str = "both"
    tempo: tuple[float, float, float] | None = None

    @classmethod
    def parse(cls, data: object) -> Dose:
        """Raises InvalidFieldsError, which names each wrong field with a sentence."""
        reader = Reader.of(data, "dose")
        dose = cls(
            sets=reader.whole("sets", 1, 20, "sets"),
            reps=reader.maybe_whole("reps", 1, 100, "repetitions"),
            hold_s=reader.maybe_whole("hold_s", 1, 7200, "seconds of hold"),
            rest_s=reader.whole("rest_s", 0, 1800, "seconds of rest", default=0),
            load=reader.choice("load", LOADS, "none"),
            load_kg=_load_kg(reader),
            effort=reader.maybe_whole("effort", 0, 10, "effort"),
            side=reader.choice("side", SIDES, "both"),
            tempo=_tempo(reader),
        )
        if reader.take("reps") is None and reader.take("hold_s") is None:
            reader.wrong("reps", "Say how many repetitions or how long to hold; a dose needs one of the two.")
        reader.finish()
        return dose

    def as_json(self) -> dict[str, Any]:
        return {
            "sets": self.sets,
            "reps": self.reps,
            "hold_s": self.hold_s,
            "rest_s": self.rest_s,
            "load": self.load,
            "load_kg": self.load_kg,
            "effort": self.effort,
            "side": self.side,
            "tempo": None if self.tempo is None else list(self.tempo),
        }


def _load_kg(reader: Reader) -> float | None:
    value = reader.take("load_kg")
    if value is None or (is_number(value) and 0 < value <= 500):
        return value  # type: ignore[no-any-return]
    reader.wrong("load_kg", "A load must be more than 0 and at most 500 kilograms, or empty.")
    return None


def _tempo(reader: Reader) -> tuple[float, float, float] | None:
    value = reader.take("tempo")
    if value is None:
        return None
    if isinstance(value, list | tuple) and len(value) == 3 and all(is_number(x) and 0 <= x <= 120 for x in value):
        return value[0], value[1], value[2]
    reader.wrong("tempo", "A tempo is three numbers of seconds, [out, hold, back], each from 0 to 120.")
    return None
