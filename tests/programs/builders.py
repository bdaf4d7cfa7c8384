"""Programs and exercises for tests, small and readable."""

from __future__ import annotations

from typing import Any

from accounts.models import Clinic
from exercises.models import Exercise
from programs.models import Phase, Prescription, Program

DOSE: dict[str, Any] = {
    "sets": 3, "reps": 10, "hold_s": 2, "rest_s": 30, "load": "none", "load_kg": None, "effort": 5,
    "side": "affected", "tempo": None,
}  # fmt: skip
FREQUENCY: dict[str, Any] = {"kind": "weekdays", "days": [1, 3, 5], "times_per_day": 1}


def make_exercise(slug: str = "clam", owner: Clinic | None = None, **fields: Any) -> Exercise:
    return Exercise.objects.create(
        **{
            "slug": slug,
            "owner": owner,
            "name": slug.replace("-", " ").capitalize(),
            "kind": "strengthen",
            "position": "side_lying",
            "laterality": "unilateral",
            "level": 2,
            "steps": ["Lie on your side.", "Lift the knee."],
            "default_dose": DOSE,
            "default_frequency": FREQUENCY,
        }
        | fields
    )


def make_program(clinic: Clinic | None, *, phases: int = 2, prescriptions: int = 2, **fields: Any) -> Program:
    """`phases` phases of three weeks with `prescriptions` exercises each."""
    program = Program.objects.create(clinic=clinic, **{"name": "Program"} | fields)
    exercises = [
        Exercise.objects.filter(slug=f"exercise-{i}", owner=None).first() or make_exercise(f"exercise-{i}")
        for i in range(prescriptions)
    ]
    for n in range(1, phases + 1):
        phase = Phase.objects.create(
            program=program,
            n=n,
            name=f"Phase {n}",
            from_day=21 * (n - 1),
            to_day=21 * n,
            entry=[f"entry {n}"],
            exit=[f"exit {n}"],
        )
        for i, exercise in enumerate(exercises):
            Prescription.objects.create(
                phase=phase,
                position=i,
                exercise=exercise,
                dose=DOSE | {"sets": n},
                frequency=FREQUENCY,
                note=f"note {n}.{i}",
            )
    return program
