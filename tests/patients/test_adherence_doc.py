"""docs/adherence.md says what the code does: every number of its worked examples is computed here from its logs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from patients import adherence, adherence_sum
from patients.counting import Day, Fact, count_days
from patients.days import OF_EXERCISES
from patients.models import PlanDay
from patients.schedule import DueItem
from programs.frequency import WEEK_DAYS

PAGE = Path(__file__).parents[2] / "docs" / "adherence.md"
MONDAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
PLAN = re.compile(
    r"^Plan: (?P<plan>.+?)\. Heard of up to day (?P<heard>\d+)\.(?: Paused on days (?P<paused>[\d, ]+)\.)?",
    re.MULTILINE,
)
COLUMNS = ("due", "done", "partly", "skipped", "missed", "unknown", "excused", "extra")


@dataclass(frozen=True)
class Exercise:
    """As the example's plan line has it: “bridge 3 × 10 daily”, “stretch 2 × 30 s 3 a week”."""

    name: str
    sets: int
    each: int
    seconds: bool
    often: str

    @classmethod
    def parse(cls, text: str) -> Exercise:
        found = re.fullmatch(r"(\w+) (\d+) × (\d+)( s)? (daily|twice a day|(\d+) a week)", text)
        assert found is not None, text
        name, sets, each, seconds, often, _ = found.groups()
        return cls(name, int(sets), int(each), bool(seconds), often)

    def items(self) -> list[DueItem]:
        if self.often.endswith("a week"):
            return [DueItem(self.name, self.name, weekly=int(self.often.split()[0]), sets=self.sets)]
        times = 2 if self.often == "twice a day" else 1
        return [DueItem(self.name, self.name, slot + 1, sets=self.sets) for slot in range(times)]

    def fact(self, entry: str, at: dt.datetime, slot: int, numbers: list[int], *, skipped: bool) -> Fact:
        one = Fact(entry, at, self.name, slot, "left", len(numbers), self.sets, skipped)
        if not self.seconds:
            return replace(one, asked_reps=self.each, reps=tuple(numbers))
        assert len(set(numbers)) <= 1, "a phone says one duration for all sets"
        return replace(one, asked_hold_s=self.each, hold_s=numbers[0] if numbers else None)


@dataclass(frozen=True)
class Example:
    title: str
    exercises: dict[str, Exercise]
    heard: int
    closed: frozenset[int]
    rows: list[list[str]]
    text: str

    @classmethod
    def parse(cls, section: str) -> Example:
        title, body = section.split("\n", 1)
        plan = PLAN.search(body)
        assert plan is not None, title
        exercises = [Exercise.parse(one) for one in plan["plan"].split(", ")]
        closed = frozenset(int(one) for one in (plan["paused"] or "").split(", ") if one)
        lines = [line for line in body.splitlines() if line.startswith("|")][2:]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        return cls(title, {one.name: one for one in exercises}, int(plan["heard"]), closed, rows, body)

    def days(self) -> list[Day]:
        items = tuple(item for one in self.exercises.values() for item in one.items())
        weekly = any(item.weekly for item in items)
        return [
            Day(
                date := MONDAY + (int(row[0]) - 1) * DAY,
                items,
                open=int(row[0]) not in self.closed,
                week=MONDAY + (date - MONDAY).days // WEEK_DAYS * WEEK_DAYS * DAY if weekly else None,
                facts=tuple(self._facts(date, row[1])),
            )
            for row in self.rows[:-1]
        ]

    def _facts(self, date: dt.date, log: str) -> list[Fact]:
        facts = []
        for n, session in enumerate(part.strip() for part in log.split(";")):
            at = dt.datetime.combine(date, dt.time(8 + n), dt.UTC)
            for line in session.split(", ") if session != "-" else []:
                skip, name, numbers = re.fullmatch(r"(skip )?(\w+)((?: \d+)*)", line).groups()  # type: ignore[union-attr]
                told = [int(one) for one in numbers.split()]
                facts.append(self.exercises[name].fact(f"{date}{n}", at, 1, told, skipped=bool(skip)))
        return facts

    def stored(self) -> list[PlanDay]:
        """What the database would hold."""
        today = MONDAY + (len(self.rows) - 1) * DAY
        counted = count_days(self.days(), today)
        return [
            PlanDay(date=date, **{name: getattr(one.counts, name) for name in OF_EXERCISES})
            for date, one in counted.items()
        ]

    @property
    def today(self) -> dt.date:
        return MONDAY + (len(self.rows) - 1) * DAY

    @property
    def known_until(self) -> dt.date | None:
        return MONDAY + (self.heard - 1) * DAY if self.heard else None


