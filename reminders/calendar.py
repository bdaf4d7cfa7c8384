"""A calendar feed: the due days of four weeks at the hours of the rules, under a random address (RFC 5545).

Whoever has the address sees when somebody exercises and nothing else: titles are generic, no name, no exercise. Hours
are written in UTC, each computed from its own local date, so that no reader has to know a zone's rules: 08:00 is 08:00
on both sides of a clock change. An event's UID is the occurrence's id: it stays the same when its hour moves.

A date under a pause or a lock, of a plan that was stopped, or of a patient who was discharged is not in the feed, and
calendars take off what is no longer there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict

import icalendar
from django.db import transaction
from django.utils import timezone

from accounts.models import User, hash_token, new_token
from patients.days import local_today
from patients.models import Patient, PatientAccess, PlanDay
from reminders import asking
from reminders.due import occasions_on
from reminders.models import CalendarFeed, RuleKind, occurrence_id
from reminders.today import week_wants_more

DAYS = 28
WEEK = dt.timedelta(days=7)
# [D] How long an event is; what a session takes differs, and the length would say something of it.
LASTS = dt.timedelta(minutes=15)
READ_AGAIN = dt.timedelta(hours=6)
FETCHES_NOTED = dt.timedelta(hours=1)

TITLES = {"en": "Exercises", "es": "Ejercicios"}


# ---- Addresses ------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_feed(patient: Patient, user: User) -> str:
    """The token of a new address, which nobody can be shown again; the account's earlier one ends."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    close_feed(patient, user)
    token = new_token()
    CalendarFeed.objects.create(patient=patient, token_hash=hash_token(token), created_by=user)
    return token


def close_feed(patient: Patient, user: User) -> None:
    """Doing it twice changes nothing."""
    patient.calendar_feeds.filter(created_by=user, revoked_at=None).update(revoked_at=timezone.now())


def find(token: str) -> CalendarFeed | None:
    """None for an address that was never there, was revoked, or whose maker may not see the record any more."""
    live = CalendarFeed.objects.filter(token_hash=hash_token(token), revoked_at=None)
    feed = live.select_related("patient").first()
    if feed is None:
        return None
    still = PatientAccess.objects.filter(
        user=feed.created_by_id, patient=feed.patient_id, ended_at=None, user__is_active=True
    )
    return feed if still.exists() else None


def note_fetch(feed: CalendarFeed, now: dt.datetime) -> None:
    """At most once an hour: calendars ask often."""
    if feed.last_fetched_at is None or now - feed.last_fetched_at >= FETCHES_NOTED:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_fetched_at=now)


# ---- What stands in it ----------------------------------------------------------------------------------------------
def write(patient: Patient, now: dt.datetime) -> bytes:
    """The whole calendar. The same bytes all day long while nothing changes. Two queries."""
    today = local_today(patient, now)
    language = patient.language.split("-", maxsplit=1)[0].lower()
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Homestretch//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Homestretch")
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(READ_AGAIN))
    if asking.is_active(patient):
        for uid, due_at in occasions(patient, today):
            calendar.add_component(_event(uid, due_at, TITLES.get(language, TITLES["en"]), today))
    text: bytes = calendar.to_ical()
    return text


def occasions(patient: Patient, today: dt.date) -> list[tuple[str, dt.datetime]]:
    """(the occurrence's id, instant) of what the rules of exercise will remind of."""
    dates = due_dates(patient, today)
    found = []
    for rule in patient.reminder_rules.filter(kind=RuleKind.EXERCISE, paused=False):
        rule.timezone = patient.timezone
        schedule = rule.schedule()
        for date in dates:
            for one in occasions_on(schedule, date):
                if not one.silenced:
                    found.append((str(occurrence_id(rule.pk, date, one.slot)), one.due_at))
    return sorted(found, key=lambda one: (one[1], one[0]))


def due_dates(patient: Patient, today: dt.date) -> list[dt.date]:
    """Dates on which something is due, or a week of n times wants more."""
    span = (today - WEEK, today + dt.timedelta(days=DAYS - 1))
    days = list(PlanDay.objects.filter(plan__patient=patient, date__range=span).order_by("date"))
    done: dict[tuple[object, dt.date | None], int] = defaultdict(int)
    for day in days:
        done[day.plan_id, day.week] += day.sessions_done
    return sorted({day.date for day in days if day.date >= today and _asks(day, done[day.plan_id, day.week])})


def _asks(day: PlanDay, done_in_week: int) -> bool:
    return (day.open and day.due > 0) or week_wants_more(day, done_in_week)


def _event(uid: str, due_at: dt.datetime, title: str, today: dt.date) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    # RFC 5545 wants the instant of writing; a whole day's, so that an unchanged calendar is the same bytes.
    event.add("dtstamp", dt.datetime.combine(today, dt.time(0), tzinfo=dt.UTC))
    event.add("dtstart", due_at)
    event.add("duration", LASTS)
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # nobody is busy then
    return event


def etag(text: bytes) -> str:
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'
