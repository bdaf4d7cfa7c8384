"""Writing what was decided: one transaction under the patient's lock, in bulk.

What one session of six exercises costs (pinned in tests/patients/test_sync_cost.py): the patient with access and phone,
ids, prescriptions, two inserts, the days with their log, their update, the patient's update, and the transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, FilteredRelation, JSONField, Q, Value

from accounts.api.errors import Conflict
from accounts.models import User
from patients import days, held, messages, safety
from patients.models import (
    Entry,
    EntryVersion,
    ExerciseLog,
    HeldItem,
    ItemKind,
    Patient,
    PatientStatus,
)
from patients.review import due
from patients.sync import contact
from patients.sync.clock import Times, times_of
from patients.sync.decide import Status, decide
from patients.sync.envelope import Envelope
from patients.sync.fields import ItemError, UnreadableError, error
from patients.sync.items import Item, Session, digest_of, item_id, parse
from patients.sync.known import HeldRow, Known, StoredItem, look_up

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """The answer for one item. An item without a readable id has none."""

    index: int
    id: uuid.UUID | None
    status: Status
    late: bool = False
    errors: tuple[ItemError, ...] = ()


@dataclass(frozen=True)
class Sender:
    """Who sends: a phone's account, or staff who enter what a patient wrote on paper. Without `hold` a refused item is
    only answered: whoever filled in a form still has it and corrects it there."""

    user: User
    paper: bool = False
    hold: bool = True

    @property
    def entered_by(self) -> User | None:
        return self.user if self.paper else None


def receive(envelope: Envelope, sender: Sender) -> list[Result]:
    """Store the items of a call; each has its own answer, in their order.

    All or nothing: if the process dies in between, nothing of the call is stored and the phone sends it again. When
    the database refuses a bulk write, each item is written on its own, and the one at fault is held.
    Raises Conflict `wrong_patient` (409) when the sender may not write for this patient.
    """
    try:
        with transaction.atomic():
            patient = _locked_patient(envelope, sender)
            return _take(envelope, sender, patient, list(enumerate(envelope.items)))
    except (DataError, IntegrityError):
        log.exception("a sync of patient %s could not be written in bulk", envelope.patient)
    with transaction.atomic():
        return _one_by_one(envelope, sender, _locked_patient(envelope, sender))


def _one_by_one(envelope: Envelope, sender: Sender, patient: Patient) -> list[Result]:
    results = []
    for index, raw in enumerate(envelope.items):
        try:
            with transaction.atomic():
                results += _take(envelope, sender, patient, [(index, raw)])
        except (DataError, IntegrityError):
            batch = Batch(envelope, sender, patient, Known())
            detail = "The server could not keep this as it is. Your clinic can see it."
            results.append(batch.hold(index, raw, (error("not_storable", detail),)))
            batch.write()
    return results


def _locked_patient(envelope: Envelope, sender: Sender) -> Patient:
    """Access, lock and the phone's row in one look: two devices of one patient take turns from here on."""
    patient = _lock(envelope, sender)
    if patient is None or patient.status == PatientStatus.MERGED:
        # The record may have been merged while this call waited for its row: whom does the phone mean now?
        patient = _lock(envelope, sender)
    if patient is None or patient.status == PatientStatus.MERGED:
        detail = "This account may not write for this patient. Nothing was stored."
        raise Conflict(detail, "wrong_patient")
    return patient


def _lock(envelope: Envelope, sender: Sender) -> Patient | None:
    if sender.paper:
        patients = Patient.objects.for_staff(sender.user).filter(pk=envelope.patient)
    else:
        patients = Patient.objects.named_by_phone(sender.user, envelope.patient)
    return (
        patients.annotate(this_phone=FilteredRelation("phones", condition=Q(phones__device=envelope.device)))
        .annotate(
            phone_pending=F("this_phone__pending"),
            phone_pending_since=F("this_phone__pending_since"),
            phone_zone=F("this_phone__timezone"),
            phone_heard=F("this_phone__last_sync_at"),
        )
        .select_for_update(of=("self",))
        .first()
    )


def _take(envelope: Envelope, sender: Sender, patient: Patient, raws: Sequence[tuple[int, Any]]) -> list[Result]:
    readable: list[tuple[int, Any, Item]] = []
    unreadable: list[tuple[int, Any, tuple[ItemError, ...]]] = []
    for index, raw in raws:
        try:
            readable.append((index, raw, parse(raw)))
        except UnreadableError as refused:
            unreadable.append((index, raw, tuple(refused.errors)))
    ids = {id_ for _, raw in raws if (id_ := item_id(raw)) is not None}
    idless = {digest_of(raw) for _, raw, _ in unreadable if item_id(raw) is None}
    known = look_up(patient, [item for *_, item in readable], ids, idless)
    batch = Batch(envelope, sender, patient, known)
    results = [batch.hold(index, raw, errors) for index, raw, errors in unreadable]
    results += [batch.take(index, raw, item) for index, raw, item in readable]
    batch.write()
    return sorted(results, key=lambda result: result.index)


