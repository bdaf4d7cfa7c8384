"""A sheet in words and boxes, ready for the template: plain JSON, each text with its language. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from exercises.models import Exercise
from exercises.wording import SOURCE, SaidExercise, say_exercise
from programs.frequency import PerWeek, times_per_day
from programs.handout import room, saying
from programs.handout.pictures import Picture
from programs.handout.sheet import DAYS, STOP_PAIN, Entry, Join, Section, Sheet
from programs.handout.words import Words

TYPST_PAPERS = {"A4": "a4", "Letter": "us-letter"}
LARGE = 1.3
NO_CAUTION = "None known."  # CLINICAL.md A.4, where there is nothing to take care with
NAMELESS = "–"
NO_BREAK = "\u00a0"
ONE_DAY = dt.timedelta(days=1)


def page(
    sheet: Sheet, pictures: Mapping[str, Picture], words: Words, size: str, qr: str, *, large: bool = False
) -> dict[str, Any]:
    """`pictures` by exercise id; `qr` is the drawing of the join address, empty without one; `large` print is easy to
    read without glasses."""
    scale = LARGE if large else 1
    entries = [entry for section in sheet.sections for entry in section.entries]
    # Whatever sentence of the product has no translation is English.
    cautions = [{"text": one.text, "lang": one.language or SOURCE} for one in sheet.cautions]
    spoken = {_said(entry.exercise, words).language for entry in entries} | {one["lang"] for one in cautions}
    return {
        "paper": TYPST_PAPERS[size],
        "scale": scale,
        "lang": words.language,
        "title": _named(sheet.title),
        "clinic": sheet.clinic,
        "about": " ".join(sheet.about),
        "foreign": words.say("foreign") if words.language != SOURCE and SOURCE in spoken else "",
        "cautions": {"title": words.say("cautions"), "list": cautions},
        "join": _join(sheet.join, words, qr) if sheet.join else None,
        "sections": [_section(section, sheet, pictures, words, scale) for section in sheet.sections],
        "signs": _signs(words),
        "footer": ", ".join(part for part in (sheet.therapist, sheet.clinic) if part),
        "missed": words.say("table.missed"),
        "page": words.say("page", page="{page}", of="{of}"),
    }


def _join(join: Join, words: Words, qr: str) -> dict[str, str]:
    return {
        "url": join.url,
        "qr": qr,
        "alt": words.say("join.alt"),
        "title": words.say("join.title"),
        "point": words.say("join.point"),
        "once": words.say("join.once", date=words.date(join.until)),
    }


def _section(
    section: Section, sheet: Sheet, pictures: Mapping[str, Picture], words: Words, scale: float
) -> dict[str, Any]:
    return {
        "heading": section.heading and _named(section.heading),
        "entries": [
            _entry(entry, n, sheet, pictures.get(str(entry.exercise.pk)), words, scale=scale)
            for n, entry in enumerate(section.entries, start=1)
        ],
        "pain": {"title": words.say("pain.title"), "text": _pain(section, sheet, words)},
        "help": _help(sheet, words),
        "table": _table(section, sheet, words, scale),
    }


def _said(exercise: Exercise, words: Words) -> SaidExercise:
    """In a language that is known: a clinic writes its own exercises as its patients speak."""
    said = say_exercise(exercise, words.language)
    return replace(said, language=said.language or (SOURCE if exercise.owner_id is None else words.language))


def _entry(
    entry: Entry, n: int, sheet: Sheet, picture: Picture | None, words: Words, *, scale: float
) -> dict[str, Any]:
    exercise, said = entry.exercise, _said(entry.exercise, words)
    often = [saying.often(words, entry.frequency), saying.rest(words, entry.dose)]
    caution = "" if exercise.caution == NO_CAUTION else said.caution
    note_of = words.say("entry.note", name=sheet.therapist) if sheet.therapist else words.say("entry.clinic_note")
    return {
        "n": n,
        "name": _named(said.name),
        "lang": said.language,
        "dose": saying.dose(words, entry.dose, entry.side, exercise.laterality),
        "often": ", ".join(part for part in (*often, *_span(entry, words)) if part),
        "steps": said.steps,
        "caution": {"label": words.say("entry.caution"), "text": caution},
        "note": {"label": note_of, "text": entry.note},
        "conditions": _conditions(entry, words),
        "fits": room.exercise_fits([*said.steps, caution, entry.note, said.name], scale),
        "picture": picture and {"alt": picture.alt, "svg": picture.svg, "file": picture.file(str(exercise.pk))},
        "mirrored": entry.side == "left" and picture is not None and bool(picture.svg),
    }


def _span(entry: Entry, words: Words) -> list[str]:
    """From and until when, where it is not asked for all the time."""
    said = [(entry.since, "entry.from"), (entry.till, "entry.until")]
    return [words.say(key, date=words.date(date, "short_date")) for date, key in said if date is not None]


def _conditions(entry: Entry, words: Words) -> str:
    said = [(entry.needs_release, "entry.release"), (entry.optional, "entry.optional")]
    return " ".join(words.say(key) for applies, key in said if applies)


def _pain(section: Section, sheet: Sheet, words: Words) -> str:
    """CLINICAL.md D.2, "During exercise" and the stop at 8. A clinic's own words stand in for ours."""
    own = section.pain_words
    limit = min(section.limit, STOP_PAIN - 1)
    sentences = []
    if own.get("green") or own.get("amber"):
        spans = ((0, min(2, limit), own.get("green")), (3, limit, own.get("amber")))
        sentences += [words.say("pain.to", first=a, last=b, do=do) for a, b, do in spans if do and a <= b]
    else:
        sentences.append(words.say("pain.up_to", limit=limit))
    if own.get("red"):
        sentences.append(words.say("pain.over", limit=limit, do=own["red"]))
    elif limit < STOP_PAIN - 1:
        key = "pain.above" if sheet.therapist else "pain.above_clinic"
        sentences.append(words.say(key, limit=limit, name=sheet.therapist))
    sentences.append(words.say("pain.stop_from", score=STOP_PAIN, do=_small(own.get("stop") or words.say("pain.stop"))))
    return " ".join(sentences)


