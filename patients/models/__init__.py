"""Who does the exercises and what happened at home."""

from patients.models.attention import Flag, FlagKind, Urgency
from patients.models.log import Difficulty, Entry, EntryVersion, ExerciseLog, HeldItem, ItemKind, Side, SkipReason
from patients.models.people import (
    Condition,
    Invitation,
    Patient,
    PatientAccess,
    PatientStatus,
    Phone,
    Purpose,
    Relation,
    TransferCode,
)
from patients.models.plans import Lock, LockKind, Plan, PlanDay, PlanOverride, PlanPause, PlanRevision, PlanStatus

__all__ = [
    "Condition",
    "Difficulty",
    "Entry",
    "EntryVersion",
    "ExerciseLog",
    "Flag",
    "FlagKind",
    "HeldItem",
    "Invitation",
    "ItemKind",
    "Lock",
    "LockKind",
    "Patient",
    "PatientAccess",
    "PatientStatus",
    "Phone",
    "Plan",
    "PlanDay",
    "PlanOverride",
    "PlanPause",
    "PlanRevision",
    "PlanStatus",
    "Purpose",
    "Relation",
    "Side",
    "SkipReason",
    "TransferCode",
    "Urgency",
]
