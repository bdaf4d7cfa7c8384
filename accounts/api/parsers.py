"""JSON as RFC 8259 has it: no NaN, no Infinity, no lone surrogates, no NUL, bounded depth."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from accounts.api.errors import TooLarge

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 30


class StrictJSONParser(JSONParser):
    """Refuses what no database could keep: PostgreSQL takes neither NUL nor half a surrogate pair."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            raw = stream.read(MAX_BYTES + 1)
        except UnreadablePostError as error:
            raise ParseError("The request ended early. Send it again.") from error
        if len(raw) > MAX_BYTES:
            raise TooLarge
        try:
            text = raw.decode("utf-8")
            data = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"This is not valid JSON: {error}") from error
        _check(data, MAX_DEPTH)
        return data


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ParseError("This is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ParseError("Text must not contain NUL or half a surrogate pair.")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError("A number is too large.")  # 1e999 reads as infinity, which no JSON column takes
    elif isinstance(value, dict):
        for key, child in value.items():
            _check(key, depth)
            _check(child, depth - 1)
    elif isinstance(value, list):
        for child in value:
            _check(child, depth - 1)
