"""The product's own sentences in other languages, found by their English wording.

What is stored is English, or what somebody typed. A sentence is said in another language where this very sentence was
translated; what a therapist has typed or changed is said as it was typed. So a copied program needs no second text, and
a translation never stands beside a newer English wording. The files are JSON, `{english: translation}`, since the
clinic app reads them too. A key may hold places, `{value}`: whatever stands there goes into the translation's place.
All of it waits for a clinician's signature (docs/clinical-sources.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercises.models import Exercise

SOURCE = "en"


@dataclass(frozen=True)
class Said:
    """`language` is empty where nobody knows it: somebody typed the text."""

    text: str
    language: str


class Wording:
    """The sentences of one app, by language: `Wording({"es": Path(…)})`."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    @cached_property
    def tables(self) -> dict[str, dict[str, str]]:
        return {language: json.loads(path.read_text(encoding="utf-8")) for language, path in self._files.items()}

    @cached_property
    def stamp(self) -> str:
        """Changes with any translation."""
        return hashlib.sha256(b"".join(path.read_bytes() for path in self._files.values())).hexdigest()[:12]

    @cached_property
    def _with_places(self) -> dict[str, list[tuple[re.Pattern[str], str]]]:
        return {
            language: [(_pattern(key), key) for key in table if "{" in key] for language, table in self.tables.items()
        }

    def say(self, text: str, language: str) -> Said:
        if language == SOURCE or language not in self.tables:
            known = any(self._find(text, one) is not None for one in self.tables)
            return Said(text, SOURCE if known else "")
        found = self._find(text, language)
        return Said(text, "") if found is None else Said(found, language)

    def say_all(self, texts: Iterable[str], language: str) -> tuple[list[str], str]:
        """Texts that belong together: in the language when all of them are, else all of them as they are stored."""
        stored = list(texts)
        said = [self.say(text, language) if text else Said("", "") for text in stored]
        spoken = {one.language for one in said if one.text}
        if len(spoken) == 1:
            return [one.text for one in said], spoken.pop()
        return stored, ""

    def others(self, text: str) -> list[str]:
        """The sentence in every other language that has it: what it can be found by as well."""
        return [table[text] for table in self.tables.values() if text in table]

    def _find(self, text: str, language: str) -> str | None:
        table = self.tables[language]
        if text in table:
            return table[text]
        for pattern, key in self._with_places[language]:
            if match := pattern.fullmatch(text):
                return table[key].format(
                    **{name: self._find(it, language) or it for name, it in match.groupdict().items()}
                )
        return None


def _pattern(key: str) -> re.Pattern[str]:
    """A key with places as a pattern that names them."""
    parts = re.split(r"\{(\w+)\}", key)
    return re.compile("".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))


# The exercises of the shared library.
LIBRARY = Wording({"es": Path(__file__).parent / "library" / "es.json"})


@dataclass(frozen=True)
class SaidExercise:
    """`language` as in `Said`."""

    name: str
    cue: str
    mistake: str
    caution: str
    steps: list[str]
    language: str


def say_exercise(exercise: Exercise, language: str) -> SaidExercise:
    """In the language where all of its words are translated, else as it is stored: on the phone as on paper."""
    stored = [exercise.name, exercise.cue, exercise.mistake, exercise.caution, *map(str, exercise.steps)]
    (name, cue, mistake, caution, *steps), spoken = LIBRARY.say_all(stored, language)
    return SaidExercise(name, cue, mistake, caution, steps, spoken)
