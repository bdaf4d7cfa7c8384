"""Time zones are IANA names; anything else is refused before it is stored."""

from __future__ import annotations

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def validate_zone(name: str) -> None:
    if name not in known_zones():
        raise ValidationError(f"“{name}” is not a time zone. Use an IANA name such as Europe/Madrid.", code="zone")
