"""What a push service's answer means for a subscription (RFC 8030), and how the proof says it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from reminders.channels.push.client import Answer

LONGEST_WAIT = dt.timedelta(days=1)  # whatever asks for more: never, for a reminder


class Verdict(Enum):
    TAKEN = "taken"
    GONE = "gone"  # the subscription has ended and is never used again
    REFUSED = "refused"  # this message will not be taken by this phone; the subscription may be sound
    LATER = "later"  # try again


@dataclass(frozen=True)
class Told:
    """One phone's answer in words; `wait` is what the service asked for."""

    verdict: Verdict
    words: str
    wait: dt.timedelta | None = None


_MEANINGS = {
    400: "message refused",
    401: "refuses this server's VAPID key",
    403: "refuses this server's VAPID key: the phone subscribed with another one",
    404: "subscription unknown",
    410: "subscription ended",
    413: "message too large",
    429: "too many messages",
}


def judge(answer: Answer, now: dt.datetime) -> Told:
    status = answer.status
    words = f"{status} {_MEANINGS.get(status, '')}".strip()
    if 200 <= status < 300:
        return Told(Verdict.TAKEN, words)
    if said := "".join(letter for letter in answer.text[:60] if letter.isprintable()).strip():
        words = f"{words} ({said})"
    if status in (404, 410):
        return Told(Verdict.GONE, words)
    # 401 and 403 are a fault of this installation's key. To switch every phone off for it would not be undone when the
    # key is put right.
    if status in (401, 403, 408, 429) or status >= 500:
        return Told(Verdict.LATER, words, wait_of(answer.retry_after, now))
    if 300 <= status < 400:
        words = f"{status} sends elsewhere, which is not followed"
    return Told(Verdict.REFUSED, words)


def wait_of(retry_after: str | None, now: dt.datetime) -> dt.timedelta | None:
    """Retry-After in seconds or as a date; None for none and for nonsense."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            return min(LONGEST_WAIT, dt.timedelta(seconds=min(int(retry_after), 10**9)))
        at = parsedate_to_datetime(retry_after)
        return min(LONGEST_WAIT, max(dt.timedelta(), at - now)) if at.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None
