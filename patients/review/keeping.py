"""Making the open flags say what the watchers see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from patients import attention, flags
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
    # Read again: what was raised or closed just now counts too.
    answered = list(Flag.objects.filter(patient=story.patient, kind__in=OF_ANSWERS, resolved_at=None))
    _mark_withdrawn(story, findings, answered)
    _close_limit(story, findings, answered)


def _mark_withdrawn(story: Story, findings: Sequence[Finding], open_flags: Iterable[Flag]) -> None:
    """A corrected entry stays evidence, since somebody may have acted on it; but the flag says that it was corrected.
    Closing it is a therapist's."""
    recent = (story.today - LOOK_BACK).isoformat()
    for flag in open_flags:
        now = {one["id"] for finding in findings if finding.kind == flag.kind for one in finding.evidence}
        changed = False
        for one in flag.evidence:
            # A limit that is needed is nobody's answer, and what is older is not looked for any more.
            if one.get("moment") == "limit" or one.get("date", "") <= recent or one.get("id") is None:
                continue
            gone = one["id"] not in now
            if gone != one.get("withdrawn", False):
                one["withdrawn"], changed = gone, True
        if changed:
            Flag.objects.filter(pk=flag.pk).update(evidence=flag.evidence)
            attention.refresh(story.patient)


def _close_limit(story: Story, findings: Sequence[Finding], open_flags: Iterable[Flag]) -> None:
    """A flag that asked for a limit and for nothing else is over when none is needed any more."""
    needed = any(one.get("moment") == "limit" for finding in findings for one in finding.evidence)
    for flag in open_flags:
        asks = flag.kind == FlagKind.PAIN_ABOVE_RULE and all(one.get("moment") == "limit" for one in flag.evidence)
        if asks and not needed:
            flags.close_flag(story.patient, flag.kind, "A limit stands, or the usual morning is below it again.")
