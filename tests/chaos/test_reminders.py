"""Four workers and two beats under kill -9, PostgreSQL and Redis crashing, clocks five seconds apart, while reminders
fall due. Counted where they arrive: at the push service and at the mail server.

Who can be killed between "I am about to send" and "it was sent" cannot promise both "once" and "surely". What is
promised, and checked here:

- a push arrives at least once; more than once only when its call was under way at a kill, and then under one topic;
- an e-mail arrives at most once; one whose call was under way at a kill may be lost, and the proof says `unknown`;
- where push fails for good, the e-mail behind it arrives under the same promise;
- everything else arrives exactly once.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.chaos.fleet import Fleet, fleet
from tests.chaos.private_services import PrivatePostgres, PrivateRedis, private_postgres, private_redis
from tests.reminders.push_service import Browser, PushService, Reply, push_service
from tests.reminders.smtp_server import Mailbox, mail_server
from tests.servers import ROOT

pytestmark = pytest.mark.chaos

# A tick each second, and short leases: who is killed is replaced within seconds instead of minutes.
TICK_S, LEASE_S, IN_FLIGHT_S = 1, 8, 15
KILL_EVERY_S = (0.5, 3.5)
FALL_DUE_A_SECOND = 250
MOST_ATTEMPTS = 100  # more than any delivery can have
WARM_UP_S = 5.0  # until the first reminder is due


@dataclass(frozen=True)
class Sinks:
    pushes: PushService
    mails: Mailbox


@dataclass(frozen=True)
class Size:
    """`patience_s`: after that the test has failed."""

    reminders: int
    seed: int

    @property
    def due_within_s(self) -> float:
        return max(10.0, self.reminders / FALL_DUE_A_SECOND)

    @property
    def patience_s(self) -> float:
        return 120 + self.reminders / 20


@pytest.fixture
def size() -> Size:
    seed = os.environ.get("CHAOS_SEED") or str(random.SystemRandom().randrange(10**6))
    return Size(int(os.environ["CHAOS_SIZE"]), int(seed))


@pytest.fixture
def postgres() -> Iterator[PrivatePostgres]:
    with private_postgres() as server:
        yield server


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateRedis]:
    with private_redis(tmp_path) as server:
        yield server


@pytest.fixture
def sinks() -> Iterator[Sinks]:
    with push_service() as pushes, mail_server() as mails:
        yield Sinks(pushes, mails)


@pytest.fixture
def ships(tmp_path: Path, postgres: PrivatePostgres, broker: PrivateRedis, sinks: Sinks, size: Size) -> Iterator[Fleet]:
    """The fleet, not yet started, on a database in which the reminders are about to fall due."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HOMESTRETCH_DATA": str(tmp_path),
        "DATABASE_URL": postgres.url,
        "DB_POOL": "4",
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{sinks.mails.port}",
        "BASE_URL": "http://chaos.example",
        "VAPID_PRIVATE_KEY": settings.VAPID_PRIVATE_KEY,
        "PUSH_LOOPBACK": "1",
        "REMINDER_TICK_S": str(TICK_S),
        "REMINDER_LEASE_S": str(LEASE_S),
        "REMINDER_IN_FLIGHT_S": str(IN_FLIGHT_S),
    }
    phones = [phone_of(n, sinks.pushes).body() for n in range(1, size.reminders + 1, 2)]
    made = subprocess.run(
        [sys.executable, "-m", "tests.chaos.population", str(size.reminders), str(WARM_UP_S), str(size.due_within_s)],
        input=json.dumps([[phone["endpoint"], phone["keys"]["p256dh"], phone["keys"]["auth"]] for phone in phones]),
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert made.returncode == 0
    group = fleet(tmp_path, environment, postgres, broker, random.Random(size.seed))
    try:
        yield group
    finally:
        group.stop()


def phone_of(n: int, pushes: PushService) -> Browser:
    """Every second one is of a patient with e-mail behind push, and has ended: its push service says so each time."""
    browser = pushes.browser()
    if n % 4 == 3:
        browser.plan = [Reply(410)] * MOST_ATTEMPTS
    return browser


def test_none_missing_and_none_twice(ships: Fleet, sinks: Sinks, size: Size) -> None:
    print(f"\nchaos: {size.reminders} reminders, CHAOS_SEED={size.seed}")
    began = time.monotonic()
    ships.start()
    wreak_havoc(ships, size, began + WARM_UP_S + size.due_within_s)
    settle(ships, began + size.patience_s)
    took_s = time.monotonic() - began

    pushed = Counter(message.content["occurrence"] for message in sinks.pushes.messages)
    topics = {(message.content["occurrence"], message.topic) for message in sinks.pushes.messages}
    mailed = Counter(match[1] for mail in sinks.mails.mails if (match := re.search(r"^To: (\S+)", mail, re.MULTILINE)))
    told = outcomes(ships.postgres)
    gone = {one.occurrence for one in told if one.channel == "push" and one.number % 4 == 3}
    by_push = {one.occurrence for one in told if one.channel == "push"} - gone
    by_mail = {one.address: one for one in told if one.channel == "email"}
    twice = {occurrence for occurrence, times in pushed.items() if times > 1}
    lost = set(by_mail) - set(mailed)
    print(
        f"chaos: {took_s:.0f} s; killed: {dict(ships.kills)}; under way at a kill: {len(ships.in_flight)}; pushes:"
        f" {len(pushed)} ({len(twice)} twice); e-mails: {len(mailed)}, {len(gone)} of them behind a push;"
        f" lost and shown as unknown: {len(lost)}"
    )

    numbers = range(1, size.reminders + 1)
    assert sinks.pushes.refused == []
    assert len(by_push) == sum(n % 4 == 1 for n in numbers)
    assert {one.number for one in by_mail.values()} == {n for n in numbers if n % 4 != 1}
    assert set(pushed) == by_push
    assert twice <= ships.in_flight
    assert len(topics) == len({topic for _, topic in topics}) == len(pushed)
    assert [address for address, times in mailed.items() if times > 1] == []
    assert set(mailed) <= set(by_mail)
    for address in lost:
        assert (by_mail[address].status, by_mail[address].occurrence in ships.in_flight) == ("unknown", True)
    undisturbed = [one for one in told if one.occurrence not in ships.in_flight]
    assert {one.status for one in undisturbed if one.channel == "push" and one.occurrence in gone} <= {"failed"}
    assert {one.status for one in undisturbed if one.channel == "email" or one.occurrence in by_push} == {"sent"}


def wreak_havoc(ships: Fleet, size: Size, until: float) -> None:
    """Kill, at random moments, until the last reminder has fallen due; in the middle, the services."""
    began = time.monotonic()
    crashes = [
        (began + (until - began) * ships.dice.uniform(0.3, 0.5), ships.crash_redis),
        (began + (until - began) * ships.dice.uniform(0.5, 0.8), ships.crash_postgres),
    ]
    while (now := time.monotonic()) < until:
        if crashes and now >= crashes[0][0]:
            crashes.pop(0)[1]()
        else:
            ships.kill_one()
        ships.raise_the_dead()
        time.sleep(ships.dice.uniform(*KILL_EVERY_S))


def settle(ships: Fleet, until: float) -> None:
    """Wait until nothing is due, under way or to be tried again."""
    open_rows = """
        SELECT (SELECT count(*) FROM reminders_reminderrule WHERE next_due_at <= now()),
               (SELECT count(*) FROM reminders_delivery WHERE status = 'sending' OR retry_at IS NOT NULL)"""
    while True:
        ships.raise_the_dead()
        with suppress(psycopg.OperationalError):
            left = ships.postgres.query(open_rows)[0]
            if left == (0, 0):
                return
            if time.monotonic() > until:
                logs = "\n".join(f"{one.name}: {one.tail()}" for one in ships.services)
                pytest.fail(f"Due rules and open deliveries are left: {left}\n{logs}")
        time.sleep(0.5)


@dataclass(frozen=True)
class Outcome:
    occurrence: str
    address: str
    channel: str
    status: str

    @property
    def number(self) -> int:
        """The patient's, from 1."""
        return int(self.address.removeprefix("p").partition("@")[0])


def outcomes(postgres: PrivatePostgres) -> list[Outcome]:
    rows = postgres.query("""
        SELECT o.id::text, p.email, d.channel, d.status FROM reminders_delivery d
        JOIN reminders_occurrence o ON o.id = d.occurrence_id JOIN patients_patient p ON p.id = o.patient_id""")
    return [Outcome(*map(str, row)) for row in rows]
