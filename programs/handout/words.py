"""The words of a page, by language: `words/<language>.yaml`. `say("dose.reps", count=3)` is "3 times"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Words:
    language: str
    table: dict[str, Any]

    def say(self, key: str, *, count: int | None = None, **values: object) -> str:
        """The sentence at a dotted key. Where it has two forms, `count` chooses: both languages know one and other."""
        found: Any = self.table
        for part in key.split("."):
            found = found[part]
        if isinstance(found, dict):
            found = found["one" if count == 1 else "other"]
        # Not str.format alone: a value may hold braces, and only the sentence's own are filled.
        return str(found).format(**values, **({} if count is None else {"count": count}))

    def listed(self, key: str) -> Any:
        return self.table[key]

    def number(self, value: float) -> str:
        text = f"{value:g}"
        return text if self.language == "en" else text.replace(".", ",")

    def date(self, date: dt.date, key: str = "date") -> str:
        return self.say(key, day=date.day, month=self.table["months"][date.month - 1], year=date.year)


@cache
def words(language: str) -> Words:
    return Words(language, yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))
