"""How a channel says that it did not send. The difference decides whether it may be tried again."""

from __future__ import annotations


class ChannelError(Exception):
    """Certainly nothing went out. `permanent`: and it never will, so the channel is switched off."""

    def __init__(self, outcome: str, *, permanent: bool = False) -> None:
        super().__init__(outcome)
        self.permanent = permanent


class Interrupted(Exception):  # noqa: N818 (an end that is not known, rather than an error)
    """The connection broke in the middle: it may have gone out. Never tried again by an at-most-once channel."""
