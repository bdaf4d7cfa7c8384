"""SQLite without configuration, PostgreSQL with `DATABASE_URL`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("postgres://", "postgresql://", "sqlite:///")


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's entry for the default database.

    Raises ImproperlyConfigured for an address that cannot be understood.
    """
    if not url:
        return sqlite(str(folder / "homestretch.sqlite3"))
    if not url.startswith(SCHEMES):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name (or be unset for SQLite)."
        )
    try:
        entry: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except Exception as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read: {error}. Expected postgres://user:password@host:5432/name."
        ) from error
    if not entry.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database. Expected postgres://user:password@host:5432/name.")
    if entry["ENGINE"].endswith("sqlite3"):
        return sqlite(str(entry["NAME"]))
    entry["CONN_HEALTH_CHECKS"] = True
    entry["OPTIONS"] = {
        **entry.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": int(os.environ.get("DB_POOL", "8"))},
    }
    entry["TEST"] = {"NAME": test_name(str(entry["NAME"]))}
    return entry


def sqlite(name: str) -> dict[str, Any]:
    """WAL lets readers go on while one writes; BEGIN IMMEDIATE makes a second writer wait instead of failing when it
    upgrades from reading to writing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
        "TEST": {"NAME": os.environ.get("TEST_SQLITE") or None},
    }


def test_name(name: str) -> str:
    """Two test runs on one server must not meet in one database."""
    return f"test_{name}_{os.environ.get('TEST_RUN', os.getpid())}"
