"""How a channel says that it did not send. The difference decides whether it may be tried again."""

from __future__ import annotations

import datetime as dt


class ChannelError(Exception):
    """Nothing went out, or what did may go out again without harm (a push, whose topic replaces the one before).

    `permanent`: and it never will, so the channel is switched off. `again` False: another attempt of today would end
    alike. `wait`: what the other side asked for before one.
    """

    def __init__(
        self, outcome: str, *, permanent: bool = False, again: bool = True, wait: dt.timedelta | None = None
    ) -> None:
        super().__init__(outcome)
        self.permanent = permanent
        self.again = again and not permanent
        self.wait = wait or dt.timedelta()


class Interrupted(Exception):  # noqa: N818 (an end that is not known, rather than an error)
    """The connection broke in the middle: it may have gone out. Never tried again by an at-most-once channel."""
