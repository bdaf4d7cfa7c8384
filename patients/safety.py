"""Safety stops at once: answers that lock the exercises, in the transaction that stores them.

A red flag locks until a clinician unlocks; a stop (R06, pain of 8 or more) ends at local midnight. A void of the
answer lifts neither. The phone does the same from the same data without a network.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import access
from accounts.models import User
from patients import alerts, days, flags, redflags
from patients.models import Entry, Flag, FlagKind, Lock, LockKind, Patient, Urgency
from patients.pain_rule import STOP_PAIN
from patients.sync.items import Checkin, Item

NEXT_STEP = "Call the patient. Exercises stay locked until a therapist or an owner unlocks them with a note."
# Own words [D]: what remains to be done where nothing is locked, and once somebody has unlocked.
NOT_LOCKED = "Ask the patient about this answer. Exercises are not locked."
UNLOCKED = "Exercises are unlocked. Settle this with a note when nothing more is to be done."


@dataclass(frozen=True)
class Danger:
    """`signs`: ticked warning signs. `stop`: why the exercises end for the day, as keys, or nothing."""

    signs: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.signs or self.stop)


def danger_in(item: Item) -> Danger:
    stop = ["pain"] if any(pain >= STOP_PAIN for pain in item.pains) else []
    if not isinstance(item, Checkin):
        return Danger(stop=tuple(stop))
    # R06 (RULINGS.md, pain rule): leg symptoms lower for more than 30 minutes, a new numb area, or weakness.
    r06 = {"q_leg_30min": "yes", "q_numb_new": "yes", "q_weak": "yes"}
    stop += [name for name, answer in r06.items() if item.answers.get(name) == answer]
    signs = dict.fromkeys((*(item.answers.get("q_redflag") or ()), *_implied(item.answers)))
    return Danger(tuple(signs), tuple(stop))


def _implied(answers: Mapping[str, Any]) -> list[str]:
    """A numb saddle is a sign of RF1 whatever the list says. The phone ticks it by itself; paper does not."""
    numb = answers.get("q_numb_where") or () if answers.get("q_numb_new") == "yes" else ()
    return ["RF1.saddle"] if "saddle" in numb else []


def respond(patient: Patient, found: Sequence[tuple[Entry, Danger]]) -> None:
    """Lock and flag. The caller holds the lock on the patient's row and has stored the entries."""
    for entry, danger in found:
        if danger.signs:
            _answer_signs(patient, entry, list(danger.signs))
        if danger.stop:
            _stop_until_midnight(patient, entry)
    if found:
        days.reopen(patient, min(entry.local_date for entry, _ in found))


def _answer_signs(patient: Patient, entry: Entry, signs: list[str]) -> None:
    if redflags.locks(signs) and not Lock.objects.filter(patient=patient, entry=entry, kind=LockKind.RED_FLAG).exists():
        Lock.objects.create(
            patient=patient,
            kind=LockKind.RED_FLAG,
            since=entry.happened_at,
            from_date=entry.local_date,
            entry=entry,
        )
        _record(patient, "lock", entry)
    told = _signs_told(patient)
    locked = redflags.locks(signs)
    step = NEXT_STEP if locked else NOT_LOCKED
    flag = flags.raise_flag(patient, FlagKind.RED_FLAG, redflags.urgency(signs), _evidence(entry, signs), step)
    if locked and flag.next_step != step:  # the urgency had not risen: unlocked before, or a sign that locks nothing
        flag.next_step = step
        flag.save(update_fields=["next_step"])
    # An emergency cannot become more urgent, yet whoever has seen one sign has not seen the next.
    new = sorted(set(signs) - told)
    if new and (redflags.locks(new) or redflags.urgency(new) in alerts.ALERTING):
        alerts.again(flag)


def _signs_told(patient: Patient) -> set[str]:
    """What the open flag says already."""
    found = Flag.objects.filter(patient=patient, kind=FlagKind.RED_FLAG, resolved_at=None).values_list("evidence")
    return {sign for (evidence,) in found for one in evidence for sign in one.get("answers", ())}


def _stop_until_midnight(patient: Patient, entry: Entry) -> None:
    """One stop a date is enough, whatever brings the next reason."""
    date = entry.local_date
    if Lock.objects.filter(patient=patient, kind=LockKind.STOP, from_date=date, to_date=date).exists():
        return
    midnight = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zoneinfo.ZoneInfo(entry.timezone))
    Lock.objects.create(
        patient=patient,
        kind=LockKind.STOP,
        since=entry.happened_at,
        from_date=date,
        until=midnight,
        to_date=date,
        entry=entry,
    )
    _record(patient, "lock", entry)


def _evidence(entry: Entry, signs: list[str]) -> dict[str, Any]:
    uid = str(entry.uid)
    return {"id": uid, "entry": uid, "date": entry.local_date.isoformat(), "answers": signs}


def _record(patient: Patient, action: str, entry: Entry) -> None:
    access.record(
        action, by=entry.sent_by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, entry=str(entry.uid)
    )


def in_force(now: dt.datetime | None = None) -> Q:
    """Locks that hold at this moment."""
    return Q(until=None) | Q(until__gt=now or timezone.now())


@transaction.atomic
def unlock(patient: Patient, *, by: User, note: str) -> list[Lock]:
    """End every lock that is in force; today's exercises are due again. Returns the locks that were ended.

    Who lifts a red flag's lock has seen the flag, which ends the alert of the staff. The flag stays to be settled.
    """
    patient = days.locked(patient.pk)
    now = timezone.now()
    today = days.local_today(patient, now)
    ended = list(Lock.objects.filter(in_force(now), patient=patient))
    for lock in ended:
        lock.until, lock.unlocked_by, lock.unlock_note = now, by, note
        # Up to yesterday the lock excuses what was not done; today is open again.
        lock.to_date = max(today - dt.timedelta(days=1), lock.from_date - dt.timedelta(days=1))
        lock.save(update_fields=["until", "to_date", "unlocked_by", "unlock_note"])
    if ended:
        access.record("unlock", by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, locks=len(ended))
        days.reopen(patient, min(lock.from_date for lock in ended))
        days.touch(patient)
    if any(lock.kind == LockKind.RED_FLAG for lock in ended):
        for flag in Flag.objects.filter(patient=patient, kind=FlagKind.RED_FLAG, resolved_at=None):
            alerts.acknowledge(flag, by=by)
            flag.next_step = UNLOCKED
            flag.save(update_fields=["next_step"])
    if ended:
        # Who lifts a stop has spoken with the patient: the same day's alerts of what caused it have been seen.
        caused = (FlagKind.PAIN_ABOVE_RULE, FlagKind.LEG_SYMPTOMS)
        for flag in Flag.objects.filter(patient=patient, kind__in=caused, resolved_at=None, urgency=Urgency.SAME_DAY):
            alerts.acknowledge(flag, by=by)
    return ended
