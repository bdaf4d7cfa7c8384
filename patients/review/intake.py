"""What the patient tells at the start and nobody at the clinic has entered: the affected side."""

from __future__ import annotations

from accounts import access
from patients import days
from patients.models import Patient
from patients.models.people import AffectedSide
from patients.review.story import Story


def take_over(story: Story) -> bool:
    """Write the side that the patient named while the record names none: exercises are then asked for that side. What
    a clinician has entered stays. True if it was written. The caller holds the lock on the patient's row."""
    patient = story.patient
    told = [one.answers.get("q_side") for one in story.checkins if one.answers.get("q_side") in AffectedSide.values]
    if patient.affected_side is not None or not told:
        return False
    patient.affected_side = told[-1]
    patient.save(update_fields=["affected_side"])
    _tell(patient)
    for running in story.running:
        days.lay_out(running.plan)
    return True


def _tell(patient: Patient) -> None:
    access.record(
        access.Action.WRITE,
        by=None,
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.pk,
        fields=["affected_side"],
        told_by="patient",
    )
