"""Addresses that leave the house: in invitations, QR codes and e-mails."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """`path` (with its leading slash) under BASE_URL; without that setting, under the address of the request."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{path}"
    return request.build_absolute_uri(path)


def qr_svg(url: str) -> str:
    """Dark on white with a quiet zone, whatever the theme or the paper: cameras want it so."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=4, dark="#10202a", light="#ffffff", omitsize=True
    )
    return out.getvalue().decode()
