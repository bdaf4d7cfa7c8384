"""What became of what was due: the pure core of days and adherence (API.md, "Days"; RULINGS.md, "Adherence").

Counted in (key, slot). A log is matched to its own slot first, then to a slot of the same exercise that is still free;
what is left over is `extra`. Nothing here depends on the order in which logs arrived.

Dose is counted in hundredths of a set, so that repetitions and seconds add up: eight repetitions of the ten asked, or
24 seconds of the 30 asked, are 80. An exercise's dose of a date is what all its logs of the date did; up to what was
asked it is `dose_done`, beyond it `dose_over` (docs/adherence.md).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from fractions import Fraction

from patients.schedule import DueItem

A_SET = 100


class Outcome(IntEnum):
    """Of one exercise in one session; the smaller, the better."""

    DONE = 0  # all asked sets
    PARTLY = 1  # some
    SKIPPED = 2  # none, with a reason
    NOTHING = 3  # none, without a word: as if it had not been logged


@dataclass(frozen=True)
class Fact:
    """One line of a session: one exercise, one slot, one side. `reps` and `hold_s` as they were logged, a set each;
    empty or null: as asked."""

    entry: str
    at: dt.datetime
    key: str
    slot: int
    side: str
    sets_done: int
    asked_sets: int
    skipped: bool
    reps: tuple[int, ...] = ()
    hold_s: int | None = None
    asked_reps: int | None = None
    asked_hold_s: int | None = None

    @property
    def dose(self) -> Fraction:
        """In sets as asked. Where repetitions are asked they are what is counted, also when each is held; a set without
        a number counts as asked, a number without a set does not count."""
        if self.asked_reps:
            told = self.reps[: self.sets_done]
            return self.sets_done - len(told) + Fraction(sum(told), self.asked_reps)
        if self.asked_hold_s and self.hold_s is not None:
            return Fraction(self.sets_done * self.hold_s, self.asked_hold_s)
        return Fraction(self.sets_done)


@dataclass(frozen=True, order=True)
class Attempt:
    """One exercise in one slot of one session, its sides put together. Sorts best first, then earliest."""

    outcome: Outcome
    at: dt.datetime
    entry: str
    key: str
    slot: int
    asked_sets: int = field(default=1, compare=False)
    dose: Fraction = field(default=Fraction(0), compare=False)

    @property
    def worked(self) -> bool:
        return self.outcome in (Outcome.DONE, Outcome.PARTLY)


@dataclass(frozen=True)
class Day:
    date: dt.date
    items: tuple[DueItem, ...]
    open: bool = True
    week: dt.date | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Counts:
    due: int = 0
    done: int = 0
    partly: int = 0
    skipped: int = 0
    excused: int = 0
    extra: int = 0
    sessions_due: int = 0
    sessions_done: int = 0
    dose_asked: int = 0
    dose_done: int = 0
    dose_over: int = 0
    dose_undone: int = 0

    @property
    def undone(self) -> int:
        """Due, and nothing was heard of it: missed or unknown."""
        return self.due - self.done - self.partly - self.skipped


State = str  # due | done | partly | skipped | excused
WORDS: Mapping[Outcome, State] = {Outcome.DONE: "done", Outcome.PARTLY: "partly", Outcome.SKIPPED: "skipped"}


@dataclass
class _Dose:
    """Of one exercise on one date. `undone`: asked, and nothing was heard of it."""

    asked: int = 0
    made: Fraction = Fraction(0)
    undone: int = 0

    def counts(self, is_open: bool) -> dict[str, int]:
        made = _round(self.made * A_SET)
        # A pause or a lock excuses what is not done, also of one exercise.
        asked = self.asked if is_open else min(self.asked, made)
        done = min(asked, made)
        return {
            "dose_asked": asked,
            "dose_done": done,
            "dose_over": made - done,
            "dose_undone": min(self.undone, asked - done),
        }


def _round(value: Fraction) -> int:
    """Half up."""
    return int(value + Fraction(1, 2))


@dataclass
class _Tally:
    """A day while it is being counted. `sessions`: slot → [whether each due item was done or partly]."""

    day: Day
    states: dict[tuple[str, int], State] = field(default_factory=dict)
    tally: Counter[str] = field(default_factory=Counter)
    sessions: dict[int, list[bool]] = field(default_factory=lambda: defaultdict(list))
    doses: dict[str, _Dose] = field(default_factory=lambda: defaultdict(_Dose))
    dated_sessions: int = 0
    further_sessions: int = 0

    def settle(self, item: DueItem, attempt: Attempt | None) -> None:
        """An item of this date, with what became of it. A pause, a lock or a rule excuses only what is not done."""
        word = WORDS.get(attempt.outcome, "due") if attempt is not None else "due"
        worked = word in ("done", "partly")
        if (item.excused or not self.day.open) and not worked:
            word = "excused"
        self.states[item.prescription, item.slot] = word
        self.tally[word] += 1
        if word != "excused":
            self.sessions[item.slot].append(worked)
            # What the patient saw, when the log says it: a late log may speak of an earlier revision.
            self.ask(item.key, item.sets if attempt is None else attempt.asked_sets, heard=word != "due")

    def ask(self, key: str, sets: int, *, heard: bool) -> None:
        self.doses[key].asked += sets * A_SET
        if not heard:
            self.doses[key].undone += sets * A_SET

    def counts(self) -> Counts:
        tally = self.tally
        dose: Counter[str] = Counter()
        for one in self.doses.values():
            dose.update(one.counts(self.day.open))
        return Counts(
            due=tally["due"] + tally["done"] + tally["partly"] + tally["skipped"],
            done=tally["done"],
            partly=tally["partly"],
            skipped=tally["skipped"],
            excused=tally["excused"],
            extra=tally["extra"],
            sessions_due=len(self.sessions) + self.further_sessions,
            # CLINICAL.md E: a session counts when at least half of its items are logged.
            sessions_done=sum(2 * sum(items) >= len(items) for items in self.sessions.values()),
            **dose,
        )


@dataclass(frozen=True)
class Counted:
    """A day's numbers and the state of each (prescription, slot), as the phone shows it."""

    counts: Counts
    states: Mapping[tuple[str, int], State]


