"""What of the library fits a question: filters, ranked search, and the counts beside each filter.

The library is a few hundred rows, so the light columns of all visible exercises are read (four queries) and matched in
Python by `exercises.search`; the page itself is read whole by the caller.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet, Sum

from exercises.models import Demand, Equipment, Exercise, ExerciseMuscle, Kind, Muscle, Position
from exercises.search import FACETS, Facetable, Searchable, facets, matches, search
from exercises.wording import LIBRARY

Value = str | int
LEVELS = range(1, 6)


class UnknownValueError(ValueError):
    """A filter's value that does not exist: a misspelt muscle must not quietly find nothing."""

    def __init__(self, facet: str, values: Iterable[Value]) -> None:
        self.facet = facet
        super().__init__(f"There is no {facet} “{'”, “'.join(map(str, values))}”.")


@dataclass(frozen=True)
class Found:
    """`ids` in order of rank, or of name where nothing was searched for."""

    ids: list[uuid.UUID]
    facets: dict[str, list[dict[str, Value]]]


def whole(exercises: QuerySet[Exercise]) -> QuerySet[Exercise]:
    """With muscles, equipment and demands: four queries however many exercises."""
    roles = ExerciseMuscle.objects.select_related("muscle").order_by("pk")
    return exercises.prefetch_related(
        Prefetch("muscle_roles", roles),
        Prefetch("equipment", Equipment.objects.order_by("slug")),
        Prefetch("demands", Demand.objects.order_by("slug")),
    )


def stamp(exercises: QuerySet[Exercise]) -> str:
    """Changes whenever one of these exercises changes: versions only rise. One query."""
    state = exercises.aggregate(Count("pk"), Sum("version"), Max("created_at"), Count("archived_at"))
    return hashlib.sha256(repr(sorted(state.items())).encode()).hexdigest()[:32]


def checked(facet: str, values: Iterable[str]) -> frozenset[Value]:
    """Raises UnknownValueError. A query for muscles, equipment and demands, none for the rest."""
    given = set(values)
    known = _KNOWN[facet](given)
    if unknown := sorted(given - {str(value) for value in known}):
        raise UnknownValueError(facet, unknown)
    return frozenset(value for value in known if str(value) in given)


def _slugs(model: type[Muscle | Equipment | Demand]) -> Callable[[set[str]], set[Value]]:
    return lambda given: set(model.objects.filter(slug__in=given).values_list("slug", flat=True))


_KNOWN: Mapping[str, Callable[[set[str]], set[Value]]] = {
    "muscle": _slugs(Muscle),
    "kind": lambda _: set(Kind.values),
    "position": lambda _: set(Position.values),
    "equipment": _slugs(Equipment),
    "level": lambda _: set(LEVELS),
    "demand": _slugs(Demand),
}


def find(exercises: QuerySet[Exercise], words: str, active: Mapping[str, frozenset[Value]]) -> Found:
    """`active`: the chosen values by facet; any within one facet, all facets together. Four queries."""
    names: dict[uuid.UUID, list[str]] = defaultdict(list)
    slugs: dict[str, dict[uuid.UUID, set[Value]]] = {facet: defaultdict(set) for facet in FACETS}
    for pk, slug, translations, synonyms in ExerciseMuscle.objects.filter(exercise__in=exercises).values_list(
        "exercise", "muscle__slug", "muscle__names", "muscle__synonyms"
    ):
        slugs["muscle"][pk].add(slug)
        names[pk] += [*translations.values(), *synonyms]
    for facet, path in (("equipment", "equipment__slug"), ("demand", "demands__slug")):
        for pk, slug in exercises.filter(**{f"{path}__isnull": False}).order_by().values_list("pk", path):
            slugs[facet][pk].add(slug)
    rows: list[dict[str, Any]] = list(
        exercises.order_by("name", "id").values("pk", "name", "synonyms", "kind", "position", "level")  # type: ignore[arg-type]
    )
    values = {
        row["pk"]: Facetable(
            {facet: {row[facet]} if facet in row else slugs[facet].get(row["pk"], set()) for facet in FACETS}
        )
        for row in rows
    }
    entries = (
        Searchable(row["pk"], row["name"], [*row["synonyms"], *LIBRARY.others(row["name"])], names[row["pk"]])
        for row in rows
    )
    named = search(words, entries)
    return Found(
        ids=[pk for pk in named if matches(values[pk], active)],
        facets=facets((values[pk] for pk in named), active),
    )


def in_order(exercises: QuerySet[Exercise], ids: list[uuid.UUID]) -> list[Exercise]:
    found: dict[Any, Exercise] = whole(exercises).in_bulk(ids)
    return [found[pk] for pk in ids]
