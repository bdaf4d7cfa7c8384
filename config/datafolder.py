"""The folder that holds everything an installation makes itself: the SQLite file, the secret key, sockets, mail."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
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


# The kernel keeps a socket's path in 104 bytes on macOS and 108 on Linux, the closing zero included.
SOCKET_PATH_BYTES = 103


def valkey_socket(folder: Path) -> Path:
    """Where the embedded Valkey listens: in the data folder, or, where that path is too long for a socket, in a folder
    under the system's temporary folder that only this user may enter."""
    socket = folder / "valkey.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES:
        return socket
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"homestretch-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid() or short.is_symlink():
        raise ImproperlyConfigured(f"{short} is somebody else's. Remove it, or set HOMESTRETCH_DATA to a shorter path.")
    return short / "valkey.sock"


def embedded_redis_url(folder: Path) -> str:
    return f"redis+socket://{valkey_socket(folder)}"