def attempts_of(day: Day) -> list[Attempt]:
    """The day's logs, a session's sides put together, best first; what says nothing is left out."""
    both = {item.key for item in day.items if item.both}
    lines: dict[tuple[str, str, int], list[Fact]] = defaultdict(list)
    for fact in day.facts:
        lines[fact.entry, fact.key, fact.slot].append(fact)
    made = [
        Attempt(
            _outcome(facts, key in both),
            facts[0].at,
            entry,
            key,
            slot,
            max(1, *(fact.asked_sets for fact in facts)),
            _dose(facts, key in both),
        )
        for (entry, key, slot), facts in lines.items()
    ]
    return sorted(attempt for attempt in made if attempt.outcome != Outcome.NOTHING)


def _outcome(facts: Sequence[Fact], both: bool) -> Outcome:
    """Of one exercise in one session. Where the dose asks for both sides, the side that got less decides."""
    asked = max(fact.asked_sets for fact in facts)
    sides = {side: sum(fact.sets_done for fact in facts if fact.side in (side, "both")) for side in ("left", "right")}
    least, most = min(sides.values()), max(sides.values())
    if (least if both else most) >= max(asked, 1):
        return Outcome.DONE
    if most > 0:
        return Outcome.PARTLY
    return Outcome.SKIPPED if any(fact.skipped for fact in facts) else Outcome.NOTHING


def _dose(facts: Sequence[Fact], both: bool) -> Fraction:
    """Of one exercise in one session, in sets as asked. Where the dose asks for both sides, each is half of it; else
    the side that got more counts, since the other was not asked for."""
    left, right = (
        sum((fact.dose for fact in facts if fact.side in (side, "both")), Fraction(0)) for side in ("left", "right")
    )
    return (left + right) / 2 if both else max(left, right)


def match(slots: Iterable[int], attempts: Iterable[Attempt]) -> tuple[dict[int, Attempt], list[Attempt]]:
    """One exercise on one date: (slot → what was done in it, what is left over). `attempts` are best first."""
    slots, rest = sorted(slots), []
    filled: dict[int, Attempt] = {}
    for attempt in attempts:
        if attempt.slot in slots and attempt.slot not in filled:
            filled[attempt.slot] = attempt
        else:
            rest.append(attempt)
    free = [slot for slot in slots if slot not in filled]
    left = []
    for attempt in rest:
        if free and attempt.worked:
            filled[free.pop(0)] = attempt
        else:
            left.append(attempt)
    return filled, left


def count_days(days: Iterable[Day], today: dt.date, ended_on: dt.date | None = None) -> dict[dt.date, Counted]:
    """Judge whole days of one plan. All days of a week that has n-a-week exercises must be given together.

    `today` decides which weeks have ended: the running week is not judged.
    """
    days = list(days)
    tallies = {day.date: _Tally(day) for day in days}
    weeks: dict[dt.date, list[Day]] = defaultdict(list)
    for day in days:
        if day.week is not None:
            weeks[day.week].append(day)
        else:
            _count_dated(tallies[day.date], frozenset())
    for start, week in weeks.items():
        _count_week([tallies[day.date] for day in week], _week_has_ended(start, today, ended_on), today)
    return {date: Counted(tally.counts(), tally.states) for date, tally in tallies.items()}


