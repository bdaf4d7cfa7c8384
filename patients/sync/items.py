"""One item of a sync: parsed into a value of its type, or refused with everything that is wrong with it.

Only the shape is judged here; whether the ids in it are the patient's own is `known`'s business. What the server does
not know inside an item is ignored here and kept in the stored payload, so that a newer app loses nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from patients.models import Difficulty, ItemKind, Side, SkipReason
from patients.sync import answers
from patients.sync.fields import Fields, ItemError, UnreadableError, error, read_uuid

MOST_EXERCISES = 100
CHECKINS = ("morning", "weekly")
MOMENTS = ("now", "avg_24h", "worst_24h", "avg_7d", "worst_7d", "after_session", "night")
# What a person remembers of a week is no pain of this date.
MOMENTS_OF_A_WEEK = ("avg_7d", "worst_7d")
INSTRUMENTS = ("nprs", "psfs", "groc")
TIMEPOINTS = ("baseline", "w4", "w8", "w12", "w24")
ABOUT = ("prescription", "session", "checkin", "pain")


@dataclass(frozen=True)
class LoggedExercise:
    id: uuid.UUID
    prescription: uuid.UUID
    slot: int
    side: str
    variant: uuid.UUID | None
    sets_done: int
    reps: tuple[int, ...]
    hold_s: int | None
    load_kg: float | None
    pain: int | None
    difficulty: str
    skipped: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """`at`: when it was done. `edited_at`: when the person last changed it, null for the first wording."""

    id: uuid.UUID
    at: dt.datetime
    logged_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None

    @property
    def kind(self) -> ItemKind:
        raise NotImplementedError

    @property
    def target(self) -> uuid.UUID | None:
        """The entry that this item withdraws."""
        return None

    @property
    def about(self) -> tuple[str, uuid.UUID] | None:
        """Another entry of the patient's, or a prescription, that this item speaks of: (type, id)."""
        return None

    @property
    def pains(self) -> list[int]:
        """Every pain score of this date in it."""
        return []

    @property
    def pain_last(self) -> int | None:
        """The pain at its end."""
        return None

    def digest(self) -> str:
        """What it means, so that a replay is told from a change: absent and null are the same, and so are 5 and 5.0."""
        return digest_of({"type": self.kind.value, **asdict(self)})


