"""Hundreds of rows in one statement. On PostgreSQL a column is one array: no model is made of a row and no value goes
through its field, which together is most of what `bulk_create` costs the sender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], columns: Mapping[str, Sequence[Any]], **same: Any) -> None:
    """`columns` by attribute, all of one length; `same` is what all rows share. Every column that has no default in
    the database must be named. Values are those of the database: nothing of a model's defaults happens."""
    if connection.vendor == "postgresql":
        _by_column(model, columns, same)
    else:
        rows = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
        model._default_manager.bulk_create(model(**row, **same) for row in rows)


def _by_column(model: type[models.Model], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = ", ".join(f'"{fields[name].column}"' for name in [*columns, *same])
    arrays = ", ".join(f"%s::{fields[name].db_type(connection)}[]" for name in columns)
    values = ", ".join(["each.*", *("%s" for _ in same)])
    rows = f"SELECT {values} FROM unnest({arrays}) AS each"  # noqa: S608 (names of our own columns)
    with connection.cursor() as cursor:
        parameters = [*same.values(), *map(list, columns.values())]
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) {rows}', parameters)
