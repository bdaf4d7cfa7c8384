"""Templates and precautions in Spanish: all of them, with their numbers and certainty marks as they were."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from exercises import library_files
from programs import template_files
from programs.precaution_rules import rules
from programs.wording import PROGRAMS

# Put together by the code, or the name of a source: no sentence of a file.
BESIDE = {
    "{exercise} needs an explicit clinician release before it is done.",
    "Applies here: {finding}.",
    "The program asks for a release [D]",
    "Expert opinion",
    "Not verified",
    "Source article",
}


def sentences() -> Iterator[str]:
    for template in template_files.read(library_files.read()):
        yield from (template.name, template.evidence, *template.entry)
        for phase in template.phases:
            yield from (phase.name, *phase.entry, *phase.exit)
    for rule in rules():
        yield from (rule.finding, rule.text)
        if rule.cap:
            yield rule.cap
        if rule.cap_fact:
            yield f"{rule.cap}: {rule.cap_fact_text}"


def test_every_sentence_is_translated_and_none_that_is_gone() -> None:
    assert set(PROGRAMS.tables["es"]) == set(sentences()) | BESIDE


def test_no_translation_changes_a_number_a_mark_or_a_place() -> None:
    def kept(text: str) -> Counter[str]:
        return Counter(re.findall(r"\d+|\[[A-Z]|\{\w+\}|[<>]=?|[≤≥×°%]", text))

    assert [key for key, text in PROGRAMS.tables["es"].items() if kept(key) != kept(text)] == []


def test_a_limit_with_the_surgeons_number_is_said_with_it() -> None:
    limit = "Weight-bearing and hip-bend limit exactly as typed by the surgeon: hip bend at most 70°"
    assert PROGRAMS.say(limit, "es").text.endswith(": flexión de cadera como mucho 70°")
    assert PROGRAMS.say("Applies here: age under 18.", "es").text == "Se aplica aquí: menor de 18 años."
