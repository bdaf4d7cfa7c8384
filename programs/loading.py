"""Brings the shared templates of the database up to the files. Idempotent: what did not change is not touched.

Ids and keys are UUIDv5 of template, phase and exercise: the same on every machine and after every reload, so that what
was copied from a template can be followed through its later versions. A plan has its own sealed copy (ARCHITECTURE.md
2), so changing a template here changes nobody's plan.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from exercises.models import Exercise
from programs.models import Phase, Prescription, Program, stable_key
from programs.template_files import Template, TemplatePhase


class LibraryNotLoadedError(LookupError):
    """A template names exercises that are not in the database; the message says what to run."""


@dataclass(frozen=True)
class Counts:
    created: int
    updated: int
    unchanged: int
    archived: int

    def __str__(self) -> str:
        return f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged, {self.archived} archived"


@transaction.atomic
def load(templates: Iterable[Template]) -> Counts:
    """Creates, updates and archives the shared templates until they are `templates`.

    Raises:
        LibraryNotLoadedError: an exercise is missing; nothing has been written then.
    """
    templates = list(templates)
    exercises = _exercises(templates)
    known = {program.slug: program for program in Program.objects.filter(clinic=None, template=True)}
    created = updated = 0
    for template in templates:
        content_hash = _content_hash(template)
        program = known.pop(template.slug, None)
        if program is None:
            program = Program(id=_id(template.slug), slug=template.slug, clinic=None, template=True)
            created += 1
        elif program.source_hash == content_hash and program.archived_at is None:
            continue
        else:
            updated += 1
        _write(program, template, content_hash, exercises)
    gone = [program for program in known.values() if program.archived_at is None]
    for program in gone:
        program.archived_at = timezone.now()
        program.save(update_fields=["archived_at"])
    return Counts(created, updated, len(templates) - created - updated, len(gone))


def _exercises(templates: Iterable[Template]) -> Mapping[str, uuid.UUID]:
    wanted = {item.exercise for template in templates for phase in template.phases for item in phase.prescriptions}
    found = dict(Exercise.objects.filter(owner=None, archived_at=None, slug__in=wanted).values_list("slug", "id"))
    if missing := sorted(wanted - found.keys()):
        raise LibraryNotLoadedError(
            f"The templates need exercises that are not loaded: {', '.join(missing)}. Run manage.py load_library first."
        )
    return found


def _content_hash(template: Template) -> str:
    return hashlib.sha256(json.dumps(asdict(template), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _id(*parts: str) -> uuid.UUID:
    return stable_key("template", *parts)


def _write(program: Program, template: Template, content_hash: str, exercises: Mapping[str, uuid.UUID]) -> None:
    program.name = template.name
    program.pain_limit = template.pain_limit
    program.evidence = template.evidence
    program.entry = list(template.entry)
    program.source_hash = content_hash
    program.archived_at = None
    program.save()
    written = [_write_phase(program, template.slug, phase, exercises) for phase in template.phases]
    Phase.objects.filter(program=program).exclude(id__in=written).delete()


def _write_phase(program: Program, slug: str, phase: TemplatePhase, exercises: Mapping[str, uuid.UUID]) -> uuid.UUID:
    """Creates or updates one phase with its prescriptions, and removes those that are no longer in it."""
    row, _ = Phase.objects.update_or_create(
        id=_id(slug, str(phase.n)),
        defaults={
            "program": program,
            "n": phase.n,
            "name": phase.name,
            "from_day": phase.from_day,
            "to_day": phase.to_day,
            "entry": list(phase.entry),
            "exit": list(phase.exit),
        },
    )
    written = []
    for position, item in enumerate(phase.prescriptions, start=1):
        prescription, _ = Prescription.objects.update_or_create(
            id=_id(slug, str(phase.n), item.exercise),
            defaults={
                "phase": row,
                "position": position,
                "key": stable_key(slug, str(phase.n), item.exercise),
                "exercise_id": exercises[item.exercise],
                "dose": item.dose.as_json(),
                "frequency": item.frequency.as_json(),
                "optional_if": item.optional_if,
                "needs_release": item.needs_release,
            },
        )
        written.append(prescription.id)
    Prescription.objects.filter(phase=row).exclude(id__in=written).delete()
    return row.id
