"""Rows that belong to a patient, whatever they are: moving all of them to another record, and remembering what was
changed on the way.

They are found through the models themselves, so that a table added next year moves as well; nothing here names them
but for the few that need more than moving.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import (
    Exists,
    Field,
    ForeignKey,
    ForeignObjectRel,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    UniqueConstraint,
)

from patients.models import Patient

Moved = dict[str, list[str]]  # column ("app.Model.field") → ids

# What a merge says of itself speaks of both records for ever.
STAYING = frozenset({"patients.Merge.kept", "patients.Merge.other"})
# Settings of which a person has one set: the kept record's own win, like its name and birth date.
ONE_SET = frozenset({"reminders.ReminderRule.patient"})
CHUNK = 500


def columns() -> list[ForeignKey[Any, Any]]:
    """Every column of any table that points at a patient, hidden relations included, but for those that stay."""
    relations = [one for one in Patient._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    found = [one.field for one in relations if isinstance(one.field, ForeignKey)]
    return [field for field in found if label(field) not in STAYING]


def label(field: Field[Any, Any]) -> str:
    return f"{field.model._meta.label}.{field.name}"


def rows_of(field: Field[Any, Any], patient: Patient | uuid.UUID) -> QuerySet[Any]:
    return field.model._base_manager.filter(**{field.name: patient})


def move_all(other: Patient, kept: Patient) -> Moved:
    """Everything of `other` to `kept`, but for rows that a constraint allows only once there: those stay and are seen
    again when the merge is undone. Whatever must not stay is made to fit before."""
    moved: Moved = {}
    for field in columns():
        if label(field) in ONE_SET and rows_of(field, kept).exists():
            continue
        staying = _twice(field, other, kept)
        ids = [pk for pk in rows_of(field, other).values_list("pk", flat=True) if pk not in staying]
        if ids:
            point(field, ids, kept)
            moved[label(field)] = [str(pk) for pk in ids]
    return moved


def point(field: Field[Any, Any], ids: Sequence[Any], to: Patient) -> None:
    for start in range(0, len(ids), CHUNK):
        field.model._base_manager.filter(pk__in=ids[start : start + CHUNK]).update(**{field.name: to})


def _twice(field: Field[Any, Any], other: Patient, kept: Patient) -> set[Any]:
    """Rows of `other` that a unique constraint keeps out of `kept`."""
    found: set[Any] = set()
    for others, condition in _unique_with(field):
        theirs = rows_of(field, kept).filter(condition, **{name: OuterRef(name) for name in others})
        found.update(rows_of(field, other).filter(condition).filter(Exists(theirs)).values_list("pk", flat=True))
    return found


def _unique_with(field: Field[Any, Any]) -> Iterator[tuple[list[str], Q]]:
    """What else must differ where this column is the same, and for which rows."""
    if field.unique:
        yield [], Q()
    for names in field.model._meta.unique_together:
        if field.name in names:
            yield [name for name in names if name != field.name], Q()
    for constraint in field.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            yield [name for name in constraint.fields if name != field.name], constraint.condition or Q()


# ---- What goes with what --------------------------------------------------------------------------------------------
def hangs_on(patient: Patient, going: dict[type[Model], set[Any]], since: dt.datetime) -> Iterator[tuple[Any, Any]]:
    """(column, id) of the patient's rows made since then that point at a row in `going`, and of those that point at
    these, and so on. `going` grows while this runs.

    An account in `going` takes along what it made, unless that points at a row of the patient that stays: a session
    belongs to its plan first and then to whoever sent it.
    """
    everything = columns()
    owned = {one.model for one in everything}
    grown = True
    while grown:
        grown = False
        for field in everything:
            model = field.model
            links = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey) and one is not field]
            rows = rows_of(field, patient)
            if any(one.name == "created_at" for one in model._meta.concrete_fields):
                rows = rows.filter(created_at__gte=since)
            for pk, *targets in rows.values_list("pk", *(one.attname for one in links)):
                if pk in going.get(model, ()):
                    continue
                named = [
                    (link.related_model, target)
                    for link, target in zip(links, targets, strict=True)
                    if target is not None
                ]
                rows_named = [one for one in named if one[0] in owned]
                if any(target in going.get(where, ()) for where, target in rows_named or named):
                    going.setdefault(model, set()).add(pk)
                    grown = True
                    yield field, pk


# ---- Changes that are taken back ------------------------------------------------------------------------------------
def change(row: Model, names: dict[str, Any]) -> dict[str, Any]:
    """Set these columns and return what has to be remembered to take it back."""
    kept = {name: [_as_json(getattr(row, name)), _as_json(value)] for name, value in names.items()}
    for name, value in names.items():
        setattr(row, name, value)
    row.save(update_fields=[row._meta.get_field(name).name for name in names])
    return {"model": row._meta.label, "id": str(row.pk), "columns": kept}


def take_back(row: Model, columns: dict[str, Any], but: Collection[str] = ()) -> None:
    """Put back what `change` set, where it still stands: what somebody changed since is theirs."""
    names = []
    for name, (before, after) in columns.items():
        field: Any = row._meta.get_field(name)
        if name not in but and _as_json(getattr(row, name)) == after:
            setattr(row, name, from_json(field, before))
            names.append(field.name)
    if names:
        row.save(update_fields=names)


def _as_json(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def from_json(field: Any, value: Any) -> Any:
    """A value as it stood in the column."""
    return value if value is None or isinstance(field, JSONField) else field.to_python(value)
