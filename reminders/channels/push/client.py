"""The pooled HTTP client. What it connects to is checked (`endpoints`), what it waits for is bounded, and what it reads
is small: the other side is whatever a phone has named."""

from __future__ import annotations

import functools
import os
import socket
import ssl
import sys
import threading
import time
from dataclasses import dataclass
from http.client import RemoteDisconnected
from typing import Any

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, ProtocolError

from reminders.channels.push import endpoints

CONNECT_S = 5.0
ANSWER_S = 10.0  # from the first byte out to the last byte in, however slowly they drip
READ_AT_MOST = 4096  # an answer of a push service is empty or one sentence
HOSTS = 50


class Unreached(Exception):  # noqa: N818 (an end, rather than an error)
    """No answer came. The message may have been taken: a push is repeated with its topic, which replaces the first."""


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    text: str


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Raises EndpointRefused, or Unreached when no whole answer came in time."""
    _clock.ends_at = time.monotonic() + CONNECT_S + ANSWER_S
    try:
        return _post(url, body, headers)
    except ProtocolError as error:
        if not isinstance(error.__context__, (RemoteDisconnected, ConnectionResetError, BrokenPipeError)):
            raise Unreached(_words(error)) from error
    except HTTPError as error:
        raise Unreached(_words(error)) from error
    try:
        # A pooled connection that the other side was just closing.
        return _post(url, body, headers)
    except HTTPError as error:
        raise Unreached(_words(error)) from error


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    response = _pool(os.getpid()).urlopen(
        "POST", url, body=body, headers=headers, redirect=False, retries=False, preload_content=False
    )
    text = _read(response)
    return Answer(response.status, response.headers.get("Retry-After"), text[:200].decode(errors="replace"))


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """The answer's body, or some of it: the status alone says what became of the message. The connection is kept when
    nothing is left on it."""
    try:
        # Not decoded: a few bytes can unpack to gigabytes.
        text = response.read(READ_AT_MOST + 1, decode_content=False)
    except HTTPError:
        response.close()
        return b""
    if len(text) > READ_AT_MOST:
        response.close()
    else:
        response.release_conn()
    return text


def _words(error: HTTPError) -> str:
    if isinstance(error, NameResolutionError):
        return "its name is not found"
    if isinstance(error, NewConnectionError):  # before the timeouts, of which the library makes it one
        return "cannot be reached"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return f"no safe connection: {error}"
    return f"the connection broke: {error}"


def forget() -> None:
    """Close the pool, for tests and for whoever changed the trusted certificates."""
    _pool.cache_clear()


# ---- Connections ----------------------------------------------------------------------------------------------------


@functools.cache
def _pool(process: int) -> urllib3.PoolManager:
    """One a process: a connection that a fork shares would mix two conversations."""
    context = ssl.create_default_context()
    context.sslsocket_class = _HurriedSocket
    pool = urllib3.PoolManager(
        num_pools=HOSTS,
        maxsize=settings.REMINDER_SENDS_AT_ONCE,
        timeout=urllib3.Timeout(connect=CONNECT_S, read=ANSWER_S),
        ssl_context=context,
    )
    pool.pool_classes_by_scheme = {"https": _SecurePool, "http": _PlainPool}
    return pool


_clock = threading.local()


class _HurriedSocket(ssl.SSLSocket):
    """Waits until the request's end at most. A timeout of the library begins anew with each byte."""

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        left = _clock.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self.settimeout(left)
        return super().recv_into(*arguments, **options)


def _connect(connection: HTTPConnection, scheme: str) -> socket.socket:
    """A connection to an address that was checked, among all that the name has now."""
    try:
        found = endpoints.resolve(scheme, connection._dns_host, connection.port)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    failed: OSError | None = None
    for family, address in found[:3]:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(CONNECT_S / min(len(found), 3))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect((address, connection.port))
        except OSError as error:
            opened.close()
            failed = error
        else:
            opened.settimeout(ANSWER_S)
            sys.audit("http.client.connect", connection, connection.host, connection.port)
            return opened
    if isinstance(failed, TimeoutError):
        raise ConnectTimeoutError(connection, "the connection took too long") from failed
    raise NewConnectionError(connection, str(failed)) from failed


class _SecureConnection(HTTPSConnection):
    """Writes a message at once. The library writes head and body one after the other: twice the encryption, the system
    calls and the packets, a fifth of what a push costs."""

    _held: list[bytes] | None = None

    def request(self, *arguments: Any, **options: Any) -> None:
        held: list[bytes] = []
        self._held = held
        try:
            super().request(*arguments, **options)
        finally:
            self._held = None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)

    def _new_conn(self) -> socket.socket:
        return _connect(self, "https")


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self, "http")


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _PlainPool(HTTPConnectionPool):
    """Only for a push service on loopback, in tests: `endpoints.allowed` refuses everything else."""

    ConnectionCls = _PlainConnection