def digest_of(meaning: Any) -> str:
    text = json.dumps(meaning, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Session(Item):
    plan: uuid.UUID
    duration_s: int | None
    pain_before: int | None
    pain_after: int | None
    effort: int | None
    note: str
    exercises: tuple[LoggedExercise, ...]

    @property
    def kind(self) -> ItemKind:
        return ItemKind.SESSION

    @property
    def pains(self) -> list[int]:
        every = (self.pain_before, *(one.pain for one in self.exercises), self.pain_after)
        return [pain for pain in every if pain is not None]

    @property
    def pain_last(self) -> int | None:
        return self.pain_before if self.pain_after is None else self.pain_after


@dataclass(frozen=True, kw_only=True)
class Checkin(Item):
    when: str
    version: int
    answers: Mapping[str, Any]

    @property
    def kind(self) -> ItemKind:
        return ItemKind.CHECKIN

    @property
    def pains(self) -> list[int]:
        return answers.pains(self.answers)

    @property
    def pain_last(self) -> int | None:
        now = self.answers.get("q_pain_now")
        return self.answers.get("q_morning") if now is None else now


@dataclass(frozen=True, kw_only=True)
class Pain(Item):
    score: int
    moment: str
    session: uuid.UUID | None
    place: str | None

    @property
    def kind(self) -> ItemKind:
        return ItemKind.PAIN

    @property
    def about(self) -> tuple[str, uuid.UUID] | None:
        return None if self.session is None else ("session", self.session)

    @property
    def pains(self) -> list[int]:
        return [] if self.moment in MOMENTS_OF_A_WEEK else [self.score]

    @property
    def pain_last(self) -> int | None:
        return self.score if self.moment in ("now", "after_session") else None


@dataclass(frozen=True, kw_only=True)
class Outcome(Item):
    instrument: str
    timepoint: str
    answers: Mapping[str, Any]

    @property
    def kind(self) -> ItemKind:
        return ItemKind.OUTCOME


@dataclass(frozen=True, kw_only=True)
class Goal(Item):
    text: str
    done_at: dt.datetime | None

    @property
    def kind(self) -> ItemKind:
        return ItemKind.GOAL


@dataclass(frozen=True, kw_only=True)
class Void(Item):
    of: uuid.UUID

    @property
    def kind(self) -> ItemKind:
        return ItemKind.VOID

    @property
    def target(self) -> uuid.UUID | None:
        return self.of


@dataclass(frozen=True, kw_only=True)
class Message(Item):
    body: str
    subject: tuple[str, uuid.UUID] | None

    @property
    def kind(self) -> ItemKind:
        return ItemKind.MESSAGE

    @property
    def about(self) -> tuple[str, uuid.UUID] | None:
        return self.subject


def item_id(raw: Any) -> uuid.UUID | None:
    """The id of whatever came, if it has one that can be read."""
    return read_uuid(raw.get("id")) if isinstance(raw, dict) else None


def parse(raw: Any) -> Item:
    """Raises UnreadableError with everything that is wrong."""
    if not isinstance(raw, dict):
        raise UnreadableError([error("invalid", "An item is an object.")])
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in READERS:
        known = ", ".join(READERS)
        raise UnreadableError(
            [error("unknown_type", f"The server knows no items of this type. Known: {known}.", "type")]
        )
    fields = Fields(raw)
    values = READERS[kind][1](fields)
    values["id"] = fields.id("id")
    values["edited_at"] = fields.instant("edited_at", required=False)
    if fields.errors:
        raise UnreadableError(fields.errors)
    # Goals are finished without an edit: the moment of finishing says which wording is the later one.
    if kind == ItemKind.GOAL and values["edited_at"] is None:
        values["edited_at"] = values["done_at"]
    return READERS[kind][0](**values)


def _session(fields: Fields) -> dict[str, Any]:
    exercises = [_exercise(one) for one in fields.objects("exercises", MOST_EXERCISES)]
    if not fields.errors:
        _check_distinct(exercises, fields.errors)
    return {
        "at": fields.instant("performed_at"),
        "logged_at": fields.instant("logged_at", required=False),
        "plan": fields.id("plan"),
        "duration_s": fields.whole("duration_s", 0, 86_400),
        "pain_before": fields.whole("pain_before", 0, 10),
        "pain_after": fields.whole("pain_after", 0, 10),
        "effort": fields.whole("effort", 0, 10),
        "note": fields.text("note", 4000),
        "exercises": tuple(exercises),
    }


def _exercise(fields: Fields) -> LoggedExercise:
    skipped = fields.choice("skipped", SkipReason.values) or ""
    return LoggedExercise(
        id=fields.id("id") or uuid.UUID(int=0),
        prescription=fields.id("prescription") or uuid.UUID(int=0),
        slot=fields.whole("slot", 1, 12) or 1,
        side=fields.choice("side", Side.values, default=Side.BOTH) or Side.BOTH,
        variant=fields.id("variant", required=False),
        # Who gives a reason for skipping need not also say that no set was done.
        sets_done=fields.whole("sets_done", 0, 100, required=not skipped) or 0,
        reps=fields.whole_list("reps", 0, 1000, 100),
        hold_s=fields.whole("hold_s", 0, 7200),
        load_kg=fields.number("load_kg", 0, 500),
        pain=fields.whole("pain", 0, 10),
        difficulty=fields.choice("difficulty", Difficulty.values) or "",
        skipped=skipped,
    )


def _check_distinct(exercises: list[LoggedExercise], errors: list[ItemError]) -> None:
    """A log is keyed by meaning (STYLE.md 3): one line an exercise, slot and side, each with its own id."""
    ids: set[uuid.UUID] = set()
    keys: set[tuple[uuid.UUID, int, str]] = set()
    for index, one in enumerate(exercises):
        key = (one.prescription, one.slot, one.side)
        if one.id in ids:
            errors.append(error("repeated", "This id stands twice in the session.", f"exercises.{index}.id"))
        if key in keys:
            detail = "The session has this exercise, slot and side already."
            errors.append(error("repeated", detail, f"exercises.{index}.prescription"))
        ids.add(one.id)
        keys.add(key)


def _checkin(fields: Fields) -> dict[str, Any]:
    given = fields.object("answers", required=True) or {}
    answers.check(fields.inside(given, "answers"))
    return {
        "at": fields.instant("at"),
        "when": fields.choice("kind", CHECKINS, required=True),
        "version": fields.whole("version", 1, 10_000, required=True),
        "answers": given,
    }


def _pain(fields: Fields) -> dict[str, Any]:
    return {
        "at": fields.instant("at"),
        "score": fields.whole("score", 0, 10, required=True),
        "moment": fields.choice("moment", MOMENTS, required=True),
        "session": fields.id("session", required=False),
        "place": fields.choice("place", sorted(answers.PLACES)),
    }


def _outcome(fields: Fields) -> dict[str, Any]:
    return {
        "at": fields.instant("at"),
        "instrument": fields.choice("instrument", INSTRUMENTS, required=True),
        "timepoint": fields.choice("timepoint", TIMEPOINTS, required=True),
        "answers": fields.object("answers", required=True) or {},
    }


def _goal(fields: Fields) -> dict[str, Any]:
    return {
        "at": fields.instant("at"),
        "text": fields.text("text", 1000, required=True),
        "done_at": fields.instant("done_at", required=False),
    }


def _void(fields: Fields) -> dict[str, Any]:
    return {"at": fields.instant("at"), "of": fields.id("of")}


def _message(fields: Fields) -> dict[str, Any]:
    about = fields.object("about")
    subject = None
    if about is not None:
        inner = fields.inside(about, "about")
        kind, id_ = inner.choice("type", ABOUT, required=True), inner.id("id")
        subject = None if kind is None or id_ is None else (kind, id_)
    return {"at": fields.instant("at"), "body": fields.text("body", 5000, required=True), "subject": subject}


Reader = Callable[[Fields], dict[str, Any]]
READERS: Mapping[str, tuple[Callable[..., Item], Reader]] = {
    ItemKind.SESSION.value: (Session, _session),
    ItemKind.CHECKIN.value: (Checkin, _checkin),
    ItemKind.PAIN.value: (Pain, _pain),
    ItemKind.OUTCOME.value: (Outcome, _outcome),
    ItemKind.GOAL.value: (Goal, _goal),
    ItemKind.VOID.value: (Void, _void),
    ItemKind.MESSAGE.value: (Message, _message),
}
