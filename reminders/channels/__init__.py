"""The ways to reach a patient: one folder each, one small class each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from reminders.channels.email import EmailChannel
from reminders.channels.errors import ChannelError, Interrupted
from reminders.channels.push import PushChannel
from reminders.models import ChannelName, Delivery, ReminderRule


class Channel(Protocol):
    repeatable: ClassVar[bool]
    """Whether the same delivery may go out twice and is seen once."""

    def send(self, delivery: Delivery, rule: ReminderRule) -> str:
        """Send, and return what the other side answered. `rule.patient` and `delivery.occurrence` are loaded.

        Raises ChannelError when it may be tried again, Interrupted when nobody can know what became of it.
        """
        ...


CHANNELS: Mapping[str, Channel] = {ChannelName.PUSH: PushChannel(), ChannelName.EMAIL: EmailChannel()}

__all__ = ["CHANNELS", "Channel", "ChannelError", "Interrupted"]
