"""An exercise's picture on paper: the phone's own poster, or a clinic's photo where nothing is drawn."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage

from exercises.models import Exercise, FigureFile, MediaFile
from exercises.wording import say_exercise
from programs.handout.pixels import pixels
from programs.handout.words import Words

# A photo is decoded to be printed; a file of a few kilobytes may claim a picture that fills the memory.
MOST_PIXELS = 50_000_000
FORMATS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True)
class Picture:
    """Either `svg`, the drawing as text, or `photo`, the bytes of a file in `format`. `alt` is read aloud."""

    alt: str
    svg: str = ""
    photo: bytes = b""
    format: str = ""

    def file(self, name: str) -> str:
        """What a photo's file is called beside the page; a drawing needs none."""
        return f"{name}.{self.format}" if self.photo else ""


def pictures(exercises: Iterable[Exercise], words: Words) -> dict[str, Picture]:
    """By the exercise's id; an exercise without figure and photo, or whose file is gone, is left out. Two queries."""
    exercises = list(exercises)
    posters = dict(
        FigureFile.objects.filter(pk__in={one.figure_poster for one in exercises} - {""}).values_list("pk", "svg_gz")
    )
    photos = MediaFile.objects.in_bulk({one.photo for one in exercises if not one.figure_poster} - {""})
    found = {}
    for one in exercises:
        said = say_exercise(one, words.language)
        if one.figure_poster in posters:
            svg = gzip.decompress(bytes(posters[one.figure_poster])).decode()
            # As the drawing's own title and description, which are as the exercise is stored.
            alt = ". ".join(part for part in (said.name, " ".join(said.steps)) if part)
            found[str(one.pk)] = Picture(alt=alt, svg=svg)
        elif one.photo in photos and (data := _read(photos[one.photo])):
            alt = words.say("entry.photo", name=said.name)
            found[str(one.pk)] = Picture(alt=alt, photo=data, format=FORMATS[photos[one.photo].content_type])
    return found


def _read(file: MediaFile) -> bytes:
    if file.content_type not in FORMATS:
        return b""
    try:
        with default_storage.open(file.stored_as) as opened:
            photo = bytes(opened.read())
    except FileNotFoundError:
        return b""
    claimed = pixels(photo)
    return photo if claimed is not None and claimed <= MOST_PIXELS else b""
