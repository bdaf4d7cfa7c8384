"""The folder that holds everything an installation makes itself: the SQLite file, its keys, sockets, mail."""

from __future__ import annotations

import base64
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
    return _kept(folder / "secret_key", secrets.token_urlsafe(50), "a new key signs everyone out")


# The number of points on P-256: private keys are the whole numbers below it, zero left out.
_P256_POINTS = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def vapid_key(folder: Path, given: str = "") -> str:
    """The private key that signs web pushes: 32 bytes, base64url. `given` where hosts share one, else made at the first
    start and readable by its user only.

    Raises ImproperlyConfigured for what is no such key.
    """
    if given:
        key, where = given, "VAPID_PRIVATE_KEY"
    else:
        made = (secrets.randbelow(_P256_POINTS - 1) + 1).to_bytes(32, "big")
        file = folder / "vapid_key"
        key = _kept(file, base64.urlsafe_b64encode(made).decode().rstrip("="), "phones must then allow reminders anew")
        where = str(file)
    try:
        raw = base64.b64decode(key + "=" * (-len(key) % 4), altchars="-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32 or not 0 < int.from_bytes(raw, "big") < _P256_POINTS:
        raise ImproperlyConfigured(
            f"{where} is no private key for web push: it must be 32 bytes, written as base64url. "
            "Copy the file vapid_key of the first host's data folder, or leave it out to have one made."
        )
    return key


def _kept(file: Path, new: str, cost: str) -> str:
    """What stands in the file; `new` where there is none yet. `cost`: what losing it would mean."""
    try:
        # O_EXCL: of several processes that start together exactly one writes; the others read.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(new)
    except FileExistsError:
        pass
    for _ in range(100):
        if key := file.read_text().strip():
            return key
    raise ImproperlyConfigured(f"{file} is empty. Delete it and start again; {cost}.")


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