def _help(sheet: Sheet, words: Words) -> dict[str, str]:
    """The signs of pressed nerves in the back; all others stand at the end of the page."""
    first = [sign for id_, sign in words.listed("signs").items() if id_.startswith("RF1.")]
    phone = sheet.clinic_phone.replace(" ", NO_BREAK)
    clinic = words.say("help.clinic", clinic=sheet.clinic, phone=phone) if phone else ""
    return {
        "title": words.say("help.title"),
        "text": "; ".join([first[0], *map(_small, first[1:])]) + ".",
        "do": words.say("do.RF1"),
        "call": words.say("help.call", number=sheet.emergency),
        "clinic": clinic,
    }


def _signs(words: Words) -> dict[str, Any]:
    do = words.listed("do")
    others = {id_: sign for id_, sign in words.listed("signs").items() if not id_.startswith("RF1.")}
    listed = [{"sign": f"{sign}.", "do": do[id_]} for id_, sign in others.items()]
    lengths = [len(one["sign"]) + len(one["do"]) for one in listed]
    # Two columns of about the same height.
    half = min(range(1, len(listed)), key=lambda n: abs(sum(lengths[:n]) - sum(lengths[n:])))
    return {"title": words.say("help.more"), "columns": [listed[:half], listed[half:]]}


def _named(name: str) -> str:
    """A heading must have something to read, also where somebody typed only what cannot be seen."""
    return name if any(char.isprintable() and not char.isspace() for char in name) else NAMELESS


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _table(section: Section, sheet: Sheet, words: Words, scale: float) -> dict[str, Any]:
    letters = words.listed("weekdays")
    first = sheet.starts
    weekdays = [n % 7 for n in range(DAYS)] if first is None else [(first.weekday() + n) % 7 for n in range(DAYS)]
    dates = [""] * DAYS if first is None else [str((first + n * ONE_DAY).day) for n in range(DAYS)]
    free = any(isinstance(entry.frequency, PerWeek) for entry in section.entries)
    how = [words.say("table.how"), words.say("table.free")] if free else [words.say("table.how")]
    rows = [(entry, _said(entry.exercise, words)) for entry in section.entries]
    return {
        "how": " ".join(how),
        "exercise": words.say("table.exercise"),
        "pain": words.say("table.pain"),
        "fits": room.table_fits([(said.name, times_per_day(entry.frequency)) for entry, said in rows], scale),
        "columns": [{"letter": letters[day], "date": date} for day, date in zip(weekdays, dates, strict=True)],
        "rows": [
            {
                "n": n,
                "name": said.name,
                "lang": said.language,
                "often": saying.short(words, entry.frequency),
                "times": times_per_day(entry.frequency),
                "due": list(entry.due),
            }
            for n, (entry, said) in enumerate(rows, start=1)
        ],
    }
