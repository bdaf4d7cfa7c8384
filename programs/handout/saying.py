"""Doses and frequencies as people say them: "2 sets of 10, hold 3 s, left leg", "5 days a week". Pure."""

from __future__ import annotations

from programs.dose import Dose
from programs.frequency import WEEK_DAYS, Frequency, Interval, PerWeek, Weekdays, times_per_day
from programs.handout.words import Words

# Holds this long are said in minutes, as on the phone (pwa/src/phone/plan/dose.ts): a walk, not a stretch.
MINUTES_FROM_S = 120


def dose(words: Words, dose: Dose, side: str, laterality: str) -> str:
    """`side` is the dose's, with `affected` already made the patient's where it is known."""
    parts = [_amount(words, dose), _tempo(words, dose), _load(words, dose), _side(words, dose, side, laterality)]
    return ", ".join(part for part in parts if part)


def rest(words: Words, dose: Dose) -> str:
    """The rest between sets, which a phone would count; empty where there is none."""
    return words.say("dose.rest", time=_time(words, dose.rest_s)) if dose.rest_s and dose.sets > 1 else ""


def often(words: Words, frequency: Frequency) -> str:
    if isinstance(frequency, PerWeek):
        return words.say("often.free", count=frequency.count)
    if isinstance(frequency, Weekdays):
        days = len(frequency.days)
        said = words.say("often.every_day") if days == WEEK_DAYS else words.say("often.week", count=days)
    else:
        said = _interval(words, frequency)
    times = times_per_day(frequency)
    return said if times == 1 else words.say("often.a_day", often=said, count=times)


def short(words: Words, frequency: Frequency) -> str:
    """What stands under a name in the tick table: only what its boxes do not show."""
    if isinstance(frequency, PerWeek):
        return words.say("often.short_free", count=frequency.count)
    times = times_per_day(frequency)
    return "" if times == 1 else words.say("often.short_a_day", count=times)


def _interval(words: Words, frequency: Interval) -> str:
    if frequency.every_days == 1:
        return words.say("often.every_day")
    return words.say("often.interval", count=frequency.every_days)


def _amount(words: Words, dose: Dose) -> str:
    if dose.hold_s is not None and (dose.reps or 1) == 1:
        key = "dose.times" if dose.hold_s >= MINUTES_FROM_S else "dose.holds"
        return words.say(key, count=dose.sets, time=_time(words, dose.hold_s))
    reps = dose.reps or 1
    amount = words.say("dose.reps", count=reps) if dose.sets == 1 else words.say("dose.sets", sets=dose.sets, reps=reps)
    return amount if dose.hold_s is None else f"{amount}, {words.say('dose.hold', time=_time(words, dose.hold_s))}"


def _time(words: Words, seconds: int) -> str:
    if seconds < MINUTES_FROM_S:
        return words.say("dose.seconds", n=seconds)
    if seconds % 60 == 0:
        return words.say("dose.minutes", count=seconds // 60)
    return f"{words.say('dose.minutes', count=seconds // 60)} {words.say('dose.seconds', n=seconds % 60)}"


def _tempo(words: Words, dose: Dose) -> str:
    if dose.tempo is None:
        return ""
    out, hold, back = map(words.number, dose.tempo)
    return words.say("dose.tempo", out=out, hold=hold, back=back)


def _load(words: Words, dose: Dose) -> str:
    if dose.load_kg:
        return words.say("dose.kg", n=words.number(dose.load_kg))
    return words.say("dose.band") if dose.load == "band" else ""


def _side(words: Words, dose: Dose, side: str, laterality: str) -> str:
    if side in ("left", "right", "affected"):
        return words.say(f"dose.side.{side}")
    if side == "alternating":
        # A walk alternates by itself; nobody needs to be told.
        return words.say("dose.side.alternating") if (dose.reps or 1) > 1 else ""
    return words.say("dose.side.both") if laterality == "unilateral" else ""
