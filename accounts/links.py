"""Addresses that leave the house: in invitations, QR codes and e-mails."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """`path` (with its leading slash) under BASE_URL; without that setting, under the address of the request."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{path}"
    return request.build_absolute_uri(path)
