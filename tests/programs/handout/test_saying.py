"""Doses and frequencies in words, and every clinical sentence the phone's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patients import redflags
from programs.dose import Dose
from programs.frequency import Frequency, Interval, PerWeek, Weekdays
from programs.handout import saying
from programs.handout.words import LANGUAGES, words

CATALOGUES = Path(__file__).parents[3] / "pwa" / "src" / "i18n"
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize(
    ("dose", "english", "spanish"),
    [
        (
            Dose(sets=3, hold_s=30, side="left"),
            "3 times, hold 30 s, left leg",
            "3 veces, mantén 30 s, pierna izquierda",
        ),
        (Dose(sets=1, hold_s=45, side="right"), "once, hold 45 s, right leg", "una vez, mantén 45 s, pierna derecha"),
        (Dose(sets=2, reps=10, hold_s=3, side="both"), "2 sets of 10, hold 3 s", "2 series de 10, mantén 3 s"),
        (Dose(sets=1, reps=12), "12 times", "12 veces"),
        (Dose(sets=1, reps=1), "once", "una vez"),
        (Dose(sets=1, hold_s=900, side="alternating"), "15 minutes", "15 minutos"),
        (Dose(sets=2, hold_s=150), "2 times 2 minutes 30 s", "2 veces 2 minutos 30 s"),
        (Dose(sets=3, reps=8, load="dumbbell", load_kg=1.5), "3 sets of 8, 1.5 kg", "3 series de 8, 1,5 kg"),
        (Dose(sets=3, reps=8, load="band"), "3 sets of 8, with the band", "3 series de 8, con la goma"),
        (Dose(sets=2, reps=6, side="alternating"), "2 sets of 6, sides in turn", "2 series de 6, lados alternos"),
        (Dose(sets=2, reps=6, side="affected"), "2 sets of 6, affected side", "2 series de 6, lado afectado"),
        (
            Dose(sets=2, reps=6, tempo=(3, 0, 2.5)),
            "2 sets of 6, 3 s out, 0 s hold, 2.5 s back",
            "2 series de 6, 3 s de ida, 0 s quieto, 2,5 s de vuelta",
        ),
    ],
)
def test_doses_as_people_say_them(dose: Dose, english: str, spanish: str) -> None:
    assert saying.dose(words("en"), dose, dose.side, "bilateral") == english
    assert saying.dose(words("es"), dose, dose.side, "bilateral") == spanish


def test_both_sides_are_named_only_where_a_side_is_meant() -> None:
    dose = Dose(sets=1, reps=5)
    assert saying.dose(words("en"), dose, "both", "unilateral") == "5 times, both sides"
    assert saying.dose(words("en"), dose, "both", "bilateral") == "5 times"


def test_rest_between_sets_is_said_where_there_is_a_second_set() -> None:
    assert saying.rest(words("en"), Dose(sets=2, reps=5, rest_s=60)) == "60 s rest in between"
    assert saying.rest(words("en"), Dose(sets=1, reps=5, rest_s=60)) == ""
    assert saying.rest(words("es"), Dose(sets=3, reps=5, rest_s=120)) == "2 minutos de descanso entre medias"


@pytest.mark.parametrize(
    ("frequency", "english", "short"),
    [
        (Weekdays((1, 2, 3, 5, 6)), "5 days a week", ""),
        (Weekdays((3,)), "1 day a week", ""),
        (Weekdays((1, 2, 3, 4, 5, 6, 7)), "every day", ""),
        (Weekdays((1, 4), 3), "2 days a week, 3 times a day", "3 a day"),
        (Interval(1), "every day", ""),
        (Interval(2), "every 2 days", ""),
        (PerWeek(3), "3 times a week, on days you choose", "3 times a week"),
        (PerWeek(1), "once a week, on a day you choose", "once a week"),
    ],
)
def test_frequencies_as_people_say_them(frequency: Frequency, english: str, short: str) -> None:
    assert saying.often(words("en"), frequency) == english
    assert saying.short(words("en"), frequency) == short


def test_a_brace_in_a_name_is_no_placeholder() -> None:
    assert words("en").say("title", name="{page} {0}") == "Exercises for {page} {0}"


# ---- Nothing clinical is written here ------------------------------------------------------------------------------
def catalogue(language: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CATALOGUES / language / f"{name}.json").read_text(encoding="utf-8"))
    return found


@every_language
def test_warning_signs_are_the_phones_and_none_that_locks_is_missing(language: str) -> None:
    said, phone = words(language).table, catalogue(language, "checkin")
    locking = {sign["id"] for sign in redflags.document() if redflags.rule_of(sign["id"]) in redflags.LOCKING}
    assert set(said["signs"]) == locking
    for id_, sign in said["signs"].items():
        assert sign == phone[f"sign.{id_}.ask"]
    for rule, do in said["do"].items():
        assert do in phone[f"sign.{rule}.text"]
    assert set(said["do"]) == {redflags.rule_of(id_) for id_ in locking}


def test_english_warning_signs_are_the_servers() -> None:
    known = {sign["id"]: sign["ask"] for sign in redflags.document()}
    assert all(known[id_] == sign for id_, sign in words("en").table["signs"].items())


@every_language
@pytest.mark.parametrize(
    ("key", "phone"),
    [
        ("pain.stop", "pain.stop"),
        ("foreign", "today.foreign"),
        ("entry.caution", "session.caution"),
        ("dose.band", "dose.band"),
        ("dose.side.alternating", "side.alternating"),
    ],
)
def test_shared_sentences_are_the_phones(language: str, key: str, phone: str) -> None:
    found = catalogue(language, "phone")[phone]
    assert words(language).say(key).lower() == found.lower()


@every_language
def test_cautions_have_the_phones_title(language: str) -> None:
    assert words(language).say("cautions") == catalogue(language, "phone")["today.cautions"]["one"]


def test_both_languages_say_the_same_things() -> None:
    def keys(table: dict[str, Any], before: str = "") -> set[str]:
        found: set[str] = set()
        for key, value in table.items():
            found |= keys(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
        return found

    assert keys(words("en").table) == keys(words("es").table)
