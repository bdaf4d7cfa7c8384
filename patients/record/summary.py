"""A patient's treatment on one page of plain text, for pasting into the clinic's own record.

It repeats what is stored and adds no judgement: what nobody told is "not known", what the clinic or the patient wrote
stands in their words. Lines are at most 76 characters wide, without any markup.
"""

from __future__ import annotations

import datetime as dt
import itertools
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Max

from accounts.models import User
from exercises.wording import LIBRARY
from patients import adherence_sum, days, measuring, outcomes, plans
from patients.log import in_force
from patients.models import (
    Entry,
    ExerciseLog,
    Flag,
    FlagKind,
    ItemKind,
    LockKind,
    Patient,
    PatientStatus,
    PlanStatus,
)
from patients.record.cover import clinic_today
from programs.wording import PROGRAMS

FILE = Path(__file__).parent / "summary_words.yaml"
LANGUAGES = ("en", "es")
WIDTH = 76
INDENT = "  "
MONTH = dt.timedelta(days=28)


@cache
def catalogue(language: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))[language]
    return words


def write(patient: Patient, language: str, now: dt.datetime | None = None) -> str:
    """`patient` comes with clinic and responsible. A bounded number of queries, whatever the history."""
    return _Summary(patient, language, now).text()


class _Summary:
    """Sections in order; each yields its lines, and a section without lines is left out."""

    def __init__(self, patient: Patient, language: str, now: dt.datetime | None) -> None:
        self.patient, self.language, self.words = patient, language, catalogue(language)
        self.today = days.local_today(patient, now)
        self.written_on = clinic_today(patient.clinic, now)
        self.plans = list(
            patient.plans.prefetch_related(
                "pauses__author", "revisions__program__phases", "revisions__author"
            ).order_by("starts_on", "id")
        )

    def text(self) -> str:
        blocks = ["\n".join(map(_wrapped, self._head()))]
        for name in (
            "plan",
            "adherence",
            "pain",
            "skipped",
            "safety",
            "changes",
            "outcomes",
            "goals",
            "flags",
            "record",
        ):
            lines: list[str] = list(getattr(self, f"_{name}")())
            if lines:
                title = self.words["section"][name]
                blocks.append("\n".join([title, *(_wrapped(line, INDENT) for line in lines)]))
        return "\n\n".join(blocks) + "\n"

    def say(self, key: str, **values: Any) -> str:
        words: str = self.words[key]
        return words.format(**{name: _one_line(value) for name, value in values.items()})

    def date(self, date: dt.date) -> str:
        return self.say("date", day=date.day, month=self.words["months"][date.month - 1], year=date.year)

    def moment(self, at: dt.datetime) -> str:
        """The date of an instant on the patient's calendar."""
        return self.date(days.local_today(self.patient, at))

    def span(self, first: dt.date, last: dt.date) -> str:
        return self.say("span", first=self.date(first), last=self.date(last))

    def name(self, user: User | None) -> str:
        return str(self.words["somebody"]) if user is None else user.name

    # ---- Who --------------------------------------------------------------------------------------------------------
    def _head(self) -> Iterator[str]:
        patient, words = self.patient, self.words
        yield self.say("title")
        yield self.say("written", clinic=patient.clinic.name, date=self.date(self.written_on))
        yield ""
        yield self.say("who", name=patient.name, date=self.date(patient.birth_date))
        if patient.record_number:
            yield self.say("number", number=patient.record_number)
        yield self.say("condition", condition=words["conditions"].get(patient.condition, words["unknown"]))
        yield self.say("side", side=words["sides"].get(patient.affected_side, words["unknown"]))
        yield self.say("responsible", name=patient.responsible.name if patient.responsible else words["unknown"])
        if (cover := patient.cover) is not None and cover["to"] >= self.written_on.isoformat():
            first, last = (dt.date.fromisoformat(cover[name]) for name in ("from", "to"))
            stands_in = User.objects.filter(pk=cover["staff"]).first()
            yield self.say("cover", name=self.name(stands_in), span=self.span(first, last))
        yield self.say("status", status=self._status())

    def _status(self) -> str:
        patient = self.patient
        if patient.status == PatientStatus.DISCHARGED and patient.discharged_at is not None:
            return self.say("discharged", date=self.moment(patient.discharged_at), reason=patient.discharge_reason)
        if patient.status == PatientStatus.MERGED:
            return self.say("merged")
        return str(self.words["statuses"].get(patient.status, patient.status))

    # ---- Plan -------------------------------------------------------------------------------------------------------
    def _plan(self) -> Iterator[str]:
        if not self.plans:
            yield self.say("no_plan")
        for plan in self.plans:
            status = plans.status_on(plan, self.today)
            last = None if plan.ended_on is None else max(plan.ended_on - days.ONE_DAY, plan.starts_on)
            revision = plans.revision_on(plan, self.today if last is None else min(last, self.today))
            program = PROGRAMS.say(revision.program.name, self.language).text
            said = {"program": program, "state": self.words["plan_state"][status]}
            if last is None:
                yield self.say("plan", start=self.date(plan.starts_on), **said)
            else:
                yield self.say("plan_ended", span=self.span(plan.starts_on, last), **said)
            if plan.end_reason:
                yield self.say("why", reason=plan.end_reason)
            key = "phase_planned" if status == PlanStatus.PLANNED else "phase" if last is None else "phase_last"
            yield self.say(key, date=self.date(plans.phase_since(plan, revision)), **self._phase(revision))

    def _phase(self, revision: Any) -> dict[str, Any]:
        phases = list(revision.program.phases.all())
        name = next((phase.name for phase in phases if phase.n == revision.phase), "")
        return {"n": revision.phase, "of": len(phases), "name": PROGRAMS.say(name, self.language).text}

    def _changes(self) -> Iterator[str]:
        found = []
        for plan in self.plans:
            revisions = list(plan.revisions.all())
            for before, one in itertools.pairwise(revisions):
                rule = one.pain_rule["limit"] if one.pain_rule["limit"] != before.pain_rule["limit"] else None
                said = {"date": self.date(one.effective_from), "by": self.name(one.author), **self._phase(one)}
                key = "revision" if rule is None else "revision_rule"
                found.append((one.effective_from, self.say(key, limit=rule, **said), one.reason))
            for pause in plan.pauses.all():
                by = self.name(pause.author)
                if pause.to_date is None:
                    line = self.say("pause_open", date=self.date(pause.from_date), by=by)
                else:
                    line = self.say("pause", span=self.span(pause.from_date, pause.to_date), by=by)
                found.append((pause.from_date, line, pause.reason))
        for _, line, reason in sorted(found, key=lambda one: one[0]):
            yield line
            if reason:
                yield self.say("why", reason=reason)

    # ---- What happened at home ---------------------------------------------------------------------------------------
    def _adherence(self) -> Iterator[str]:
        if not self.plans:
            return
        for window in (7, 28):
            told = adherence_sum.document(self.patient, self.today, window)
            span = self.span(dt.date.fromisoformat(told["from"]), dt.date.fromisoformat(told["to"]))
            yield self.say("window", days=window, span=span, what=self._sessions(told))
        known_until = self.patient.known_until
        yield self.say("never_reached") if known_until is None else self.say("reached", date=self.date(known_until))

    def _sessions(self, told: dict[str, Any]) -> str:
        session = told["session"]
        done, due, unknown = session["done"], session["due"], session["unknown"]
        if not told["rows"]:
            return self.say("no_plan_then")
        if due == 0:
            return self.say("nothing_due")
        if due == unknown:
            return self.say("only_not_heard", n=unknown)
        said = self.say("sessions", done=done, due=due - unknown, percent=round(100 * session["value"]))
        return said if unknown == 0 else f"{said}; {self.say('not_heard', n=unknown)}"

    def _pain(self) -> Iterator[str]:
        answered = Entry.objects.filter(patient=self.patient, voided_at=None, pain_max__isnull=False)
        by_date = list(answered.values_list("local_date").annotate(Max("pain_max")).order_by("local_date"))
        if not by_date:
            yield self.say("no_pain")
            return
        # Of several worst dates the latest.
        worst = max(by_date, key=lambda one: (one[1], one[0]))
        for key, (date, pain) in (("pain_first", by_date[0]), ("pain_last", by_date[-1]), ("pain_worst", worst)):
            yield self.say(key, pain=pain, date=self.date(date))
        yield self.say("pain_note")

    def _skipped(self) -> Iterator[str]:
        if not self.plans:
            return
        rows = ExerciseLog.objects.filter(
            entry__patient=self.patient, entry__local_date__gt=self.today - MONTH, entry__voided_at=None
        ).exclude(skipped="")
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for name, reason in rows.values_list("prescription__exercise__name", "skipped"):
            found[name][reason] += 1
        if not found:
            yield self.say("none")
        for name, reasons in sorted(found.items(), key=lambda one: (-one[1].total(), one[0])):
            ordered = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
            listed = [self.say("skipped_reason", reason=self.words["skip"][reason], n=n) for reason, n in ordered]
            yield self.say("skipped", name=LIBRARY.say(name, self.language).text, reasons=", ".join(listed))

    # ---- Safety -----------------------------------------------------------------------------------------------------
    def _safety(self) -> Iterator[str]:
        """What was answered on a date, then what it locked."""
        found: list[tuple[dt.date, int, list[str]]] = []
        for flag in Flag.objects.filter(patient=self.patient, kind=FlagKind.RED_FLAG).select_related("resolved_by"):
            found.append((self._answered_on(flag, *flag.evidence[:1]), 0, self._warning(flag)))
        for lock in self.patient.locks.select_related("unlocked_by"):
            date = self.date(lock.from_date)
            if lock.kind == LockKind.STOP and lock.unlocked_by is None:
                line = self.say("stop", date=date)
            elif lock.until is None:
                line = self.say("lock", date=date)
            else:
                said = {"until": self.moment(lock.until), "name": self.name(lock.unlocked_by), "note": lock.unlock_note}
                line = self.say("lock_ended", date=date, **said)
            found.append((lock.from_date, 1, [line]))
        if not found:
            yield self.say("none")
        for *_, lines in sorted(found):
            yield from lines

    def _answered_on(self, flag: Flag, evidence: dict[str, Any] | None = None) -> dt.date:
        date = (evidence or {}).get("date")
        if isinstance(date, str):
            return dt.date.fromisoformat(date)
        return days.local_today(self.patient, flag.raised_at)

    def _warning(self, flag: Flag) -> list[str]:
        lines = []
        for evidence in flag.evidence:
            signs = [self.words["signs"].get(sign, sign) for sign in evidence.get("answers", ())]
            date = self.date(self._answered_on(flag, evidence))
            lines.append(self.say("sign", date=date, signs="; ".join(signs) or self.words["flag_kind"]["red_flag"]))
        if flag.resolved_at is None:
            return [*lines, self.say("not_settled")]
        said = {"date": self.moment(flag.resolved_at), "note": flag.resolve_note}
        if flag.resolved_by is None:
            return [*lines, self.say("settled_itself", **said)]
        return [*lines, self.say("settled", name=flag.resolved_by.name, **said)]

    def _flags(self) -> Iterator[str]:
        open_flags = list(Flag.objects.filter(patient=self.patient, resolved_at=None).order_by("raised_at", "id"))
        if not open_flags:
            yield self.say("none")
        for flag in open_flags:
            said = {"flag": self.words["flag_kind"][flag.kind], "urgency": self.words["urgencies"][flag.urgency]}
            yield self.say("flag", date=self.moment(flag.raised_at), **said)

    # ---- What came of it --------------------------------------------------------------------------------------------
    def _outcomes(self) -> Iterator[str]:
        given = [one for one in measuring.answers(self.patient) if one.instrument in outcomes.INSTRUMENTS]
        for answer in sorted(given, key=lambda one: (outcomes.INSTRUMENTS.index(one.instrument), one.date)):
            judged = outcomes.judge(answer, given)
            said = {
                "instrument": self.words["instruments"][answer.instrument],
                "timepoint": self.words["timepoints"].get(answer.timepoint, self.words["timepoints"]["other"]),
                "date": self.date(answer.date),
            }
            if judged.score.value is None:
                yield self.say("outcome_no_score", **said)
            elif judged.change.value is None or judged.change.meaning is None:
                yield self.say("outcome", score=_number(judged.score.value), **said)
            else:
                change = {
                    "change": _number(judged.change.value),
                    "meaning": self.words["meanings"][judged.change.meaning],
                }
                yield self.say("outcome_change", score=_number(judged.score.value), **change, **said)
            if answer.instrument == "psfs" and judged.score.value is not None:
                named = [one for one in answer.answers["activities"] if one.get("score") is not None]
                yield ", ".join(self.say("activity", text=one["text"], score=_number(one["score"])) for one in named)

    def _goals(self) -> Iterator[str]:
        for entry in reversed(in_force(self.patient, ItemKind.GOAL)[: measuring.MOST_GOALS]):
            done = entry.payload.get("done_at")
            said = {"text": entry.payload["text"], "date": self.date(entry.local_date)}
            if done:
                yield self.say("goal_reached", done=self.moment(dt.datetime.fromisoformat(done)), **said)
            else:
                yield self.say("goal", **said)

    def _record(self) -> Iterator[str]:
        for event in self.patient.events.select_related("by").order_by("at", "id"):
            line: str = self.words["event"][event.kind]
            yield line.format(date=self.moment(event.at), name=_one_line(self.name(event.by)))
            if event.note:
                yield self.say("note", note=event.note)


def _number(value: float) -> str:
    return f"{value:g}"


def _one_line(value: Any) -> Any:
    """What people typed may hold line breaks; here it is part of a sentence."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _wrapped(line: str, indent: str = "") -> str:
    return textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent + INDENT, break_on_hyphens=False)
