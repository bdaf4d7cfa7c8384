"""A push service on loopback (RFC 8030): it checks what a strict one checks, opens each message as the browser would,
keeps count, and can misbehave at a chosen message.

    with push_service() as service:             # plain HTTP; push_service(certificates) speaks HTTPS
        phone = service.browser()
        phone.body()                            # what to POST to /me/push-subscriptions
        phone.plan = [Reply(503, {"Retry-After": "60"}), HANG, CUT]

The next messages to `phone` are answered by `plan`, one each; with an empty plan they are taken.
"""

from __future__ import annotations

import base64
import json
import os
import re
import ssl
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from config.certificate import Certificates
from reminders.channels.push import vapid

MOST_BYTES = 4096
A_DAY_S = 24 * 3600
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class Reply:
    """What is said instead of 201. `taken`: after the message was kept, as by a service that fails while it answers.
    `after_s`: how long it takes; `drip_s`: how long each byte of the body takes, of the head where there is none."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    taken: bool = False
    after_s: float = 0.0
    drip_s: float = 0.0


HANG = Reply(after_s=1e9)
HANG_AFTER = Reply(after_s=1e9, taken=True)
CUT = Reply(0)
CUT_AFTER = Reply(0, taken=True)
SLOW = Reply(after_s=0.5, taken=True)


@dataclass(frozen=True)
class Message:
    """One message that was taken, opened."""

    browser: Browser
    topic: str
    ttl: int
    urgency: str
    content: dict[str, Any]
    sender_key: bytes
    authorization: str


@dataclass(eq=False)
class Browser:
    """One subscription, with the keys that only a browser has. `vapid_key`: whom it lets send."""

    endpoint: str
    vapid_key: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    plan: list[Reply] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def body(self, **more: Any) -> dict[str, Any]:
        keys = {"p256dh": _text(self.public), "auth": _text(self.secret)}
        return {"endpoint": self.endpoint, "keys": keys, **more}

    def open(self, sealed: bytes) -> dict[str, Any]:
        opened = http_ece.decrypt(sealed, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        content: dict[str, Any] = json.loads(opened)
        return content


@dataclass
class PushService:
    """`messages`: all that were taken, in order. `refused`: why others were not, which a test expects to be empty.
    `connections`: how many were opened."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    requests: int = 0
    connections: int = 0
    browsers: dict[str, Browser] = field(default_factory=dict)
    sealed: dict[bytes, bytes] = field(default_factory=dict)  # by the sender's key
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def browser(self, *, vapid_key: str | None = None) -> Browser:
        path = f"/push/{uuid.uuid4()}"
        browser = Browser(self.url + path, vapid_key or vapid.public_key())
        self.browsers[path] = browser
        return browser

    @property
    def by_topic(self) -> Counter[str]:
        return Counter(message.topic for message in self.messages)

    def visible(self, browser: Browser) -> dict[str, Message]:
        """What a phone that was off would find: a topic's newest alone."""
        return {message.topic: message for message in self.messages if message.browser is browser}


class _RefusedError(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: ClassVar[PushService]

    def setup(self) -> None:
        super().setup()
        with self.service.lock:
            self.service.connections += 1

    def do_POST(self) -> None:
        service = self.service
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with service.lock:
            service.requests += 1
            browser = service.browsers.get(self.path)
            reply = browser.plan.pop(0) if browser and browser.plan else Reply(taken=True)
        try:
            message = self._read(browser, body)
        except _RefusedError as error:
            with service.lock:
                service.refused.append(f"{error.status} {error}")
            self._answer(Reply(error.status, body=str(error).encode()))
            return
        if reply.taken:
            with service.lock:
                service.messages.append(message)
        if reply.after_s:
            service.ended.wait(reply.after_s)
        self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        if reply.status == 0 or self.service.ended.is_set():
            self.close_connection = True
            return
        if reply.drip_s and not reply.body:
            self._drip(f"HTTP/1.1 {reply.status} \r\n".encode(), reply.drip_s)
            return
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.drip_s:
                self._drip(reply.body, reply.drip_s)
            else:
                self.wfile.write(reply.body)
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def _drip(self, text: bytes, each_s: float) -> None:
        self.close_connection = True
        try:
            for one in text:
                self.wfile.write(bytes([one]))
                if self.service.ended.wait(each_s):
                    return
        except OSError:
            return

    def _read(self, browser: Browser | None, body: bytes) -> Message:
        if browser is None:
            raise _RefusedError(404, "no such subscription")
        header = self.headers
        ttl, topic = header.get("TTL", ""), header.get("Topic", "")
        if not ttl.isdecimal():
            raise _RefusedError(400, "TTL is missing")
        if not TOPIC.fullmatch(topic):
            raise _RefusedError(400, "Topic is not one")
        if header.get("Urgency") not in ("very-low", "low", "normal", "high"):
            raise _RefusedError(400, "Urgency is not one")
        if header.get("Content-Encoding") != "aes128gcm":
            raise _RefusedError(400, "Content-Encoding is not aes128gcm")
        if len(body) > MOST_BYTES:
            raise _RefusedError(413, "too large")
        self._check_vapid(browser, header.get("Authorization", ""))
        sender = body[21 : 21 + body[20]]
        with self.service.lock:  # the very same message may come twice: that is a repetition on the wire
            if self.service.sealed.setdefault(sender, body) != body:
                raise _RefusedError(400, "the sender's key was used before")
        try:
            content = browser.open(body)
        except Exception as error:
            raise _RefusedError(400, f"cannot be opened: {error}") from error
        return Message(browser, topic, int(ttl), header["Urgency"], content, sender, header["Authorization"])

    def _check_vapid(self, browser: Browser, authorization: str) -> None:
        try:
            scheme, parameters = authorization.split(" ", 1)
            parts = dict(one.strip().split("=", 1) for one in parameters.split(","))
            claims = json.loads(_raw(parts["t"].split(".")[1]))
            signed = Vapid02.verify(authorization)
        except Exception as error:
            raise _RefusedError(401, f"no VAPID token: {error}") from error
        if scheme != "vapid" or not signed:
            raise _RefusedError(403, "the signature is wrong")
        if parts["k"] != browser.vapid_key:
            raise _RefusedError(403, "the subscription is another sender's")
        if claims.get("aud") != self.service.url:
            raise _RefusedError(403, f"the audience is {claims.get('aud')}")
        if not 0 < claims.get("exp", 0) - time.time() <= A_DAY_S:
            raise _RefusedError(403, "the token has expired, or holds for more than a day")
        if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
            raise _RefusedError(403, "nobody to write to")

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is what half of the tests are about."""


@contextmanager
def push_service(certificates: Certificates | None = None, host: str = "127.0.0.1") -> Iterator[PushService]:
    """Listens until the block ends. `host` is the name in its addresses."""
    service = PushService()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service}))
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.certificate, certificates.key)
        # The handshake belongs to the connection's own thread, not to the one that accepts.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    service.url = f"{'https' if certificates else 'http'}://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
