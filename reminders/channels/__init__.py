"""The ways to reach a patient: one folder each, one small class each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from reminders.channels.email import EmailChannel
from reminders.channels.errors import ChannelError, Interrupted
from reminders.channels.push import PushChannel
from reminders.models import ChannelName, Delivery, ReminderRule


class Call(Protocol):
    """One call, all that it needs known. Several are made at once, each in a thread, so `make` touches no database."""

    def make(self) -> None:
        """Send. Raises ChannelError when it may be tried again, Interrupted when nobody can know what became of it."""
        ...

    def told(self) -> str:
        """After `make`, where the database is: write down what was learnt, and return what the other side answered.

        Raises ChannelError.
        """
        ...


class Channel(Protocol):
    repeatable: ClassVar[bool]
    """Whether the same delivery may go out twice and is seen once."""

    def prepare(self, delivery: Delivery, rule: ReminderRule) -> Call:
        """`rule.patient` and `delivery.occurrence` are loaded. Raises ChannelError when there is nobody to call."""
        ...


CHANNELS: Mapping[str, Channel] = {ChannelName.PUSH: PushChannel(), ChannelName.EMAIL: EmailChannel()}

__all__ = ["CHANNELS", "Call", "Channel", "ChannelError", "Interrupted"]
