"""What a push carries and for how long: an occurrence's id and nothing else, sealed for one browser (RFC 8291)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from reminders.channels.push import vapid
from reminders.due import instant, next_after
from reminders.models import Delivery, PushSubscription, ReminderRule

POINT_BYTES = 65
SECRET_BYTES = 16
SHORTEST_TTL_S = 60  # a slot that has just ended: whoever is online still gets it
TOPIC_LENGTH = 32  # RFC 8030's most


def payload(delivery: Delivery) -> bytes:
    facts = {"v": 1, "occurrence": str(delivery.occurrence_id), "sequence": delivery.sequence}
    return json.dumps(facts, separators=(",", ":")).encode()


def topic(occurrence: uuid.UUID) -> str:
    """One word for everything that is said about an occurrence: the push service keeps the newest alone."""
    return base64.urlsafe_b64encode(hashlib.sha256(occurrence.bytes).digest()).decode()[:TOPIC_LENGTH]


def ttl_s(delivery: Delivery, rule: ReminderRule) -> int:
    """Seconds until the slot ends: at the rule's next occasion, at the latest at the patient's midnight. What reaches a
    phone that was off after that would remind of a day that is over."""
    schedule = rule.schedule()
    today = delivery.started_at.astimezone(schedule.zone).date()
    ends = instant(today + dt.timedelta(days=1), dt.time(0), schedule.zone)
    following = next_after(schedule, max(delivery.started_at, delivery.occurrence.due_at))
    if following is not None:
        ends = min(ends, following.due_at)
    return max(SHORTEST_TTL_S, int((ends - delivery.started_at).total_seconds()))


def headers(delivery: Delivery, ttl: int, origin: str) -> dict[str, str]:
    return {
        "Authorization": vapid.authorization(origin),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        # A phone that sleeps would else show at noon what was due at eight.
        "Urgency": "high",
        "Topic": topic(delivery.occurrence_id),
    }


def seal(content: bytes, subscription: PushSubscription) -> bytes:
    """With a key of the sender's that is made for this message and forgotten. Raises ValueError for a browser's key
    that is none."""
    sealed: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decode(subscription.p256dh),
        auth_secret=decode(subscription.auth),
        version="aes128gcm",
    )
    return sealed


def decode(text: str) -> bytes:
    """base64url, padded or not. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def browser_key(text: str) -> str:
    """The browser's public key, in one spelling. Raises ValueError for what is no point of P-256."""
    raw = decode(text)
    if len(raw) != POINT_BYTES:
        raise ValueError("not an uncompressed point")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    return encode(raw)


def browser_secret(text: str) -> str:
    """The browser's authentication secret, in one spelling. Raises ValueError."""
    raw = decode(text)
    if len(raw) != SECRET_BYTES:
        raise ValueError("not 16 bytes")
    return encode(raw)
