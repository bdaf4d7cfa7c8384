"""Who needs someone first: one stored number and its reasons, rewritten whenever a flag changes."""

from __future__ import annotations

from patients.models import Flag, Patient, Urgency

# A design decision, kept in this one place: any emergency outranks any number of lesser flags.
WEIGHT = {
    Urgency.EMERGENCY: 10_000,
    Urgency.SAME_DAY: 1_000,
    Urgency.HOURS_48: 100,
    Urgency.WEEKS_2: 10,
    Urgency.ROUTINE: 1,
}


def refresh(patient: Patient) -> None:
    """Recompute `attention_rank` and `attention` from the open flags. An acknowledged flag still counts: somebody saw
    it, nobody has settled it. Writes without touching `version`: this is no edit of the record."""
    flags = Flag.objects.filter(patient=patient, resolved_at=None).order_by("raised_at", "id")
    reasons = [
        {
            "id": str(flag.id),
            "kind": flag.kind,
            "urgency": flag.urgency,
            "raised_at": flag.raised_at.isoformat(),
            "acknowledged": flag.acknowledged_at is not None,
            "evidence": flag.evidence[-1:],
        }
        for flag in flags
    ]
    reasons.sort(key=lambda reason: -WEIGHT[Urgency(reason["urgency"])])
    rank = sum(WEIGHT[Urgency(reason["urgency"])] for reason in reasons)
    patient.attention, patient.attention_rank = reasons, rank
    Patient.objects.filter(pk=patient.pk).update(attention=reasons, attention_rank=rank)
