"""The ways to reach a patient: one folder each, one small class each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from reminders.channels.email import EmailChannel
from reminders.channels.errors import ChannelError, Interrupted
from reminders.models import ChannelName, Delivery, ReminderRule


class Channel(Protocol):
    def send(self, delivery: Delivery, rule: ReminderRule) -> str:
        """Send, and return what the other side answered. `rule.patient` and `delivery.occurrence` are loaded.

        Raises ChannelError when certainly nothing went out, Interrupted when that is not known.
        """
        ...


CHANNELS: Mapping[str, Channel] = {ChannelName.EMAIL: EmailChannel()}

__all__ = ["CHANNELS", "Channel", "ChannelError", "Interrupted"]
