"""Making the open flags say what the watchers see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from patients import flags
from patients.models import Flag, FlagKind
from patients.review.story import Story
from patients.review.watching import LOOK_BACK, Finding

# How long what somebody has resolved is remembered: longer than any evidence stays in the window.
REMEMBERED = dt.timedelta(days=120)
# Kinds whose evidence is an answer of the patient's, which may be corrected or withdrawn.
OF_ANSWERS = (FlagKind.PAIN_ABOVE_RULE, FlagKind.LEG_SYMPTOMS)


def keep(story: Story, findings: Iterable[Finding]) -> None:
    """Raise what is new, close what is over, mark what was withdrawn. Evidence that somebody has resolved does not come
    back. The caller holds the lock on the patient's row."""
    findings = list(findings)
    rows = list(
        Flag.objects.filter(
            Q(resolved_at=None) | Q(resolved_at__gte=timezone.now() - REMEMBERED),
            patient=story.patient,
            kind__in={finding.kind for finding in findings} | set(OF_ANSWERS),
        ).order_by("raised_at")
    )
    told: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        told[row.kind].update(str(one.get("id")) for one in row.evidence)
    for finding in findings:
        for evidence in finding.evidence:
            if evidence["id"] not in told[finding.kind]:
                told[finding.kind].add(evidence["id"])
                flags.raise_flag(story.patient, finding.kind, finding.urgency, evidence, finding.next_step)
        if finding.over and any(row.kind == finding.kind and row.resolved_at is None for row in rows):
            flags.close_flag(story.patient, finding.kind, finding.over)
    _mark_withdrawn(story, findings, rows)
    _close_limit(story, findings, rows)


def _mark_withdrawn(story: Story, findings: Sequence[Finding], rows: Iterable[Flag]) -> None:
    """A corrected entry stays evidence, since somebody may have acted on it; but the flag says that it was corrected.
    Closing it is a therapist's."""
    for row in rows:
        if row.kind not in OF_ANSWERS or row.resolved_at is not None:
            continue
        now = {one["id"] for finding in findings if finding.kind == row.kind for one in finding.evidence}
        recent = (story.today - LOOK_BACK).isoformat()
        changed = False
        for one in row.evidence:
            told = one.get("moment") != "limit"  # a limit that is needed is nobody's answer
            gone = told and one.get("date", "") > recent and one.get("id") is not None and one["id"] not in now
            if gone != one.get("withdrawn", False) and one.get("date", "") > recent:
                one["withdrawn"], changed = gone, True
        if changed:
            Flag.objects.filter(pk=row.pk).update(evidence=row.evidence)


def _close_limit(story: Story, findings: Sequence[Finding], rows: Iterable[Flag]) -> None:
    """A flag that asked for a limit and for nothing else is over when none is needed any more."""
    needed = any(one.get("moment") == "limit" for finding in findings for one in finding.evidence)
    for row in rows:
        asks = row.kind == FlagKind.PAIN_ABOVE_RULE and all(one.get("moment") == "limit" for one in row.evidence)
        if asks and row.resolved_at is None and not needed:
            flags.close_flag(story.patient, row.kind, "A limit stands, or the usual morning is below it again.")
