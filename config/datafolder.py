"""The folder that holds everything an installation makes itself: the SQLite file, the secret key, sockets, mail."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def data_folder(path: str) -> Path:
    """Make the folder, or say in one sentence what to do.

    Raises ImproperlyConfigured when it cannot be written.
    """
    folder = Path(path).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be written ({error.strerror}). "
            "Make it writable or point HOMESTRETCH_DATA at another folder."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """The installation's own key, made at the first start, readable by its user only."""
    file = folder / "secret_key"
    try:
        # O_EXCL: of several processes that start together exactly one writes; the others read.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    for _ in range(100):
        if key := file.read_text().strip():
            return key
    raise ImproperlyConfigured(f"{file} is empty. Delete it and start again; a new key signs everyone out.")


def embedded_redis_url(folder: Path) -> str:
    return f"redis+socket://{folder / 'valkey.sock'}"
