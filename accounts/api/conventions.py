"""What every list, document and creation of the API has in common (API.md, Conventions)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as InvalidValue
from django.db import DataError, models
from rest_framework.exceptions import NotAuthenticated, NotFound, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from accounts.api.errors import Conflict, StaleVersion, VersionRequired
from accounts.base import Versioned
from accounts.models import User

Model = TypeVar("Model", bound=models.Model)
Document = TypeVar("Document", bound=Versioned)


class CursorPages(CursorPagination):
    """`{next, previous, results}`; stable while rows are added, and page 1,000 costs what page 1 costs."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-id")

    def get_page_size(self, request: Request) -> int:
        raw = request.query_params.get("page_size")
        if raw is None:
            return self.page_size
        if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= self.max_page_size):
            raise ValidationError({"page_size": f"page_size is a number from 1 to {self.max_page_size}."})
        return int(raw)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ArithmeticError, InvalidValue, DataError) as error:
            # A cursor that was made by hand: its position is no date, or no number the database knows.
            raise NotFound(self.invalid_cursor_message) from error


class StrictFilters(BaseFilterBackend):
    """Refuses query parameters that the view does not know: a misspelt filter must not quietly answer "everything".

    A view names its own in `filters`: a mapping of parameter → function(queryset, value) → queryset. Paging
    parameters and those in `extra_params` are let through untouched.
    """

    def filter_queryset(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> models.QuerySet[Any]:
        filters: Mapping[str, Callable[[Any, str], Any]] = getattr(view, "filters", {})
        check_params(request, *filters, *getattr(view, "extra_params", ()), "cursor", "page_size")
        for name, apply in filters.items():
            if name in request.query_params:
                queryset = apply(queryset, request.query_params[name])
        return queryset


def check_params(request: Request, *known: str) -> None:
    """Raises ValidationError that names each unknown query parameter, and each with a character no database takes."""
    unknown = sorted(set(request.query_params) - set(known) - {"format"})
    if unknown:
        allowed = ", ".join(sorted(known)) or "none"
        raise ValidationError({name: [f"There is no filter “{name}” here. Known: {allowed}."] for name in unknown})
    for name in request.query_params:
        if any("\x00" in value for value in request.query_params.getlist(name)):
            raise ValidationError({name: ["This cannot be searched for: it contains a NUL character."]})


def signed_in(request: Request) -> User:
    """The account behind the request, typed as ours. Raises NotAuthenticated (401), which permissions ruled out."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def parse_uuid(value: Any, attr: str) -> uuid.UUID:
    """Raises ValidationError naming `attr`."""
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise ValidationError({attr: "This is not an id (a UUID)."}) from error


def get_or_404(queryset: models.QuerySet[Model], **lookup: Any) -> Model:
    """The row, or 404: what you may not see and what does not exist look the same."""
    try:
        return queryset.get(**lookup)
    except (ObjectDoesNotExist, ValueError, TypeError) as error:
        raise NotFound from error


def check_version(request: Request, current: Versioned, render: Callable[[Any], Any]) -> None:
    """Compare `If-Match` with the document's version.

    Raises VersionRequired (428) without the header, StaleVersion (412, with the current document) when it is older.
    Call it inside the transaction that holds the row's lock, else two writers may both pass.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionRequired
    if header.strip().removeprefix("W/").strip('"') != str(current.version):
        raise StaleVersion(render(current))


def replayed(existing: Model, same: bool) -> Model:
    """A POST with a client-made id that is already stored: the stored object if it says the same, else 409."""
    if not same:
        raise Conflict("Something else is already stored under this id.", "id_taken")
    return existing
