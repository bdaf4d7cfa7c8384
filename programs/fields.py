"""Reading JSON that a person's form made: every wrong field is named with a sentence, all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


class InvalidFieldsError(ValueError):
    """`errors`: (attr, sentence) pairs, ready for the API's error shape."""

    def __init__(self, errors: Collection[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(f"{attr}: {detail}" for attr, detail in self.errors))


@dataclass
class Reader:
    """Takes fields out of one JSON object and collects what is wrong; `finish()` raises if anything was.

    Every getter returns a value of the declared type even for wrong input (its default), so that reading can go on to
    the next field; such a value never leaves, since `finish()` raises.
    """

    data: Mapping[str, Any]
    errors: list[tuple[str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, data: object, what: str) -> Reader:
        if not isinstance(data, Mapping):
            raise InvalidFieldsError([("", f"A {what} must be an object, here is {_shown(data)}.")])
        return cls(data)

    def wrong(self, attr: str, sentence: str) -> None:
        self.errors.append((attr, sentence))

    def take(self, attr: str, default: Any = None) -> Any:
        self._taken.add(attr)
        return self.data.get(attr, default)

    def whole(self, attr: str, least: int, most: int, unit: str, *, default: int | None = None) -> int:
        """A required whole number, unless there is a default."""
        value = self.take(attr, default)
        if value is None:
            self.wrong(attr, f"Say how many {unit}: a whole number from {least} to {most}.")
            return least
        return self._in_range(attr, value, least, most, unit)

    def maybe_whole(self, attr: str, least: int, most: int, unit: str) -> int | None:
        value = self.take(attr)
        return None if value is None else self._in_range(attr, value, least, most, unit)

    def choice(self, attr: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.take(attr, default)
        if isinstance(value, str) and value in choices:
            return value
        self.wrong(attr, f"Choose one of {', '.join(choices)}; {_shown(value)} is none of them.")
        return next(iter(choices))

    def _in_range(self, attr: str, value: Any, least: int, most: int, unit: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(attr, f"{_shown(value)} does not fit: {unit} must be a whole number from {least} to {most}.")
            return least
        return value

    def finish(self) -> None:
        for attr in self.data:
            if attr not in self._taken:
                self.wrong(str(attr), f"There is no such field; known are {', '.join(sorted(self._taken))}.")
        if self.errors:
            raise InvalidFieldsError(self.errors)


def _shown(value: object) -> str:
    """A value as the sender would recognise it, cut so that a huge one does not fill the answer."""
    text = "nothing" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def is_number(value: object) -> bool:
    """A real JSON number: Python counts true and false as numbers, and NaN as one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124 (NaN)
