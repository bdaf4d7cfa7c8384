"""Figures by content: the address is the SHA-256 of the file, so it may be kept for a year."""

from __future__ import annotations

import gzip

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from exercises.models import FigureFile


@require_safe
def figure(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        svg_gz = bytes(FigureFile.objects.values_list("svg_gz", flat=True).get(pk=sha256))
    except FigureFile.DoesNotExist as error:
        raise Http404 from error
    headers = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        # A drawing opened on its own may run nothing and fetch nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(svg_gz, headers={**headers, "Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(svg_gz), headers=headers)