def _week_has_ended(start: dt.date, today: dt.date, ended_on: dt.date | None) -> bool:
    after = start + dt.timedelta(days=7)
    return today >= (after if ended_on is None else min(after, ended_on))


def _count_dated(tally: _Tally, weekly_keys: frozenset[str]) -> list[Attempt]:
    """Settle the items that have this date. Returns the attempts at this week's n-a-week exercises."""
    slots: dict[str, dict[int, DueItem]] = defaultdict(dict)
    for item in tally.day.items:
        if item.weekly is None:
            slots[item.key][item.slot] = item
    by_key: dict[str, list[Attempt]] = defaultdict(list)
    weekly = []
    for attempt in attempts_of(tally.day):
        tally.doses[attempt.key].made += attempt.dose
        if attempt.key in weekly_keys and attempt.key not in slots:
            weekly.append(attempt)
        else:
            by_key[attempt.key].append(attempt)
    for key, items in slots.items():
        filled, by_key[key] = match(items, by_key[key])
        for slot, item in items.items():
            tally.settle(item, filled.get(slot))
    tally.tally["extra"] += sum(attempt.worked for rest in by_key.values() for attempt in rest)
    tally.dated_sessions = len(tally.sessions)
    return weekly


def _count_week(week: Sequence[_Tally], ended: bool, today: dt.date) -> None:
    """One bucket of at most seven days. Per n-a-week exercise the first `target` dates on which it was done are due
    there; when the week has ended the shortfall is due on its last open day."""
    week = sorted(week, key=lambda tally: tally.day.date)
    offered: dict[str, list[tuple[_Tally, DueItem]]] = defaultdict(list)
    for tally in week:
        for item in tally.day.items:
            if item.weekly is not None:
                offered[item.key].append((tally, item))
    attempts: dict[str, list[tuple[_Tally, Attempt]]] = defaultdict(list)
    for tally in week:
        for attempt in _count_dated(tally, frozenset(offered)):
            attempts[attempt.key].append((tally, attempt))
    last_open = max((tally for tally in week if tally.day.open), key=lambda tally: tally.day.date, default=None)
    largest = 0
    for key, where in offered.items():
        target = _target([item.weekly or 0 for tally, item in where if tally.day.open and not item.excused])
        largest = max(largest, target)
        _count_weekly(where, attempts[key], target, last_open if ended else None, today)
    if ended and last_open is not None:
        wanted = max(sum(tally.dated_sessions for tally in week), largest)
        last_open.further_sessions = max(0, wanted - sum(len(tally.sessions) for tally in week))


def _target(counts: Sequence[int]) -> int:
    """Σ ÷ 7, rounded half up, in whole numbers."""
    return (2 * sum(counts) + 7) // 14


def _count_weekly(
    offered: Sequence[tuple[_Tally, DueItem]],
    attempts: Sequence[tuple[_Tally, Attempt]],
    target: int,
    last_open: _Tally | None,
    today: dt.date,
) -> None:
    """One n-a-week exercise in one week. `last_open` is given when the week has ended and the shortfall is judged."""
    items = {tally.day.date: item for tally, item in offered}
    reached = 0
    skipped: set[dt.date] = set()
    worked: set[dt.date] = set()
    for tally, attempt in attempts:
        date = tally.day.date
        item = items.get(date) or replace(offered[0][1], weekly=None)
        if not attempt.worked:
            skipped.add(date)
        elif date in worked or reached >= target:
            tally.tally["extra"] += 1
            if date in items:
                tally.states.setdefault((item.prescription, item.slot), WORDS[attempt.outcome])
        else:
            reached += 1
            tally.settle(item, attempt)
        if attempt.worked:
            worked.add(date)
    shortfall = target - reached
    for tally, item in offered:
        if item.excused and tally.day.date not in worked:
            tally.states.setdefault((item.prescription, item.slot), "excused")
        if tally.day.date not in worked and tally.day.date >= today and shortfall > 0 and last_open is None:
            tally.states[item.prescription, item.slot] = "due" if tally.day.open and not item.excused else "excused"
    if last_open is not None and shortfall > 0:
        as_skipped = min(shortfall, int(last_open.day.date in skipped))
        last_open.tally["skipped"] += as_skipped
        last_open.tally["due"] += shortfall - as_skipped
        last = max(offered, key=lambda one: one[0].day.date)[1]
        for n in range(shortfall):
            last_open.ask(last.key, last.sets, heard=n < as_skipped)
        # It may be shown where the exercise is offered; a date on which it was done says so.
        if (shown := items.get(last_open.day.date)) is not None:
            word = "skipped" if as_skipped else "due"
            last_open.states.setdefault((shown.prescription, shown.slot), word)
