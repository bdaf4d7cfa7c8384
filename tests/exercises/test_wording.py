"""Sentences of the library in other languages: this very sentence or none, and numbers are never lost on the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises.library_files import read
from exercises.wording import LIBRARY, Said, Wording


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    file = tmp_path / "es.json"
    sentences = {"Hold.": "Mantén.", "Rest.": "Descansa.", "At most {value}° ({why})": "Como mucho {value}° ({why})"}
    file.write_text(json.dumps(sentences), encoding="utf-8")
    return Wording({"es": file})


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Hold.", "es", Said("Mantén.", "es")),
        ("Hold.", "en", Said("Hold.", "en")),
        ("Hold.", "fr", Said("Hold.", "en")),
        ("Hold it.", "es", Said("Hold it.", "")),  # typed by somebody: as it was typed, in nobody knows which language
        ("Hold it.", "en", Said("Hold it.", "")),
        ("At most 90° (Rest.)", "es", Said("Como mucho 90° (Descansa.)", "es")),
        ("At most 90° (said so)", "es", Said("Como mucho 90° (said so)", "es")),
    ],
)
def test_say(wording: Wording, text: str, language: str, said: Said) -> None:
    assert wording.say(text, language) == said


def test_texts_that_belong_together_are_in_one_language(wording: Wording) -> None:
    assert wording.say_all(["Hold.", "", "Rest."], "es") == (["Mantén.", "", "Descansa."], "es")
    assert wording.say_all(["Hold.", "Hold it."], "es") == (["Hold.", "Hold it."], "")
    assert wording.say_all(["", ""], "es") == (["", ""], "")


def library_sentences() -> Iterator[str]:
    for one in read().exercises:
        yield from (text for text in (one.name, one.cue, one.mistake, one.caution, *one.steps) if text)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def test_every_sentence_of_the_library_is_translated_and_none_that_is_gone() -> None:
    assert set(LIBRARY.tables["es"]) == set(library_sentences())


def test_no_translation_changes_a_number() -> None:
    assert [key for key, text in LIBRARY.tables["es"].items() if numbers(key) != numbers(text)] == []


def test_every_word_of_the_vocabularies_has_a_spanish_one() -> None:
    library = read()
    terms = (*library.muscles, *library.equipment, *library.demands)
    assert [term.slug for term in terms if not term.names.get("es")] == []
