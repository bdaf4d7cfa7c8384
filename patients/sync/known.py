"""What the server knows already about the ids in a call: three small looks, whatever the length of the history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import DateField, DateTimeField, F, Q, UUIDField, Value

from exercises.models import Exercise
from patients.models import Entry, HeldItem, ItemKind, Patient, Plan
from patients.sync.fields import ItemError, error
from patients.sync.items import Item, Session
from programs.models import Prescription

HELD = "held"


@dataclass
class StoredItem:
    """An entry as far as decisions need it. `row` is there when this very call has made or loaded it."""

    pk: uuid.UUID
    uid: uuid.UUID
    kind: str
    digest: str
    edited_at: dt.datetime | None
    voided: bool
    happened_at: dt.datetime
    local_date: dt.date
    row: Entry | None = None
    from_staff: bool = False


@dataclass
class HeldRow:
    pk: uuid.UUID
    digest: str
    open: bool


@dataclass(frozen=True)
class Asked:
    """A prescription of one of the patient's plans, under whichever revision."""

    id: uuid.UUID
    key: uuid.UUID
    exercise: uuid.UUID
    sets: int
    reps: int | None
    hold_s: int | None


@dataclass
class Known:
    entries: dict[uuid.UUID, StoredItem] = field(default_factory=dict)
    voided: set[uuid.UUID] = field(default_factory=set)  # ids that a void names, whether they came or not
    held: dict[uuid.UUID | None, list[HeldRow]] = field(default_factory=lambda: defaultdict(list))
    coming: dict[uuid.UUID, str] = field(default_factory=dict)  # id → type of what is in this call and can be read
    plans: dict[uuid.UUID, dt.date | None] = field(default_factory=dict)  # plan → ended_on
    asked: dict[uuid.UUID, dict[uuid.UUID, Asked]] = field(default_factory=lambda: defaultdict(dict))  # by plan
    variants: set[uuid.UUID] = field(default_factory=set)

    def objections(self, item: Item, local_date: dt.date) -> list[ItemError]:
        """Every id inside an item must be the patient's own (STYLE.md 21)."""
        errors = self._of_session(item, local_date) if isinstance(item, Session) else []
        if item.about is not None and not self._own(*item.about):
            kind, attr = item.about[0], "about.id" if item.kind == ItemKind.MESSAGE else item.about[0]
            errors.append(error(f"unknown_{kind}", f"The patient has no such {kind}.", attr))
        return errors

    def _of_session(self, session: Session, local_date: dt.date) -> list[ItemError]:
        if session.plan not in self.plans:
            return [error("unknown_plan", "The patient has no such plan.", "plan")]
        ended_on = self.plans[session.plan]
        if ended_on is not None and local_date > ended_on:
            # "Ended since" counts from when the exercise was done (RULINGS.md).
            return [error("plan_ended", f"The plan had ended on {ended_on}, before this was done.", "plan")]
        errors = []
        for index, one in enumerate(session.exercises):
            if one.prescription not in self.asked[session.plan]:
                attr = f"exercises.{index}.prescription"
                errors.append(error("unknown_prescription", "The plan never had this prescription.", attr))
            if one.variant is not None and one.variant not in self.variants:
                attr = f"exercises.{index}.variant"
                errors.append(error("unknown_exercise", "There is no such exercise for this patient.", attr))
        return errors

    def _own(self, kind: str, id_: uuid.UUID) -> bool:
        if kind == "prescription":
            return any(id_ in asked for asked in self.asked.values())
        if id_ in self.entries:
            return self.entries[id_].kind == kind
        # What is held is the patient's own as well, and must not drag along what speaks of it.
        return self.coming.get(id_) == kind or id_ in self.held


def look_up(patient: Patient, items: Sequence[Item], ids: Iterable[uuid.UUID], idless: Iterable[str]) -> Known:
    """`ids`: of every item of the call that has one, readable or not; `idless`: digests of those that have none."""
    known = Known(coming={item.id: item.kind.value for item in items})
    _read_log(known, patient, items, set(ids), set(idless))
    prescriptions = {one.prescription for item in items if isinstance(item, Session) for one in item.exercises}
    prescriptions |= {item.about[1] for item in items if item.about is not None and item.about[0] == "prescription"}
    if prescriptions:
        _read_prescriptions(known, patient, prescriptions)
    plans = {item.plan for item in items if isinstance(item, Session)} - set(known.plans)
    if plans:
        known.plans.update(Plan.objects.filter(patient=patient, pk__in=plans).values_list("pk", "ended_on"))
    variants = {one.variant for item in items if isinstance(item, Session) for one in item.exercises if one.variant}
    if variants:
        visible = Q(owner=None) | Q(owner=patient.clinic_id)
        known.variants.update(Exercise.objects.filter(visible, pk__in=variants).values_list("pk", flat=True))
    return known


def _read_log(known: Known, patient: Patient, items: Sequence[Item], ids: set[uuid.UUID], idless: set[str]) -> None:
    """Entries and held items in one query."""
    named = ids | {item.target for item in items if item.target is not None}
    named |= {item.about[1] for item in items if item.about is not None}
    if not named and not idless:
        return
    entries = Entry.objects.filter(Q(uid__in=named) | Q(target__in=named), patient=patient).values_list(
        *("uid", "id", "kind", "digest", "edited_at", "voided_at", "happened_at", "local_date", "target"),
        "from_staff",
    )
    held = (
        HeldItem.objects.filter(Q(uid__in=named) | Q(uid=None, digest__in=idless), patient=patient)
        .annotate(
            source=Value(HELD),
            no_edit=Value(None, output_field=DateTimeField()),
            no_date=Value(None, output_field=DateField()),
            no_target=Value(None, output_field=UUIDField()),
            no_staff=Value(False),
            gone=F("closed_at"),
        )
        .values_list(
            "uid", "id", "source", "digest", "no_edit", "gone", "received_at", "no_date", "no_target", "no_staff"
        )
    )
    rows: Iterable[tuple[Any, ...]] = entries.union(held, all=True)
    for uid, pk, kind, digest, edited_at, gone, at, local_date, target, from_staff in rows:
        if kind == HELD:
            known.held[uid].append(HeldRow(pk, digest, gone is None))
            continue
        known.entries[uid] = StoredItem(
            pk, uid, kind, digest, edited_at, gone is not None, at, local_date, from_staff=bool(from_staff)
        )
        if target is not None:
            known.voided.add(target)


def _read_prescriptions(known: Known, patient: Patient, ids: set[uuid.UUID]) -> None:
    rows = Prescription.objects.filter(pk__in=ids, phase__program__revisions__plan__patient=patient).values_list(
        *("id", "key", "exercise_id", "dose"),
        *("phase__program__revisions__plan_id", "phase__program__revisions__plan__ended_on"),
    )
    for pk, key, exercise, dose, plan, ended_on in rows:
        known.plans[plan] = ended_on
        known.asked[plan][pk] = Asked(pk, key, exercise, dose["sets"], dose.get("reps"), dose.get("hold_s"))
