"""What can be wrong before anything runs, said in one sentence that tells what to do.

`manage.py`, the web server, the worker and beat all start through here. A wrong setting, a database that does not
answer and a missing migration end the start with exit code 1 and one line; anything else is a fault of ours and keeps
its traceback.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

CONNECT_S = 5
NOT_MIGRATED = (
    "The database lacks this version's tables. Run `manage.py migrate` (`make run` does it), then start again."
)
MISSING_TABLE = re.compile(r"no such (table|column)|(relation|column) .* does not exist", re.DOTALL)


class StartupError(RuntimeError):
    """Not startable; the message is the sentence."""


def check_database() -> None:
    """Connect once.

    Raises StartupError when the database does not answer, refuses the user, or cannot be read. On PostgreSQL this
    goes around the connection pool, whose own answer would be a timeout after half a minute.
    """
    entry = connection.settings_dict
    if connection.vendor == "postgresql":
        options = {key: value for key, value in entry["OPTIONS"].items() if key != "pool"}
        wanted = {
            "host": entry["HOST"],
            "port": entry["PORT"],
            "user": entry["USER"],
            "password": entry["PASSWORD"],
            "dbname": entry["NAME"],
            **options,
        }
        try:
            psycopg.connect(**{"connect_timeout": CONNECT_S, **{k: v for k, v in wanted.items() if v}}).close()
        except psycopg.Error as error:
            raise StartupError(_postgres_sentence(entry, error)) from error
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master LIMIT 1")
    except DatabaseError as error:
        raise StartupError(
            f"The database file {entry['NAME']} cannot be opened ({error}). "
            "Make it and its folder writable, or move it away to start with an empty one."
        ) from error


def check_migrated() -> None:
    """Raises StartupError while a migration is not applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise StartupError(NOT_MIGRATED)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn a fault of the installation into its sentence on standard error and exit code 1."""
    try:
        yield
    except (ImproperlyConfigured, StartupError, DatabaseError) as error:
        said = sentence(error)
        if said is None:
            raise
        sys.stderr.write(f"{said}\n")
        raise SystemExit(1) from error


def sentence(error: Exception) -> str | None:
    """The sentence for `error`; None when it is no fault of the installation."""
    if isinstance(error, (StartupError, ImproperlyConfigured)):
        return str(error)
    if isinstance(error, (OperationalError, ProgrammingError)):
        if MISSING_TABLE.search(str(error)):
            return NOT_MIGRATED
        if "connection" in str(error) or "locked" in str(error):
            return f"The database does not answer ({_first_line(error)}). Check DATABASE_URL and that it is running."
        if "readonly" in str(error) or "read-only" in str(error):
            return f"The database cannot be written ({_first_line(error)}). Make it and its folder writable."
    return None


def _postgres_sentence(entry: dict[str, Any], error: psycopg.Error) -> str:
    where = f"{entry['HOST'] or 'the local socket'}:{entry['PORT'] or 5432}"
    said = str(error)
    if "does not exist" in said and "database" in said:
        return f"PostgreSQL at {where} has no database {entry['NAME']!r}. Create it, or correct DATABASE_URL."
    if "authentication failed" in said or "no password supplied" in said or "role" in said:
        return f"PostgreSQL at {where} does not let {entry['USER']!r} in. Correct user and password in DATABASE_URL."
    return (
        f"PostgreSQL at {where} does not answer ({_first_line(error)}). "
        "Start it, correct DATABASE_URL, or unset it to use SQLite."
    )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
