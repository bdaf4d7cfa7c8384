"""Every route of the URL configuration with its methods, read from the configuration itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")

# Not ours to list, each for its reason.
ELSEWHERE = (
    "_allauth/",  # allauth's own routes: sign-in is open by nature, the rest is about one's own account
    "accounts/",  # allauth needs these names to exist; headless-only leaves none that does anything
    "operators/",  # Django's admin, behind `is_staff`, tested in tests/accounts
    "static/",
)


@dataclass(frozen=True)
class Route:
    method: str
    path: str  # /api/v1/patients/{patient_id}

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def all_routes() -> list[Route]:
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=lambda route: (route.path, route.method))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            for method in _methods(pattern):
                yield Route(method.upper(), "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))


def _methods(pattern: URLPattern) -> list[str]:
    view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
    if view is None:
        return ["get"]
    if (actions := getattr(pattern.callback, "actions", None)) is not None:
        return list(actions)
    return [method for method in METHODS if hasattr(view, method)]
