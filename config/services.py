"""The three processes of an installation besides its database and broker, and how each is started.

`manage.py serve web|worker|beat` and `make run` start exactly these commands, so that what is tested on one machine is
what runs on ten.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NAMES = ("web", "worker", "beat")


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def address() -> Address:
    """From LISTEN, PORT, SSL_CERT and SSL_KEY.

    Raises ImproperlyConfigured for a port that is none, and for half a certificate.
    """
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"PORT must be a number from 1 to 65535, not {port!r}.")
    certificate, key = (_file(name) for name in ("SSL_CERT", "SSL_KEY"))
    if (certificate is None) != (key is None):
        raise ImproperlyConfigured("SSL_CERT and SSL_KEY belong together: set both or neither.")
    return Address(os.environ.get("LISTEN") or "127.0.0.1", int(port), certificate, key)


def _file(variable: str) -> Path | None:
    if not (path := os.environ.get(variable)):
        return None
    if not os.access(path, os.R_OK):
        raise ImproperlyConfigured(f"{variable} names {path}, which cannot be read.")
    return Path(path).resolve()


def command(name: str, where: Address) -> list[str]:
    """The command line of one service."""
    return [sys.executable, "-m", *{"web": _web, "worker": _worker, "beat": _beat}[name](where)]


def _number(variable: str, default: int) -> str:
    value = os.environ.get(variable) or str(default)
    if not value.isdigit() or int(value) < 1:
        raise ImproperlyConfigured(f"{variable} must be a number from 1, not {value!r}.")
    return value


def _web(where: Address) -> list[str]:
    command = ["granian", "--interface", "wsgi", "--host", where.host, "--port", str(where.port)]
    command += ["--workers", _number("WEB_WORKERS", 1), "--blocking-threads", _number("WEB_THREADS", 8)]
    command += ["--no-ws", "--log-level", "warning", "--workers-kill-timeout", "10"]
    if where.certificate and where.key:
        command += ["--ssl-certificate", str(where.certificate), "--ssl-keyfile", str(where.key)]
        command += ["--ssl-protocol-min", "tls1.2"]
    return [*command, "config.wsgi:application"]


def _worker(where: Address) -> list[str]:
    return [
        *("celery", "-A", "config", "worker", "--concurrency", _number("WORKER_CONCURRENCY", 2)),
        *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ]


def _beat(where: Address) -> list[str]:
    return ["celery", "-A", "config", "beat", "--loglevel", "INFO"]
