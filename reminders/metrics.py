"""Numbers for Prometheus, of the last hour and of this moment: its text format is a few lines and needs no library.

Gauges, not counters: they are read from the rows, so they are the same whichever process answers, and a restart loses
nothing. Deliveries have UUIDv7 keys, so the last hour is one range of the primary key, however many years lie behind.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from reminders.clock import database_now
from reminders.health import health
from reminders.models import ChannelName, Delivery, DeliveryStatus

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WINDOW = dt.timedelta(hours=1)
# A flood of reminders is judged by its newest ones.
LAG_SAMPLE = 20_000
QUANTILES = (0.5, 0.99)
SHOWN = (*ChannelName.values, "none")  # none: no channel was on

Sample = tuple[str, float]


def allowed(request: HttpRequest) -> bool:
    """Whether the caller stands in METRICS_ALLOW. A request that came through a proxy is the proxy's client's: its
    address counts where proxies are believed (BEHIND_PROXY), and else nothing about it can be known."""
    forwarded = request.headers.get("X-Forwarded-For")
    if forwarded and not settings.PROXIES:
        return False
    caller = forwarded.rsplit(",", maxsplit=1)[-1] if forwarded else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(caller.strip())
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_ALLOW)


def text() -> str:
    now = database_now()
    return "".join(_lines(now))


def _lines(now: dt.datetime) -> Iterator[str]:
    recent = Delivery.objects.filter(pk__gte=first_id(now - WINDOW))
    yield from _gauge(
        "reminder_deliveries", "Deliveries begun in the last hour, by channel and outcome.", _deliveries(recent)
    )
    due = recent.aggregate(n=Count("occurrence", distinct=True))["n"]
    yield from _gauge("reminders_due", "Reminders that were due and dealt with in the last hour.", [("", due)])
    yield from _gauge(
        "reminder_lag_seconds", "From the hour of a reminder to its sending, in the last hour.", _lag(recent)
    )
    found = health()
    yield from _gauge("reminder_backlog", "What is due and not dealt with.", [("", found.backlog)])
    yield from _gauge("reminder_oldest_due_seconds", "Age of the oldest of it.", [("", found.oldest_due_age_s)])
    age = float("nan") if found.last_tick_age_s is None else found.last_tick_age_s
    yield from _gauge("reminder_last_tick_age_seconds", "Since the loop last ran; NaN: never.", [("", age)])
    yield from _gauge(
        "staff_alerts_unheard", "Open staff alerts that have reached nobody.", [("", found.alerts_unheard)]
    )


def _gauge(name: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP homestretch_{name} {help_text}\n# TYPE homestretch_{name} gauge\n"
    for labels, value in samples:
        yield f"homestretch_{name}{labels} {'NaN' if math.isnan(value) else value}\n"


def _deliveries(recent: QuerySet[Delivery]) -> list[Sample]:
    """Every channel and status, the zeros too: an alarm must not wait for a first failure."""
    grouped = recent.order_by().values_list("channel", "status").annotate(n=Count("pk"))
    counts = {(channel or "none", status): n for channel, status, n in grouped}
    return [
        (f'{{channel="{channel}",status="{status}"}}', counts.get((channel, status), 0))
        for channel in SHOWN
        for status in DeliveryStatus.values
    ]


def _lag(recent: QuerySet[Delivery]) -> list[Sample]:
    """Of first attempts at reminders; what comes after one has an hour of its own."""
    told = recent.filter(sequence=1, attempts=1).order_by("-pk")
    pairs = told.values_list("started_at", "occurrence__due_at")[:LAG_SAMPLE]
    lags = sorted((started - due).total_seconds() for started, due in pairs)
    return [(f'{{quantile="{q}"}}', quantile(lags, q)) for q in QUANTILES]


def quantile(ordered: Sequence[float], q: float) -> float:
    """The value that a share `q` does not exceed; NaN of nothing."""
    if not ordered:
        return float("nan")
    return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def first_id(moment: dt.datetime) -> uuid.UUID:
    """The lowest UUIDv7 of that millisecond."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62)
