"""Finding exercises: a ranked search that forgives typos and accents, and the counts beside each filter.

Pure functions over a few hundred entries, so that they can be tested alone; the caller reads the rows. A search of 300
entries takes a few milliseconds in Python, where a trigram index would only exist on one of our two databases.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

Id = TypeVar("Id")

# How much a hit counts by where it was found: the name first, then its other names, then what it works.
NAME, SYNONYM, MUSCLE = 1.0, 0.95, 0.8


@dataclass(frozen=True)
class Searchable(Generic[Id]):
    """What an exercise can be found by. `muscles`: names and synonyms of its muscles, in every language."""

    id: Id
    name: str
    synonyms: Sequence[str] = ()
    muscles: Sequence[str] = ()


def search(query: str, entries: Iterable[Searchable[Id]]) -> list[Id]:
    """The ids that fit, best first; ties by name. An empty query fits everything, in the order given.

    Every word of the query must be found among an exercise's names: as it is, as a beginning, or with one typo
    (two from eight letters on); so "hamstirng strech" finds, and "ham rowing" does not.
    """
    words = normal(query).split()
    entries = list(entries)
    if not words:
        return [entry.id for entry in entries]
    scored = [(_score(words, entry), entry) for entry in entries]
    found = [(score, entry) for score, entry in scored if score > 0]
    found.sort(key=lambda pair: (-pair[0], normal(pair[1].name)))
    return [entry.id for _, entry in found]


def normal(text: str) -> str:
    """Small letters without accents, hyphens and brackets as spaces: "Clamshell (EXT.)" → "clamshell ext"."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def _score(words: Sequence[str], entry: Searchable[Id]) -> float:
    """0 where a word is nowhere. Words may come from different names ("piriformis stretch")."""
    texts = [
        (NAME, normal(entry.name).split()),
        *((SYNONYM, normal(text).split()) for text in entry.synonyms),
        *((MUSCLE, normal(text).split()) for text in entry.muscles),
    ]
    per_word = [
        max(weight * max((_likeness(word, other) for other in text), default=0.0) for weight, text in texts)
        for word in words
    ]
    if min(per_word) == 0:
        return 0.0
    whole = max(weight * fuzz.ratio(" ".join(words), " ".join(text)) / 100 for weight, text in texts)
    return sum(per_word) / len(per_word) + whole


def _likeness(word: str, other: str) -> float:
    """How well a typed word fits a word of a name: 1 the same, 0 not at all."""
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.9
    if len(word) >= MIDDLE_FROM and word in other:
        return 0.7
    allowed = _allowed_typos(word)
    if not allowed or word[0] != other[0]:
        return 0.0
    # A typed beginning with a typo ("hamstir" for "hamstrings") is compared with as much of the word.
    near = min(_typos(word, other, allowed), _typos(word, other[: len(word)], allowed))
    return 0.0 if near > allowed else 0.8 - 0.15 * near


# From this many letters on, a piece from inside a word counts ("rotation" is found by "tation", "in" is not).
MIDDLE_FROM = 4


def _allowed_typos(word: str) -> int:
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _typos(word: str, other: str, allowed: int) -> int:
    """Letters to add, drop, change or swap; anything above `allowed` is only known to be above it."""
    return DamerauLevenshtein.distance(word, other, score_cutoff=allowed)


# Facets


@dataclass(frozen=True)
class Facetable:
    """The values of one exercise for each filter: {"muscle": {"piriformis", …}, "kind": {"stretch"}, …}."""

    values: Mapping[str, Collection[str | int]] = field(default_factory=dict)


FACETS = ("muscle", "kind", "position", "equipment", "level", "demand")


def matches(item: Facetable, active: Mapping[str, Collection[str | int]]) -> bool:
    """Whether an exercise passes the active filters: any value within one filter, all filters together."""
    return all(not wanted or not set(wanted).isdisjoint(item.values.get(name, ())) for name, wanted in active.items())


def facets(
    items: Iterable[Facetable], active: Mapping[str, Collection[str | int]]
) -> dict[str, list[dict[str, str | int]]]:
    """For each facet, every value with the number of exercises that remain if it is chosen.

    A facet's own filter is left out of its counts, so that the other values of a chosen facet keep theirs; values that
    would find nothing are left out. Sorted by count, then value; levels by level.
    """
    items = list(items)
    answer: dict[str, list[dict[str, str | int]]] = {}
    for facet in FACETS:
        others = {name: wanted for name, wanted in active.items() if name != facet}
        counts: Counter[str | int] = Counter(
            value for item in items if matches(item, others) for value in set(item.values.get(facet, ()))
        )
        ordered = sorted(counts.items(), key=lambda pair: (0 if facet == "level" else -pair[1], str(pair[0])))
        answer[facet] = [{"value": value, "count": count} for value, count in ordered]
    return answer
