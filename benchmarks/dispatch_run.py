"""What `make bench-dispatch` measures; it is imported when Django is set up (benchmarks/dispatch.py)."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from rich.console import Console

from benchmarks import crowd
from reminders import batches, dispatch
from reminders.clock import database_now
from reminders.models import Delivery, ReminderRule
from tests.reminders.smtp_server import mail_server

ONE_BY_ONE = 50  # rules of a batch that are decided one by one, the slower side
FEW = 1000
ROUNDS = 7
FEW_SENT = 20
SLOW_SERVER_S = 0.1


def run(*, due: int, rules: int, drain: int, workers: int) -> None:
    call_command("migrate", verbosity=0)
    show = Console(width=110).print
    show(enqueueing(due))
    show(enqueueing_at_once(workers))
    show(idle(rules))
    show(several_at_once())
    show(draining(drain, workers))


def spread(values: list[float], digits: int = 0) -> str:
    """The median, and the half of the rounds around it."""
    low, _, high = quantiles(values, n=4)
    return f"{median(values):,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


# ---- Claiming and queueing ------------------------------------------------------------------------------------------
def enqueueing(due: int) -> str:
    forget_all()
    crowd.make(due)
    together: list[float] = []
    alone: list[float] = []
    cpu_us: list[float] = []
    while True:
        started, cpu = time.perf_counter(), time.process_time()
        queued = take_usual()
        if queued < batches.BATCH:
            break
        together.append(queued / (time.perf_counter() - started))
        cpu_us.append((time.process_time() - cpu) / queued * 1e6)
        ids, token = batches.claim(database_now())
        started = time.perf_counter()
        for pk in ids[:ONE_BY_ONE]:
            dispatch.handle(pk, token)
        alone.append(len(ids[:ONE_BY_ONE]) / (time.perf_counter() - started))
        ReminderRule.objects.filter(claim_token=token).update(claim_token=None, claimed_until=None)
    ratios = [fast / slow for fast, slow in zip(together, alone, strict=True)]
    return (
        f"Claimed and queued, rules a second, in batches of {batches.BATCH}: {spread(together)}; "
        f"one by one: {spread(alone)}; {spread(ratios, 1)} times as fast. "
        f"CPU of the process, together: {spread(cpu_us)} us a rule."
    )


def enqueueing_at_once(workers: int) -> str:
    """All rules of the crowd, due anew in each round."""
    command = [sys.executable, "-m", "benchmarks.dispatch", "--as-worker", "queue"]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)
    ]
    rates: list[float] = []
    for number in range(ROUNDS + 1):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE reminders_occurrence CASCADE")
            cursor.execute("""
                UPDATE reminders_reminderrule rule SET next_due_at = now(), next_date = day.date, next_slot = 1
                FROM patients_planday day JOIN patients_plan plan ON plan.id = day.plan_id
                WHERE plan.patient_id = rule.patient_id AND next_due_at IS NOT NULL""")
            due = cursor.rowcount
            cursor.execute("VACUUM ANALYZE reminders_reminderrule")
        started = time.perf_counter()
        for one in running:
            print("go", file=one.stdin, flush=True)
        queued = sum(int(one.stdout.readline()) for one in running if one.stdout)
        assert queued == due
        if number:  # the first round warms caches and connections
            rates.append(queued / (time.perf_counter() - started))
    for one in running:
        one.communicate()
    return f"Claimed and queued by {workers} processes at once, rules a second together: {spread(rates)}."


def queue_on_demand() -> int:
    """At each line of its input queue what is due, and say how many it were."""
    for _ in sys.stdin:
        queued = 0
        while taken := take_usual():
            queued += taken
        print(queued, flush=True)
    return 0


def take_usual() -> int:
    taken = batches.take(database_now())
    assert not taken.claimed, f"{len(taken.claimed)} are not usual"
    return taken.queued


# ---- Nothing due ----------------------------------------------------------------------------------------------------
def idle(many: int) -> str:
    forget_all()
    rule = crowd.make(1).template
    later = "now() + interval '1 hour' + n * interval '1 microsecond'"
    crowd.multiply(rule, FEW, id="gen_random_uuid()", next_due_at=later)
    few = buffers_of_a_tick()
    crowd.multiply(rule, many - FEW, id="gen_random_uuid()", next_due_at=later)
    return f"A tick with nothing due reads {few} buffers with {FEW:,} rules, {buffers_of_a_tick()} with {many:,}."


def buffers_of_a_tick() -> int:
    """Of all that it reads; a second run, when what the first had to tidy is tidied."""

    reads: list[tuple[str, Any]] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if sql.startswith("SELECT") and "clock_timestamp" not in sql:
            reads.append((sql, params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reminders_reminderrule")
    dispatch.tick()
    with connection.execute_wrapper(note):
        dispatch.tick()
    with connection.cursor() as cursor:
        total = 0
        for sql, params in reads:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            top = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
            total += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return total


# ---- Several calls at once ------------------------------------------------------------------------------------------
def several_at_once() -> str:
    """One process, sending one by one and several at once in turn, with a mail server that takes its time."""
    most, backend, mail_host = settings.REMINDER_SENDS_AT_ONCE, settings.EMAIL_BACKEND, settings.EMAIL_HOST
    rates: dict[int, list[float]] = {1: [], most: []}
    with mail_server() as mails:
        mails.takes_s = SLOW_SERVER_S
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
        settings.EMAIL_PORT = mails.port
        for at_once in [1, most] * ROUNDS:
            forget_all()
            crowd.make(FEW_SENT * at_once)
            settings.REMINDER_SENDS_AT_ONCE = at_once
            started = time.perf_counter()
            dispatch.tick()
            rates[at_once].append(FEW_SENT * at_once / (time.perf_counter() - started))
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = backend, mail_host
    ratios = [many / one for one, many in zip(rates[1], rates[most], strict=True)]
    return (
        f"Sent by one process to a mail server that takes {SLOW_SERVER_S * 1000:.0f} ms, a second: {most} at once"
        f" {spread(rates[most])}; one by one {spread(rates[1])}; {spread(ratios, 1)} times as fast."
    )


# ---- Draining -------------------------------------------------------------------------------------------------------
def draining(reminders: int, workers: int) -> str:
    forget_all()
    crowd.make(reminders, due_at=f"clock_timestamp() + interval '60 seconds' * n / {reminders}")
    keep_due_times()
    began, cpu = time.perf_counter(), cpu_of_children()
    with mail_server() as mails:
        environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        command = [sys.executable, "-m", "benchmarks.dispatch", "--as-worker", "drain"]
        running = [subprocess.Popen(command, env=environment) for _ in range(workers)]
        assert [one.wait() for one in running] == [0] * workers
        took_s, cpu_s = time.perf_counter() - began, cpu_of_children() - cpu
        assert len(mails.mails) == reminders
    lags = sorted(lags_s())
    assert Delivery.objects.filter(status="sent").count() == reminders
    half, most = lags[len(lags) // 2], lags[len(lags) * 99 // 100]
    return (
        f"{reminders:,} reminders fell due within a minute; {workers} workers sent them in {took_s:.0f} s "
        f"({reminders / took_s:.0f} a second). Lag: half went out within {half:.1f} s, 99 % within {most:.1f} s. "
        f"CPU of a worker: {cpu_s / reminders * 1000:.1f} ms a reminder."
    )


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def keep_due_times() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_due AS SELECT id AS rule, next_due_at AS at FROM reminders_reminderrule")


def lags_s() -> list[float]:
    """From the second at which each fell due, which the crowd spreads over its minute, to its call."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT extract(epoch FROM d.started_at - due.at)::float FROM reminders_delivery d
            JOIN reminders_occurrence o ON o.id = d.occurrence_id JOIN bench_due due ON due.rule = o.rule_id""")
        return [max(0.0, row[0]) for row in cursor.fetchall()]


def drain_alone() -> int:
    """A worker as it is when it has a tick each second, until nothing is left."""
    an_hour = dt.timedelta(hours=1)
    while True:
        dispatch.tick()
        soon = ReminderRule.objects.filter(next_due_at__lte=database_now() + an_hour)
        if not soon.exists() and not Delivery.objects.exclude(retry_at=None).exists():
            return 0
        time.sleep(1)


def forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_clinic, accounts_user, reminders_heartbeat CASCADE")


WORKERS: dict[str, Callable[[], int]] = {"queue": queue_on_demand, "drain": drain_alone}
