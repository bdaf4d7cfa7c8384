"""By which channels patients can be reached, and why not by the others."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from patients.models import Patient
from reminders import subscriptions
from reminders.channels.email.transport import with_address
from reminders.models import ChannelName, ChannelOff, OffReason

READY, NO_ADDRESS, NO_SUBSCRIPTION = "ready", "no_address", "no_subscription"
STATES = (READY, NO_ADDRESS, NO_SUBSCRIPTION, *OffReason.values)


def channel_states(patients: Collection[Patient]) -> dict[uuid.UUID, list[dict[str, str]]]:
    """Each channel of each patient, by the patient's id: ready, or why not. Three queries, however many."""
    ids = [patient.pk for patient in patients]
    rows = ChannelOff.objects.filter(patient__in=ids).values_list("patient", "channel", "reason")
    off = {(patient, channel): reason for patient, channel, reason in rows}
    addressed = with_address(patients)
    subscribed = set(subscriptions.live().filter(patient__in=ids).values_list("patient", flat=True))
    found = {}
    for pk in ids:
        push = off.get((pk, ChannelName.PUSH)) or (READY if pk in subscribed else NO_SUBSCRIPTION)
        email = off.get((pk, ChannelName.EMAIL)) or (READY if pk in addressed else NO_ADDRESS)
        found[pk] = [{"name": ChannelName.PUSH, "state": push}, {"name": ChannelName.EMAIL, "state": email}]
    return found
