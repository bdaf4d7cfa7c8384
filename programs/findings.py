"""What is known about a patient that bears on exercise: the `findings` of API.md as a value. Pure.

Absent (or null) is unknown, which is not the same as false: a precaution fires only on what is known to be true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from programs.fields import InvalidFieldsError, is_number

APPROACHES = ("posterior", "anterior", "anterolateral")
LOW_BACK_PAIN = ("bending", "arching")


@dataclass(frozen=True)
class Surgery:
    """Lesser trochanter resection, with the limits as the surgeon typed them. `hip_flexion_max` in degrees."""

    on: dt.date | None = None
    weight_bearing_cleared: bool | None = None
    hip_flexion_max: float | None = None
    flexor_cleared_on: dt.date | None = None


@dataclass(frozen=True)
class HipReplacement:
    """`precautions`: whether the surgeon's precautions are active."""

    approach: str | None = None
    precautions: bool | None = None


@dataclass(frozen=True)
class Injection:
    kind: str | None = None
    on: dt.date | None = None


@dataclass(frozen=True)
class Findings:
    """Pain 0–10; spaces in millimetres; "recent" events are true or, better, a date."""

    painful_gait: bool | None = None
    long_stride: bool | None = None
    snapping: bool | None = None
    radiating: bool | None = None
    tingling_7d: bool | None = None
    spread_further: bool | None = None
    new_weakness: bool | None = None
    pht_stage: int | None = None
    pop_or_bruise: bool | None = None
    surgery: Surgery | None = None
    hip_replacement: HipReplacement | None = None
    groin_pinch: bool | None = None
    fai: bool | None = None
    labral_tear: bool | None = None
    faber_pinch: bool | None = None
    lateral_hip_pain: bool | None = None
    lbp: tuple[str, ...] | None = None
    sitting_pain: int | None = None
    sitting_tolerance_min: float | None = None
    fall_12m: bool | None = None
    dizziness: bool | None = None
    cannot_stand_5s: bool | None = None
    high_bp: bool | None = None
    heart_event: bool | dt.date | None = None
    hernia: bool | None = None
    eye_surgery: bool | dt.date | None = None
    osteoporosis: bool | None = None
    fragility_fracture: bool | dt.date | None = None
    hypermobility: bool | None = None
    dysplasia: bool | None = None
    pregnant_weeks: float | None = None
    knee: bool | None = None
    wrist: bool | None = None
    shoulder: bool | None = None
    injection: Injection | None = None
    ifs_mm: float | None = None
    qfs_mm: float | None = None
    oedema: bool | None = None
    ischiofemoral_test: bool | None = None
    medicines: str | tuple[str, ...] | None = None

    @classmethod
    def parse(cls, data: object) -> Findings:
        """Raises InvalidFieldsError, which names each wrong finding ("surgery.on") with a sentence."""
        errors: list[tuple[str, str]] = []
        values = _read(data, _READERS, "", errors)
        if errors:
            raise InvalidFieldsError(errors)
        return cls(**values)

    def facts(self) -> dict[str, Any]:
        """What is known, by the names that precautions.yaml uses: parts as `surgery.on`."""
        known: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Surgery | HipReplacement | Injection):
                known |= {f"{field.name}.{part.name}": getattr(value, part.name) for part in fields(value)}
            else:
                known[field.name] = value
        return {name: value for name, value in known.items() if value is not None}


# Reading: each reader turns a JSON value into a finding or raises ValueError with a sentence.


@dataclass(frozen=True)
class _Part:
    """A finding with parts of its own: `surgery`, `hip_replacement`, `injection`."""

    build: Callable[..., Any]
    readers: Mapping[str, Callable[[Any], Any]]


def _read(
    data: object, readers: Mapping[str, Callable[[Any], Any] | _Part], prefix: str, errors: list[tuple[str, str]]
) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        errors.append((prefix.rstrip("."), "This must be an object with named findings."))
        return {}
    values: dict[str, Any] = {}
    for name, value in data.items():
        attr, reader = f"{prefix}{name}", readers.get(name)
        if reader is None:
            errors.append((attr, f"There is no such finding; known are {', '.join(sorted(readers))}."))
        elif value is None:
            continue
        elif isinstance(reader, _Part):
            values[name] = reader.build(**_read(value, reader.readers, f"{attr}.", errors))
        else:
            try:
                values[name] = reader(value)
            except ValueError as error:
                errors.append((attr, str(error)))
    return values


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("Say true or false, or leave it out when it is not known.")


def _date(value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("Give a date as YYYY-MM-DD.") from None


def _recent(value: Any) -> bool | dt.date:
    """A ticked box, or better the date, from which "recent" can be told later too."""
    if isinstance(value, bool):
        return value
    try:
        return _date(value)
    except ValueError:
        raise ValueError("Say true or false, or give the date as YYYY-MM-DD.") from None


def _number(least: float, most: float, unit: str) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if is_number(value) and least <= value <= most:
            return value  # type: ignore[no-any-return]
        raise ValueError(f"Give {unit}, a number from {least} to {most}.")

    return read


def _whole(least: int, most: int, unit: str) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is int and least <= value <= most:
            return value
        raise ValueError(f"Give {unit}, a whole number from {least} to {most}.")

    return read


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise ValueError(f"Choose one of {', '.join(choices)}.")

    return read


def _low_back_pain(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(word, str) and word in LOW_BACK_PAIN for word in value):
        return tuple(dict.fromkeys(value))
    raise ValueError(f"Give a list of what makes it worse: {', '.join(LOW_BACK_PAIN)}.")


def _words(most: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, str) and 0 < len(value.strip()) <= most:
            return value.strip()
        raise ValueError(f"Give a text of at most {most} letters.")

    return read


def _medicines(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list) and len(value) <= 50:
        return tuple(_words(200)(name) for name in value)
    return _words(2000)(value)


_READERS: Mapping[str, Callable[[Any], Any] | _Part] = {
    **{field.name: _yes_no for field in fields(Findings) if field.type == "bool | None"},
    **{field.name: _recent for field in fields(Findings) if field.type == "bool | dt.date | None"},
    "pht_stage": _whole(1, 4, "the stage"),
    "lbp": _low_back_pain,
    "sitting_pain": _whole(0, 10, "pain"),
    "sitting_tolerance_min": _number(0, 1440, "minutes"),
    "pregnant_weeks": _number(0, 45, "weeks"),
    "ifs_mm": _number(0, 100, "millimetres"),
    "qfs_mm": _number(0, 100, "millimetres"),
    "medicines": _medicines,
    "surgery": _Part(
        Surgery,
        {
            "on": _date,
            "weight_bearing_cleared": _yes_no,
            "hip_flexion_max": _number(0, 150, "degrees"),
            "flexor_cleared_on": _date,
        },
    ),
    "hip_replacement": _Part(HipReplacement, {"approach": _one_of(*APPROACHES), "precautions": _yes_no}),
    "injection": _Part(Injection, {"kind": _words(60), "on": _date}),
}
