"""What one web push costs the sender, in CPU: ours and `pywebpush.webpush()`, over HTTPS to the same sink, in the same
rounds of the same run."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings
from django.utils import timezone
from py_vapid import Vapid02
from pywebpush import webpush
from rich.console import Console
from rich.table import Table

from config import certificate
from reminders.channels.push import client, message, transport, vapid
from reminders.channels.push.answers import Verdict
from reminders.models import Delivery, PushSubscription
from tests.reminders.push_service import Browser

BATCH = 20  # messages a round and side
HOST = "localhost"


@dataclass(frozen=True)
class Spread:
    """The median of the rounds, and the half of them around it."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class Cost:
    """CPU of the sending process in milliseconds a message; `ratio` is ours to theirs, round by round."""

    ours_ms: Spread
    theirs_ms: Spread
    ratio: Spread


def measure_push(folder: Path, rounds: int) -> Cost:
    with _sink(folder) as url:
        phone, theirs = _phone(url)
        ours, others = _ours(phone), _others(theirs)
        ours_ms, theirs_ms = [], []
        for number in range(rounds + 1):
            first, second = _cpu_ms(ours), _cpu_ms(others)
            if number:  # the first round warms caches, imports and the pool
                ours_ms.append(first)
                theirs_ms.append(second)
    ratios = [first / second for first, second in zip(ours_ms, theirs_ms, strict=True)]
    return Cost(_spread(ours_ms), _spread(theirs_ms), _spread(ratios))


def show(cost: Cost) -> None:
    table = Table(title="One web push over HTTPS: CPU-ms of the sender, median and middle half")
    for heading in ("ours", "pywebpush.webpush()", "ratio"):
        table.add_column(heading, justify="right")
    table.add_row(str(cost.ours_ms), str(cost.theirs_ms), str(cost.ratio))
    Console(width=110).print(table)


def _ours(phone: PushSubscription) -> Callable[[], None]:
    """What the channel does for one phone: the checked address, the seal, the signed word, the request, the verdict."""
    delivery = Delivery(occurrence_id=uuid.uuid4(), sequence=1, started_at=timezone.now())

    def send() -> None:
        told = transport.tell(phone, delivery, message.payload(delivery), 3600, time.monotonic() + 60)
        assert told.verdict is Verdict.TAKEN, told.words

    return send


def _others(subscription: dict[str, object]) -> Callable[[], None]:
    key = Vapid02.from_raw(settings.VAPID_PRIVATE_KEY.encode())
    content = message.payload(Delivery(occurrence_id=uuid.uuid4(), sequence=1)).decode()

    def send() -> None:
        claims: dict[str, str | int] = {"sub": vapid.subject()}
        answer = webpush(subscription, content, vapid_private_key=key, vapid_claims=claims, ttl=3600, timeout=10)
        assert not isinstance(answer, str)
        assert answer.status_code == 201

    return send


def _cpu_ms(send: Callable[[], None]) -> float:
    started = time.process_time()
    for _ in range(BATCH):
        send()
    return (time.process_time() - started) * 1000 / BATCH


def _phone(url: str) -> tuple[PushSubscription, dict[str, object]]:
    body = Browser(url, vapid.public_key()).body()
    return PushSubscription(endpoint=url, **body["keys"]), body


@contextmanager
def _sink(folder: Path) -> Iterator[str]:
    """Its address. Both senders trust its authority for as long as it runs, and no other."""
    made = certificate.make(folder / "push", [HOST], dt.datetime.now(dt.UTC))
    settings.PUSH_LOOPBACK = True
    os.environ.update(SSL_CERT_FILE=str(made.authority), REQUESTS_CA_BUNDLE=str(made.authority))
    client.forget()
    command = [sys.executable, "-m", "benchmarks.push_sink", str(made.certificate), str(made.key)]
    sink = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        yield f"https://{HOST}:{int(sink.stdout.readline())}/push/1"
    finally:
        sink.communicate()
        client.forget()


def _spread(found: list[float]) -> Spread:
    low, _, high = quantiles(found, n=4)
    return Spread(round(median(found), 3), round(low, 3), round(high, 3))
