"""The browsers that may be pushed to: taken up, replaced, ended."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from patients.models import Patient, PatientAccess
from reminders.clock import database_now
from reminders.models import ChannelName, PushSubscription
from reminders.rules import put_push_first, switch_on

# A household's phones, tablets and browsers, with room; whoever has more has forgotten the oldest.
MOST = 20

SIGNED_OUT = "signed out"
TURNED_OFF = "turned off on the phone"
REPLACED = "the phone subscribed anew"
CHANGED_HANDS = "another account uses this browser now"
TOO_MANY = "newer phones took its place"


def active(patient: Patient) -> QuerySet[PushSubscription]:
    return patient.push_subscriptions.filter(ended_at=None)


def live() -> QuerySet[PushSubscription]:
    """Those of accounts that still have access to the record."""
    access = PatientAccess.objects.filter(user=OuterRef("user"), patient=OuterRef("patient"), ended_at=None)
    return PushSubscription.objects.filter(Exists(access), ended_at=None, user__is_active=True)


def reachable(patient: Patient) -> QuerySet[PushSubscription]:
    """The patient's, oldest first."""
    return live().filter(patient=patient).order_by("created_at", "id")


@transaction.atomic
def subscribe(
    patient: Patient, user: User, *, endpoint: str, p256dh: str, auth: str, device: uuid.UUID | None = None
) -> tuple[PushSubscription, bool]:
    """Take a browser up; whether it is new. One that is known gets its keys renewed.

    The first phone ever puts push before e-mail in rules that nobody gave other channels, and any phone switches a
    channel on again that a push service had refused.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    everybodys = PushSubscription.objects.filter(endpoint=endpoint, ended_at=None)
    end(everybodys.exclude(user=user), CHANGED_HANDS)
    if device is not None:
        end(active(patient).filter(user=user, device=device).exclude(endpoint=endpoint), REPLACED)
    first = not patient.push_subscriptions.exists()
    facts = {"user": user, "device": device, "p256dh": p256dh, "auth": auth}
    subscription, new = active(patient).get_or_create(endpoint=endpoint, defaults={"patient": patient, **facts})
    if not new:
        active(patient).filter(pk=subscription.pk).update(**facts)
    end(active(patient).order_by("-created_at", "-id")[MOST:], TOO_MANY)
    if first:
        put_push_first(patient)
    switch_on(patient, {ChannelName.PUSH})
    return subscription, new


def end(those: QuerySet[PushSubscription] | Collection[PushSubscription], reason: str) -> None:
    """Use them no more. The rows stay for the proof; doing it twice keeps the first reason."""
    ids = [one.pk for one in those]
    if ids:
        rows = PushSubscription.objects.filter(pk__in=ids, ended_at=None)
        rows.update(ended_at=database_now(), end_reason=reason[:200])


def reached(those: Collection[PushSubscription]) -> None:
    if those:
        PushSubscription.objects.filter(pk__in=[one.pk for one in those]).update(last_success_at=database_now())