def sets(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def cells(row: dict[str, Any]) -> list[str]:
    return [
        *(str(row[name]) for name in COLUMNS),
        f"{row['sessions_done']}/{row['sessions_due'] - row['sessions_unknown']}",
        f"{sets(row['dose_done'])}/{sets(row['dose_asked'] - row['dose_unknown'])}",
        sets(row["dose_over"]),
    ]


def percent(done: int, asked: int) -> str:
    return f"{float(Fraction(round(Fraction(1000 * done, asked)), 10)):.1f} %" if asked else "no number"


EXAMPLES = [
    Example.parse(section)
    for section in PAGE.read_text(encoding="utf-8").split("## Worked examples")[1].split("\n### ")[1:]
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_numbers_of_the_page_are_those_of_the_code(example: Example) -> None:
    stored = example.stored()
    rows = [adherence.sum_row(day, example.known_until) for day in stored]
    assert [[row[0], *row[2:]] for row in example.rows[:-1]] == [
        [str(n + 1), *cells(row)] for n, row in enumerate(rows)
    ]
    total = {name: sum(row[name] for row in rows) for name in rows[0] if name not in ("plan", "date")}
    assert example.rows[-1] == ["sum", "", *cells(total)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_sentence_under_each_example_is_what_the_api_answers(example: Example) -> None:
    stored = example.stored()
    rows = [adherence.sum_row(day, example.known_until) for day in stored]
    window = len(rows)
    answer = adherence_sum.sums(rows, stored, example.today)
    session, dose = answer["session"], answer["dose"]
    over = adherence.overdoing_of(stored, example.known_until, example.today, window)
    asked = dose["asked"] - dose["unknown"]
    heard = session["due"] - session["unknown"]
    band = (session["band"] or "no band").replace("_", " ")
    flagged = ", flagged" if over.flagged else ""
    assert (
        f"Session adherence: {session['done']} ÷ {heard} = {percent(session['done'], heard)}, {band}. "
        f"Dose adherence: {sets(dose['done'])} ÷ {sets(asked)} = {percent(dose['done'], asked)}. "
        f"Over-doing: {sets(over.done)} ÷ {sets(asked)} = {percent(over.done, asked)}{flagged}."
    ) in " ".join(example.text.split())
    assert session["value"] == adherence.adherence(stored, example.known_until, example.today, window)
    assert over.ratio == (round(over.done / asked, 3) if asked else None)


def test_page_has_an_example_of_every_word_and_of_every_band() -> None:
    totals = [dict(zip(COLUMNS, example.rows[-1][2:], strict=False)) for example in EXAMPLES]
    assert {name for total in totals for name in COLUMNS if total[name] != "0"} == set(COLUMNS)
    sentences = [" ".join(example.text.split()) for example in EXAMPLES]
    for band in adherence.Band:
        assert any(f", {band.value.replace('_', ' ')}. Dose" in sentence for sentence in sentences), band
    assert any("flagged" in example.text for example in EXAMPLES)


def test_thresholds_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"| on track | {adherence.ON_TRACK} % or more |" in page
    assert f"| partial | {adherence.PARTIAL} % or more, less than {adherence.ON_TRACK} % |" in page
    assert f"| low | less than {adherence.PARTIAL} % |" in page
    assert f"flagged above {adherence.OVERDOING} %" in page
