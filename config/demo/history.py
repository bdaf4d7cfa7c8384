"""What a demo patient's phone sent: items of `POST /me/sync`, made from what was due and the persona. Pure."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.cast import Persona

NAMESPACE = uuid.UUID("5c1f9a3e-7d0b-4a86-9a41-0d3e6f1b2c77")
EVENING = dt.time(19)
SECONDS_A_REP = 4
CHECKIN_AT = dt.time(6, 50)
OUTCOMES_AT = dt.time(21, 10)
ASKED_ON = {0: "baseline", 28: "w4"}  # by day of the plan
# As patients write; about the day, not about treatment.
NOTES = {
    "en": ("Did it before breakfast.", "Slept badly.", "A bit rushed today.", "Felt easy.", "Long drive yesterday."),
    "es": ("Antes de desayunar.", "He dormido mal.", "Hoy con prisa.", "Me ha resultado fácil.", "Ayer, mucho coche."),
}


@dataclass(frozen=True)
class Asked:
    """A prescription as the phone knows it. `side`: the one to log, `affected` already resolved."""

    slug: str
    dose: Mapping[str, Any]
    side: str


@dataclass(frozen=True)
class Orders:
    """The plan as the phone knows it: its prescriptions by id, and the limit of its pain rule."""

    plan: uuid.UUID
    asked: Mapping[str, Asked]
    pain_limit: int


@dataclass(frozen=True)
class DueDay:
    """One date of the plan; `items` as `PlanDay.items`."""

    date: dt.date
    items: Sequence[Mapping[str, Any]]
    open: bool


@dataclass(frozen=True)
class Sent:
    """An item and when it left the phone."""

    at: dt.datetime
    item: dict[str, Any]


class Diary:
    """One person's weeks. Every random choice comes from `rng`, in the order of the dates."""

    def __init__(self, persona: Persona, orders: Orders, today: dt.date, rng: random.Random) -> None:
        self.persona, self.orders, self.today, self.rng = persona, orders, today, rng
        self.zone = ZoneInfo(persona.zone)
        self.mood = 0.0  # a slow wave, so that good days and bad days come in runs
        self.last_morning: int | None = None

    def write(self, days: Sequence[DueDay]) -> list[Sent]:
        """Up to yesterday; today is still ahead of everybody. In the order in which the phone sent it."""
        past = [day for day in days if day.date < self.today]
        items = [item for n, day in enumerate(past) for item in self._day(day, n, len(past))]
        return sorted(items, key=lambda sent: (sent.at, sent.item["id"]))

    def _day(self, day: DueDay, n: int, total: int) -> Iterator[Sent]:
        back = (self.today - day.date).days
        progress = n / max(1, total - 1)
        self.mood = 0.7 * self.mood + self.rng.gauss(0, 0.35)
        level = self._between(self.persona.pain, progress**0.8) + self.mood
        if self._away(back):
            return
        if n == 0 and self.persona.goal:
            yield self._send(day.date, dt.time(21), "goal", text=self.persona.goal, done_at=None)
        if self.persona.activities and n in ASKED_ON:
            yield from self._outcomes(day.date, ASKED_ON[n], progress)
        keen = self._between(self.persona.adherence, progress)
        if (back == 1 and self.persona.last_answers) or self.rng.random() < 0.4 + keen / 2:
            yield self._morning(day.date, level, back)
        if n % 7 == 6:
            yield self._weekly(day.date, level, keen)
        if day.open:
            yield from self._sessions(day, level, keen, back)
        if back == 2 and self.persona.message:
            yield self._send(day.date, dt.time(20, 5), "message", body=self.persona.message, about=None)

    def _away(self, back: int) -> bool:
        return self.persona.away is not None and self.persona.away[0] <= back <= self.persona.away[1]

    @staticmethod
    def _between(ends: tuple[float, float], progress: float) -> float:
        return ends[0] + (ends[1] - ends[0]) * progress

    def _score(self, level: float, spread: float = 0.6) -> int:
        """Below 8, which would stop everything until midnight."""
        return max(0, min(7, round(level + self.rng.gauss(0, spread))))

    # ---- check-ins --------------------------------------------------------------------------------------------------

    def _morning(self, date: dt.date, level: float, back: int) -> Sent:
        score = self._score(level)
        before = score if self.last_morning is None else self.last_morning
        self.last_morning = score
        answers: dict[str, Any] = {
            "q_morning": score,
            "q_morning_vs": "less" if score < before else "more" if score > before else "same",
            "q_radiate": self.persona.radiates,
            "q_tingle": 1 if self.persona.radiates else 0,
            "q_weak": "no",
            "q_numb_new": "no",
            "q_redflag": [],
        }
        if back == 1:
            answers |= self.persona.last_answers
        return self._send(date, CHECKIN_AT, "checkin", kind="morning", version=1, answers=answers)

    def _weekly(self, date: dt.date, level: float, keen: float) -> Sent:
        average = self._score(level, 0.3)
        sitting = ("gt60", "30_60", "15_30", "5_15", "lt5")
        answers = {
            "q_pain_avg": average,
            "q_pain_worst": min(7, average + self.rng.randint(1, 2)),
            "q_sit_pain": self._score(level - 0.5),
            "q_sit_time": sitting[min(4, max(0, round(level / 1.6)))],
            "q_extend": self._score(level) if self.rng.random() < 0.8 else "not_tried",
            "q_cross": self._score(level - 0.3) if self.rng.random() < 0.7 else "not_tried",
            "q_lbp": self.rng.choice((0, 0, 1, 2)),
            "q_snap": "none",
            "q_night": "once" if level > 4 else "no",
            "q_meds": "usual" if level > 4.5 else "none",
            "q_follow": round(10 * min(1.0, keen)),
        }
        return self._send(date, dt.time(20, 30), "checkin", kind="weekly", version=1, answers=answers)

    def _outcomes(self, date: dt.date, timepoint: str, progress: float) -> Iterator[Sent]:
        """Without dice: what else happens in these weeks stays as it was told."""
        average = round(self._between(self.persona.pain, progress))
        scores = [
            {"text": text, "score": round(self._between((first, last), progress))}
            for text, first, last in self.persona.activities
        ]
        answered: dict[str, dict[str, Any]] = {
            "nprs": {"now": max(0, average - 1), "average": average, "worst": min(10, average + 2)},
            "psfs": {"activities": scores},
        }
        if timepoint != "baseline":
            answered["groc"] = {"change": self.persona.better}
        at = dt.datetime.combine(date, OUTCOMES_AT, self.zone)
        for instrument, answers in answered.items():
            item = {"type": "outcome", "id": self._id(date, instrument), "at": at.isoformat()}
            yield Sent(at, item | {"instrument": instrument, "timepoint": timepoint, "answers": answers})

    # ---- sessions ---------------------------------------------------------------------------------------------------

    def _sessions(self, day: DueDay, level: float, keen: float, back: int) -> Iterator[Sent]:
        by_slot: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for item in day.items:
            if item["weekly"] is None or self.rng.random() < item["weekly"] / 7 * 1.15:
                by_slot[item["slot"]].append(item)
        weekend = 0.08 if day.date.isoweekday() > 5 else 0.0
        for slot, items in sorted(by_slot.items()):
            if self.rng.random() < keen - weekend:
                yield self._session(day, slot, items, level)

    def _session(self, day: DueDay, slot: int, items: Sequence[Mapping[str, Any]], level: float) -> Sent:
        back = (self.today - day.date).days
        before = self._score(level)
        exercises = [self._exercise(day.date, item, level, back) for item in items]
        after = max(0, min(7, before + self.rng.choice((-1, -1, 0, 0, 0, 1))))
        notes = NOTES[self.persona.language]
        seconds = sum(self._seconds(self.orders.asked[item["prescription"]].dose) for item in items)
        return self._send(
            day.date,
            self.persona.hour if slot == 1 else EVENING,
            "session",
            name=f"session-{slot}",
            late=self.rng.random() < 0.04 and back > 2 and not self._away(back - 1),
            plan=str(self.orders.plan),
            edited_at=None,
            duration_s=round(seconds * self.rng.uniform(0.9, 1.3)),
            pain_before=before,
            pain_after=after,
            effort=max(1, min(8, round(4 + self.rng.gauss(0, 1)))),
            note=self.rng.choice(notes) if self.rng.random() < 0.08 else "",
            exercises=exercises,
        )

    def _exercise(self, date: dt.date, item: Mapping[str, Any], level: float, back: int) -> dict[str, Any]:
        slot = item["slot"]
        asked = self.orders.asked[item["prescription"]]
        soreness = self.persona.sore.get(asked.slug)
        pain = soreness[0] if soreness and back <= soreness[1] else self._score(level - 1.8, 0.4)
        sets = int(asked.dose["sets"])
        dice = self.rng.random()
        skipped = None
        if dice < 0.03:
            skipped = (
                "pain" if pain > self.orders.pain_limit else self.rng.choice(("time", "time", "equipment", "unsure"))
            )
        done = 0 if skipped else max(1, sets - 1) if dice < 0.1 else sets
        reps = asked.dose.get("reps")
        return {
            "id": self._id(date, f"exercise-{slot}-{item['key']}"),
            "prescription": item["prescription"],
            "slot": slot,
            "side": asked.side,
            "variant": None,
            "sets_done": done,
            "reps": [reps] * done if reps else [],
            "hold_s": asked.dose.get("hold_s") if done else None,
            "load_kg": asked.dose.get("load_kg") if done else None,
            "pain": None if skipped and skipped != "pain" else pain,
            "difficulty": None
            if skipped
            else "hard"
            if pain > self.orders.pain_limit
            else self.rng.choice(("easy", "right", "right")),
            "skipped": skipped,
        }

    @staticmethod
    def _seconds(dose: Mapping[str, Any]) -> int:
        work = (dose.get("reps") or 1) * (dose.get("hold_s") or SECONDS_A_REP)
        return int(dose["sets"]) * (work + int(dose.get("rest_s") or 0))

    # ---- items ------------------------------------------------------------------------------------------------------

    def _send(
        self, date: dt.date, hour: dt.time, kind_of_item: str, *, name: str = "", late: bool = False, **facts: Any
    ) -> Sent:
        at = dt.datetime.combine(date, hour, self.zone) + dt.timedelta(minutes=self.rng.randint(0, 50))
        item: dict[str, Any] = {
            "type": kind_of_item,
            "id": self._id(date, name or kind_of_item + facts.get("kind", "")),
        }
        sent = at
        if kind_of_item == "session":
            # A day that was forgotten is filled in the next morning.
            sent = at + dt.timedelta(days=1) if late else at + dt.timedelta(minutes=20)
            item |= {"performed_at": at.isoformat(), "logged_at": sent.isoformat()}
        else:
            item["at"] = at.isoformat()
        return Sent(sent, item | facts)

    def _id(self, date: dt.date, what: str) -> str:
        return str(uuid.uuid5(NAMESPACE, f"{self.persona.name}/{date}/{what}"))
