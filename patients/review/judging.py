"""The colours of sessions, from the log (CLINICAL.md D.2; RULINGS.md, pain rule). Pure.

    last check-in before ─▶ pain before ─▶ each exercise ─▶ after (≤ 4 h) ─▶ check-in of the next date
             └──────────────── leg symptoms: before the session against the next check-in ────────┘

`patients.pain_rule` knows what a moment's colour is; this module finds the moments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from patients import pain_rule
from patients.pain_rule import AFTER_WITHIN, Colour, JudgedSession, Leg, Weakness
from patients.review.story import CheckinTold, LoggedSession, PainTold

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """One thing that was judged. `reference` is what the pain was held against beside the limit, if anything."""

    id: str
    kind: str  # during | after | morning | leg
    date: dt.date
    colour: Colour
    pain: int | None = None
    reference: int | None = None
    key: str | None = None
    exercise: str | None = None


@dataclass(frozen=True)
class Judged:
    """A session with everything that was said about it. `ripe`: its next morning has come, whether answered or not,
    so that no answer about it is still to be waited for."""

    session: LoggedSession
    moments: tuple[Moment, ...]
    ripe: bool

    @property
    def colour(self) -> Colour | None:
        return pain_rule.worst(moment.colour for moment in self.moments)

    def reds(self, *kinds: str) -> list[Moment]:
        return [one for one in self.moments if one.colour == Colour.RED and (not kinds or one.kind in kinds)]

    @property
    def red_key(self) -> str | None:
        """The exercise that was red; of several the one that hurt most."""
        during = [one for one in self.reds("during") if one.key is not None]
        return max(during, key=lambda one: one.pain or 0).key if during else None

    @property
    def worst_key(self) -> str | None:
        """Where no exercise was red by itself: the one that hurt most, if any hurt at all; of several the hardest."""
        hurt = [one for one in self.session.exercises if (one.pain or 0) > 0]
        return max(hurt, key=lambda one: (one.pain or 0, one.target_effort or 0)).key if hurt else None

    def as_rule(self) -> JudgedSession:
        session = self.session
        return JudgedSession(session.date, self.colour, session.effort, session.target_effort, self.red_key)


def judge(
    sessions: Sequence[LoggedSession],
    checkins: Sequence[CheckinTold],
    pains: Sequence[PainTold],
    mornings: Mapping[dt.date, int | None],
    *,
    limit: int,
    intake: int | None,
    today: dt.date,
) -> list[Judged]:
    """All in the order of time. `limit` 0–10 and `intake` (the intake's usual morning) are the plan's."""
    return [
        Judged(
            session,
            (
                *_during(session, limit),
                *_after(session, sessions, pains, limit, pain_rule.baseline(mornings, session.date, intake)),
                *_morning(session, mornings, limit, intake),
                *_leg(session, checkins),
            ),
            ripe=session.date < today,
        )
        for session in sessions
    ]


def _during(session: LoggedSession, limit: int) -> Iterable[Moment]:
    for one in session.exercises:
        colour = pain_rule.during(one.pain, limit)
        if colour is not None:
            yield Moment(f"{session.uid}:{one.key}", "during", session.date, colour, one.pain, None, one.key, one.name)


def _after(
    session: LoggedSession,
    sessions: Sequence[LoggedSession],
    pains: Iterable[PainTold],
    limit: int,
    baseline: int | None,
) -> Iterable[Moment]:
    """The latest answer within four hours: pain at Finish, or a later `after_session` that names this session, or
    that names none while no later session stands between."""
    answers = [] if session.after is None else [(session.at, session.after)]
    for told in pains:
        if told.moment != "after_session" or not session.at <= told.at <= session.at + AFTER_WITHIN:
            continue
        nearest = max((one for one in sessions if one.at <= told.at), key=lambda one: one.at, default=None)
        if told.session == session.uid or (told.session is None and nearest is session):
            answers.append((told.at, told.score))
    if not answers:
        return
    answers.sort(key=lambda answer: answer[0])
    pain = answers[-1][1]
    colour = pain_rule.after(pain, session.before, limit, baseline)
    if colour is not None:
        reference = baseline if session.before is None else session.before
        yield Moment(f"{session.uid}:after", "after", session.date, colour, pain, reference)


def _morning(
    session: LoggedSession, mornings: Mapping[dt.date, int | None], limit: int, intake: int | None
) -> Iterable[Moment]:
    next_date = session.date + ONE_DAY
    pain = mornings.get(next_date)
    usual = pain_rule.baseline(mornings, next_date, intake)
    colour = pain_rule.morning(pain, usual, limit)
    if colour is not None:
        yield Moment(f"{session.uid}:morning", "morning", next_date, colour, pain, usual)


def _leg(session: LoggedSession, checkins: Sequence[CheckinTold]) -> Iterable[Moment]:
    """Against before the session: the last check-in before it, and the worst of those from then to the end of the
    next date."""
    before = next((one for one in reversed(checkins) if one.at <= session.at and leg_answered(one)), None)
    later = [one for one in checkins if one.at > session.at and one.date <= session.date + ONE_DAY]
    judged = [(colour, one) for one in later if (colour := leg_colour(before, one)) is not None]
    if judged:
        colour, checkin = max(judged, key=lambda one: one[0])
        yield Moment(f"{session.uid}:leg", "leg", checkin.date, colour)


def red_leg_on(date: dt.date, checkins: Sequence[CheckinTold]) -> bool:
    """Whether a check-in of the date was red against the one before it, whenever the last session was."""
    told = [one for one in checkins if leg_answered(one)]
    pairs = zip([None, *told], told, strict=False)
    return any(now.date == date and leg_stops(before, now) for before, now in pairs)


def leg_stops(before: CheckinTold | None, now: CheckinTold) -> bool:
    """Red, or symptoms that lasted although nothing is known of what was before: the phone stops for that as well
    (`safety.danger_in`), and a stop that nobody is told of would be worse than one too many."""
    return leg_colour(before, now) == Colour.RED or now.answers.get("q_leg_30min") == "yes"


def leg_answered(checkin: CheckinTold) -> bool:
    return checkin.leg != Leg() or any(checkin.answers.get(name) is not None for name in ("q_weak", "q_numb_new"))


def leg_colour(before: CheckinTold | None, after: CheckinTold) -> Colour | None:
    lasted, weak = after.answers.get("q_leg_30min"), after.answers.get("q_weak")
    return pain_rule.leg(
        before.leg if before is not None else Leg(),
        after.leg,
        lasts_over_30_min=None if lasted is None else lasted == "yes",
        new_numb_area=after.answers.get("q_numb_new") == "yes",
        weak=None if weak is None else Weakness(weak),
    )
