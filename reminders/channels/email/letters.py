"""What a mail says, by the kind of its rule. The subject is read on locked screens and by mail servers, so it says
nothing of health; the text gives no more than a count of sessions."""

from __future__ import annotations

from dataclasses import dataclass

from reminders import weekly
from reminders.channels.email.words import Words
from reminders.models import Occurrence, ReminderRule, RuleKind


@dataclass(frozen=True)
class Letter:
    subject: str
    lines: tuple[str, ...]
    why: str


def letter(rule: ReminderRule, occurrence: Occurrence, words: Words) -> Letter:
    if rule.kind == RuleKind.NUDGE:
        return Letter(words.nudge_subject, words.nudge, words.why_nudge)
    if rule.kind == RuleKind.WEEKLY:
        return Letter(words.weekly_subject, _week(weekly.week(rule.patient, occurrence.date), words), words.why)
    return Letter(words.subject, (words.waiting,), words.why)


def _week(found: weekly.Week, words: Words) -> tuple[str, ...]:
    """A week in which nothing was done is not counted out to anybody."""
    if found.done:
        first = words.weekly_one if found.due == 1 else words.weekly_count.format(done=found.done, due=found.due)
    else:
        first = words.weekly_none if found.unknown < found.due else ""
    unknown = ""
    if found.unknown:
        unknown = words.weekly_unknown_one if found.unknown == 1 else words.weekly_unknown.format(n=found.unknown)
    return tuple(line for line in (first, unknown, words.weekly_next) if line)
