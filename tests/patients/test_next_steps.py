"""What a flag asks for next is written in English by the server; the clinic app has each sentence in its catalogues."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patients import held, messages, safety
from patients.review import watching
from reminders import rules

CATALOGUES = Path(__file__).parents[2] / "pwa" / "src" / "i18n"
STEPS = (
    *(safety.NEXT_STEP, safety.NOT_LOCKED, safety.UNLOCKED, messages.NEXT_STEP, held.NEXT_STEP, rules.UNREACHABLE_STEP),
    *watching.BENEFIT_WEEKS.values(),
)


@pytest.mark.parametrize("step", STEPS)
def test_each_next_step_is_a_sentence_of_the_clinic_app_in_both_languages(step: str) -> None:
    english, spanish = (
        json.loads((CATALOGUES / name / "clinic.json").read_text(encoding="utf-8")) for name in ("en", "es")
    )
    keys = [key for key, text in english.items() if key.startswith("next_step.") and text == step]
    assert keys
    assert all(spanish[key] != step for key in keys)
