"""Reading one JSON object of an item: everything that is wrong is named at once, with the attribute's path."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")
# Wider than any log can be, since a phone whose battery died may believe it is 1970; narrow enough that no arithmetic
# with dates can overflow, and that a clock's error in seconds fits 32 bits.
FIRST_YEAR, LAST_YEAR = 1970, 2090
MOST_OFFSET = dt.timedelta(hours=18)


class ItemError(TypedDict):
    code: str
    detail: str
    attr: str | None


def error(code: str, detail: str, attr: str | None = None) -> ItemError:
    return {"code": code, "detail": detail, "attr": attr}


class UnreadableError(ValueError):
    """`errors`: everything that is wrong with an item."""

    def __init__(self, errors: list[ItemError]) -> None:
        self.errors = errors
        super().__init__("; ".join(one["detail"] for one in errors))


def read_uuid(value: Any) -> uuid.UUID | None:
    """A UUID in its usual spelling, else None. (Python also takes braces, urn: and plain hex; so do some phones.)"""
    if not isinstance(value, str) or len(value) > 45:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def read_instant(value: Any) -> dt.datetime | None:
    """ISO 8601 with an offset, in a sane range, else None."""
    if not isinstance(value, str) or len(value) > 40 or not INSTANT.fullmatch(value):
        return None
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    offset = at.utcoffset()
    if not FIRST_YEAR <= at.year < LAST_YEAR or offset is None or abs(offset) > MOST_OFFSET:
        return None
    return at


@dataclass
class Fields:
    """Takes typed values out of one object. A wrong value is noted under its path and read as the default, so that
    reading goes on to the next; `errors` decides in the end."""

    data: Mapping[str, Any]
    path: str = ""
    errors: list[ItemError] = field(default_factory=list)

    def inside(self, data: Mapping[str, Any], *steps: str | int) -> Fields:
        return Fields(data, self.attr(*steps) + ".", self.errors)

    def attr(self, *steps: str | int) -> str:
        return self.path + ".".join(map(str, steps))

    def wrong(self, name: str, code: str, detail: str) -> None:
        self.errors.append(error(code, detail, self.attr(name)))

    def _get(self, name: str, required: bool) -> Any:
        value = self.data.get(name)
        if value is None and required:
            self.wrong(name, "required", f"“{name}” is missing.")
        return value

    def id(self, name: str, *, required: bool = True) -> uuid.UUID | None:
        value = self._get(name, required)
        if value is None:
            return None
        found = read_uuid(value)
        if found is None:
            self.wrong(name, "invalid", "This is not an id (a UUID).")
        return found

    def instant(self, name: str, *, required: bool = True) -> dt.datetime | None:
        value = self._get(name, required)
        if value is None:
            return None
        found = read_instant(value)
        if found is None:
            self.wrong(name, "invalid", "Give date and time with an offset, such as 2026-11-24T07:10:00+01:00.")
        return found

    def whole(self, name: str, least: int, most: int, *, required: bool = False) -> int | None:
        value = self._get(name, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(name, "invalid", f"“{name}” is a whole number from {least} to {most}.")
            return None
        if not least <= value <= most:
            self.wrong(name, "out_of_range", f"“{name}” is a whole number from {least} to {most}.")
            return None
        return value

    def number(self, name: str, least: float, most: float) -> float | None:
        value = self._get(name, required=False)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.wrong(name, "out_of_range", f"“{name}” is a number from {least:g} to {most:g}.")
            return None
        return float(value)

    def choice(
        self, name: str, choices: Collection[str], *, required: bool = False, default: str | None = None
    ) -> str | None:
        value = self._get(name, required)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.wrong(name, "invalid_choice", f"“{name}” is one of {', '.join(choices)}.")
            return default
        return value

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        value = self._get(name, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(name, "invalid", f"“{name}” is text.")
            return ""
        if required and not value.strip():
            self.wrong(name, "blank", f"“{name}” is empty.")
        if len(value) > most:
            self.wrong(name, "max_length", f"“{name}” has {len(value)} characters; at most {most} fit.")
        return value

    def whole_list(self, name: str, least: int, most: int, length: int) -> tuple[int, ...]:
        value = self._get(name, required=False)
        if value is None:
            return ()
        fits = isinstance(value, list) and len(value) <= length
        if not fits or not all(type(one) is int and least <= one <= most for one in value):
            self.wrong(name, "invalid", f"“{name}” is a list of at most {length} whole numbers, {least} to {most}.")
            return ()
        return tuple(value)

    def object(self, name: str, *, required: bool = False) -> Mapping[str, Any] | None:
        value = self._get(name, required)
        if value is not None and not isinstance(value, dict):
            self.wrong(name, "invalid", f"“{name}” is an object.")
            return None
        return value

    def objects(self, name: str, most: int) -> list[Fields]:
        """A required list of objects."""
        value = self._get(name, required=True)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            self.wrong(name, "invalid", f"“{name}” is a list of at most {most} entries.")
            return []
        found = []
        for index, one in enumerate(value):
            if isinstance(one, dict):
                found.append(self.inside(one, name, index))
            else:
                self.errors.append(error("invalid", "This is not an object.", self.attr(name, index)))
        return found
