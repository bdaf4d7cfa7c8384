"""Who sends (RFC 8292): the installation's key, and its signed word for each push service."""

from __future__ import annotations

import functools
import time
from email.utils import parseaddr

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

# A word holds for 9 to 12 hours; RFC 8292 allows 24, and a service may count by a clock of its own.
RENEWED_S = 3 * 3600
LIVES_S = 12 * 3600
PUSH_SERVICES = 256  # phones name them: no unbounded memory


def public_key() -> str:
    """What a browser wants as `applicationServerKey`: the point, 65 bytes, base64url."""
    point = _keys(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encoded: str = b64urlencode(point)
    return encoded


def authorization(origin: str) -> str:
    """The header for one push service, signed once in `RENEWED_S`."""
    period = int(time.time() // RENEWED_S)
    return _signed(origin, settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT, period)


def subject() -> str:
    """Whom the operators of a push service may write to."""
    given: str = settings.VAPID_SUBJECT
    return given or f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


@functools.lru_cache(maxsize=PUSH_SERVICES)
def _signed(origin: str, private_key: str, given_subject: str, period: int) -> str:
    claims = {"aud": origin, "exp": period * RENEWED_S + LIVES_S, "sub": given_subject or subject()}
    header: str = _keys(private_key).sign(claims)["Authorization"]
    return header


@functools.cache
def _keys(private_key: str) -> Vapid02:
    return Vapid02.from_raw(private_key.encode())