@dataclass
class Batch:
    """The writes of one call, collected while deciding. Decisions see what earlier items of the call did."""

    envelope: Envelope
    sender: Sender
    patient: Patient
    known: Known
    entries: list[Entry] = field(default_factory=list)
    logs: dict[uuid.UUID, list[ExerciseLog]] = field(default_factory=dict)  # by entry: what is in force after this
    amended: dict[uuid.UUID, Entry] = field(default_factory=dict)
    versions: list[EntryVersion] = field(default_factory=list)
    voided: set[uuid.UUID] = field(default_factory=set)
    held: list[HeldItem] = field(default_factory=list)
    settled: set[uuid.UUID] = field(default_factory=set)  # held rows that close
    dates: set[dt.date] = field(default_factory=set)
    dangers: list[tuple[Entry, safety.Danger]] = field(default_factory=list)
    messages: list[Entry] = field(default_factory=list)
    unsaid: set[uuid.UUID] = field(default_factory=set)  # messages that were taken back
    answered: bool = False  # a check-in came, changed or went

    @property
    def now(self) -> dt.datetime:
        return self.envelope.clock.received_at

    # ---- deciding ---------------------------------------------------------------------------------------------------
    def take(self, index: int, raw: Any, item: Item) -> Result:
        times = times_of(item, self.envelope.clock)
        digest = item.digest()
        decision = decide(item, digest, times, self.known, self.envelope.clock)
        match decision.status:
            case Status.HELD:
                return self.hold(index, raw, decision.errors)
            case Status.STORED:
                self._store(raw, item, digest, times)
            case Status.AMENDED:
                self._amend(raw, item, digest, times)
            case Status.SUPERSEDED if decision.existing is None:
                self._store(raw, item, digest, times, voided=True)
            case Status.SUPERSEDED:
                self._keep_older(raw, item, digest, times)
        return Result(index, item.id, decision.status, times.late)

    def hold(self, index: int, raw: Any, errors: tuple[ItemError, ...]) -> Result:
        """Keep what cannot be accepted, once. What was settled meanwhile (corrected or withdrawn) stays settled."""
        uid, digest = item_id(raw), digest_of(raw)
        if not self.sender.hold:
            return Result(index, uid, Status.HELD, errors=errors)
        rows = self.known.held[uid]
        same = next((row for row in rows if row.digest == digest), None)
        settled = (same is not None and not same.open) or (uid is not None and uid in self.known.voided)
        if same is None:
            if uid is not None and not settled:
                self._settle(uid)
            row = HeldItem(
                patient=self.patient,
                uid=uid,
                # A bare null is kept as JSON's null; Django would make it a missing value.
                payload=Value(None, JSONField()) if raw is None else raw,
                digest=digest,
                errors=list(errors),
                device=self.envelope.device,
                received_at=self.now,
                closed_at=self.now if settled else None,
            )
            self.held.append(row)
            rows.append(HeldRow(row.pk, digest, open=not settled))
        return Result(index, uid, Status.SUPERSEDED) if settled else Result(index, uid, Status.HELD, errors=errors)

    def _store(self, raw: Any, item: Item, digest: str, times: Times, *, voided: bool = False) -> None:
        entry = Entry(
            patient=self.patient,
            uid=item.id,
            kind=item.kind,
            device=self.envelope.device,
            sent_by=self.sender.user,
            entered_by=self.sender.entered_by,
            target=item.target,
            voided_at=self.now if voided else None,
        )
        self._say(entry, raw, item, digest, times)
        self.entries.append(entry)
        self.known.entries[item.id] = StoredItem(
            entry.pk, item.id, item.kind, digest, times.edited_at, voided, times.happened_at, times.local_date, entry
        )
        self._settle(item.id)
        if item.target is not None:
            self._void(item.target)
        if not voided:
            self._in_force(entry, item)

    def _amend(self, raw: Any, item: Item, digest: str, times: Times) -> None:
        existing = self.known.entries[item.id]
        entry = self._row(existing)
        self._keep(entry.payload, entry.digest, entry.edited_at, entry.received_at, entry)
        self.dates.add(entry.local_date)
        self._say(entry, raw, item, digest, times)
        # The therapist saw what it said before, not what it says now.
        entry.seen_at = entry.seen_by = None
        self.known.entries[item.id] = replace(
            existing, digest=digest, edited_at=times.edited_at, local_date=times.local_date, row=entry
        )
        if entry._state.adding is False:
            self.amended[entry.pk] = entry
        self._settle(item.id)
        self._in_force(entry, item)

    def _keep_older(self, raw: Any, item: Item, digest: str, times: Times) -> None:
        """An older wording that arrives after a newer one is no news, but it is not thrown away either."""
        entry = self._row(self.known.entries[item.id])
        before = {version.digest for version in self.versions if version.entry_id == entry.pk}
        if digest not in before and (entry._state.adding or not entry.versions.filter(digest=digest).exists()):
            self._keep(raw, digest, times.edited_at, self.now, entry)

    def _void(self, uid: uuid.UUID) -> None:
        self.known.voided.add(uid)
        self._settle(uid)
        target = self.known.entries.get(uid)
        if target is None or target.voided:
            return
        target.voided = True
        if target.row is not None:
            target.row.voided_at = self.now
        self.voided.add(target.pk)
        self.answered |= target.kind == ItemKind.CHECKIN
        if target.kind == ItemKind.MESSAGE:
            self.unsaid.add(uid)
        self.dates.add(target.local_date)
        self.logs[target.pk] = []

    def _row(self, stored: StoredItem) -> Entry:
        if stored.row is None:
            stored.row = Entry.objects.get(pk=stored.pk)
        return stored.row

    def _settle(self, uid: uuid.UUID) -> None:
        """Close the held rows of an id."""
        for row in self.known.held.get(uid, []):
            if row.open:
                row.open = False
                self.settled.add(row.pk)

    def _keep(
        self, payload: Any, digest: str, edited_at: dt.datetime | None, received_at: dt.datetime, entry: Entry
    ) -> None:
        self.versions.append(
            EntryVersion(entry=entry, payload=payload, digest=digest, edited_at=edited_at, received_at=received_at)
        )

    def _say(self, entry: Entry, raw: Any, item: Item, digest: str, times: Times) -> None:
        """Write into the entry what the item says."""
        entry.payload, entry.digest = raw, digest
        entry.happened_at, entry.happened_at_raw = times.happened_at, times.happened_at_raw
        entry.utc_offset_min, entry.timezone = times.utc_offset_min, self.envelope.tz
        entry.local_date, entry.late = times.local_date, times.late
        entry.logged_at, entry.edited_at, entry.received_at = times.logged_at, times.edited_at, self.now
        entry.pain_max, entry.pain_last = max(item.pains, default=None), item.pain_last
        if isinstance(item, Session):
            entry.plan_id, entry.effort = item.plan, item.effort

    def _in_force(self, entry: Entry, item: Item) -> None:
        """What follows from an entry that counts: its facts, its date, and what it says about danger."""
        self.dates.add(entry.local_date)
        self.answered |= item.kind == ItemKind.CHECKIN
        if item.kind == ItemKind.MESSAGE:
            self.messages.append(entry)
        if isinstance(item, Session):
            self.logs[entry.pk] = [self._log(entry, item, n) for n in range(len(item.exercises))]
        if danger := safety.danger_in(item):
            self.dangers.append((entry, danger))

    def _log(self, entry: Entry, session: Session, n: int) -> ExerciseLog:
        one = session.exercises[n]
        asked = self.known.asked[session.plan][one.prescription]
        return ExerciseLog(
            entry=entry,
            uid=one.id,
            prescription_id=one.prescription,
            key=asked.key,
            slot=one.slot,
            side=one.side,
            variant_id=one.variant,
            asked_sets=asked.sets,
            asked_reps=asked.reps,
            asked_hold_s=asked.hold_s,
            sets_done=one.sets_done,
            reps=list(one.reps),
            hold_s=one.hold_s,
            load_kg=one.load_kg,
            pain=one.pain,
            difficulty=one.difficulty,
            skipped=one.skipped,
        )

    # ---- writing ----------------------------------------------------------------------------------------------------
    def write(self) -> None:
        """In the order of the foreign keys; queries only for what there is."""
        if self.entries:
            Entry.objects.bulk_create(self.entries)
        stale = {*self.amended, *self.voided} - {entry.pk for entry in self.entries}
        if stale:
            ExerciseLog.objects.filter(entry__in=stale).delete()
        for entry in self.amended.values():
            entry.save()
        if self.voided:
            Entry.objects.filter(pk__in=self.voided).update(voided_at=self.now)
        logs = [log for of_entry in self.logs.values() for log in of_entry]
        if logs:
            ExerciseLog.objects.bulk_create(logs)
        if self.versions:
            EntryVersion.objects.bulk_create(self.versions)
        self._write_held()
        today = days.local_today(self.patient, self.now)
        days.recompute(self.patient, self.dates, today=today)
        safety.respond(self.patient, self.dangers)
        if self.messages or self.unsaid:
            messages.follow(self.patient, self.messages, self.unsaid)
        if self.answered:
            days.lay_out_optional(self.patient, today)
        contact.write(
            self.patient,
            self.envelope,
            by=self.sender.user,
            paper=self.sender.paper,
            heard=[entry.happened_at for entry in (*self.entries, *self.amended.values())],
            changed=bool(self.dates or self.dangers),
        )
        if any(danger.stop for _, danger in self.dangers):
            due.at_once(self.patient)

    def _write_held(self) -> None:
        if self.held:
            HeldItem.objects.bulk_create(self.held)
        if self.settled:
            HeldItem.objects.filter(pk__in=self.settled).update(closed_at=self.now)
        left = [item for item in self.held if item.closed_at is None and item.pk not in self.settled]
        if left:
            held.tell(self.patient, left, self.envelope.clock.today())
        elif self.settled and not HeldItem.objects.filter(patient=self.patient, closed_at=None).exists():
            held.settled(self.patient, self.now)
