"""Who is answerable for a patient: the responsible therapist, or whoever stands in; and handing over."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import CLINICIANS, Clinic, Membership, User
from patients import days
from patients.models import Patient, RecordEventKind
from patients.record.events import note_down, open_record

# From the date line's first midnight to its last, a date is "today" somewhere: UTC+14 to UTC−12.
EASTERNMOST, WESTERNMOST = dt.timedelta(hours=14), dt.timedelta(hours=-12)


def clinicians(clinic_id: uuid.UUID) -> QuerySet[Membership]:
    """Those who may answer for patients of the clinic: whoever may prescribe there, since the answer to an alert is
    often a change of plan."""
    return Membership.objects.filter(clinic=clinic_id, role__in=CLINICIANS, ended_at=None).select_related("user")


def answerable_on(patient: Patient, date: dt.date) -> User | None:
    """Who is to be told on this date (the clinic's calendar, `clinic_today`): the cover if it reaches over the date,
    else the responsible therapist; never somebody who has left the clinic or may not prescribe there any more. None:
    nobody in person, so the clinic's escalation contact has to answer. One query.
    """
    asked = [patient.responsible_id]
    cover = patient.cover
    if cover is not None and cover["from"] <= date.isoformat() <= cover["to"]:
        asked.insert(0, uuid.UUID(cover["staff"]))
    here = {one.user_id: one.user for one in clinicians(patient.clinic_id).filter(user__in=asked)}
    return next((here[one] for one in asked if one in here), None)


def clinic_today(clinic: Clinic, now: dt.datetime | None = None) -> dt.date:
    return (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(clinic.timezone)).date()


def looked_after_by(patients: QuerySet[Patient], user_id: uuid.UUID) -> QuerySet[Patient]:
    """Narrowed to those whom this person is responsible for, or stands in for today. No further query: a list of
    several clinics' patients takes a cover to hold as long as its date is today anywhere."""
    now = timezone.now()
    latest, earliest = ((now + off).date().isoformat() for off in (EASTERNMOST, WESTERNMOST))
    # Stored as ISO texts, which sort as dates do; cast, since a comparison of JSON would take them for numbers.
    named = {f"cover_{name}": Cast(KT(f"cover__{name}"), TextField()) for name in ("staff", "from", "to")}
    covered = patients.alias(**named)
    stands_in = Q(cover_staff=str(user_id), cover_from__lte=latest, cover_to__gte=earliest)
    return covered.filter(Q(responsible=user_id) | stands_in)


@transaction.atomic
def transfer(patient: Patient, *, to: User, by: User, note: str) -> Patient:
    """Hand the patient over to a colleague who may prescribe in the clinic. A cover ends: it stood in for the one who
    gives the patient away. The same request again changes nothing. Raises Conflict `patient_closed`."""
    patient = open_record(patient)
    if patient.responsible_id == to.pk and patient.cover is None:
        return patient
    before = patient.responsible_id
    patient.responsible, patient.cover = to, None
    patient.save(update_fields=["responsible", "cover"])
    parties = {"from": None if before is None else str(before), "to": str(to.pk)}
    note_down(patient, RecordEventKind.TRANSFER, by=by, note=note, **parties)
    days.touch(patient)  # the phone names the therapist
    return patient
