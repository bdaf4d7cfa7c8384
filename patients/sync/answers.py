"""What each question of a check-in may be answered with (API.md, "Answers"; CLINICAL.md D.7).

Absent = not asked, null = not answered; neither is ever zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from patients.sync.fields import Fields

PLACES = frozenset(
    f"{side}_{place}"
    for side in ("left", "right")
    for place in ("buttock", "sit_bone", "groin", "outer_hip", "thigh", "knee", "lower_leg", "foot")
) | {"low_back", "saddle"}

RED_FLAGS = (
    *("RF1.urine", "RF1.bowel", "RF1.saddle", "RF1.sexual", "RF1.legs"),
    *(f"RF{n}" for n in range(2, 14)),
)


def _whole(most: int) -> Callable[[Any], str | None]:
    sentence = f"a whole number from 0 to {most}"
    return lambda value: None if type(value) is int and 0 <= value <= most else sentence


def _one_of(*words: str) -> Callable[[Any], str | None]:
    sentence = "one of " + ", ".join(words)
    return lambda value: None if isinstance(value, str) and value in words else sentence


def _score_or(word: str) -> Callable[[Any], str | None]:
    score = _whole(10)
    return lambda value: None if value == word or score(value) is None else f"a whole number from 0 to 10, or {word}"


def _some_of(words: frozenset[str] | tuple[str, ...]) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        fits = isinstance(value, list) and all(isinstance(one, str) and one in words for one in value)
        return None if fits else "a list of " + ", ".join(sorted(words))

    return check


# Question → function(answer) → what it should have been, or None when it fits.
QUESTIONS: Mapping[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(
        ("q_pain_now", "q_pain_avg", "q_pain_worst", "q_morning", "q_sit_pain", "q_lbp", "q_follow"), _whole(10)
    ),
    "q_morning_vs": _one_of("less", "same", "more"),
    "q_sit_time": _one_of("lt5", "5_15", "15_30", "30_60", "gt60"),
    "q_extend": _score_or("not_tried"),
    "q_cross": _score_or("not_tried"),
    "q_radiate": _whole(5),
    "q_tingle": _whole(3),
    "q_leg_30min": _one_of("yes", "no"),
    "q_numb_new": _one_of("yes", "no"),
    "q_numb_where": _some_of(PLACES),
    "q_night_settles": _one_of("yes", "no"),
    "q_weak": _one_of("no", "not_sure", "yes"),
    "q_snap": _one_of("none", "painless", "painful"),
    "q_snap_times": _whole(1000),
    "q_night": _one_of("no", "once", "more"),
    "q_meds": _one_of("none", "usual", "more"),
    "q_redflag": _some_of(RED_FLAGS),
    "q_side": _one_of("left", "right", "both"),
}
# The answers that are a pain score of the person, for a day's highest pain (R27 reads it from any source).
PAIN_QUESTIONS = ("q_pain_now", "q_pain_avg", "q_pain_worst", "q_morning", "q_sit_pain")


def check(fields: Fields) -> None:
    """Note every answer that does not fit its question, and every question that is not asked here."""
    for name, answer in fields.data.items():
        if (question := QUESTIONS.get(name)) is None:
            fields.wrong(name[:60], "unknown_question", "There is no such question.")
        elif answer is not None and (expected := question(answer)) is not None:
            fields.wrong(name, "invalid_answer", f"The answer is {expected}.")


def pains(answers: Mapping[str, Any]) -> list[int]:
    return [answers[name] for name in PAIN_QUESTIONS if type(answers.get(name)) is int]
