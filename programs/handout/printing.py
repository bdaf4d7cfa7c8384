"""A sheet becomes a PDF, by Typst: tagged, with a language and alternative texts (PDF/UA-1, which Typst enforces).

Everything a person has typed goes to the template as data (JSON), never as markup. PDF/UA refuses a character that no
font here can draw, and a photo may be broken: then the page is printed again with what can be drawn, since a patient
who waits for the paper is better served by an empty square than by an error.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from accounts.links import qr_svg
from programs.handout import layout
from programs.handout.pictures import Picture, pictures
from programs.handout.sheet import Sheet
from programs.handout.words import words

TEMPLATE = Path(__file__).parent / "page.typ"
FONT_PACKAGE = "font_source_sans_pro"
STANDARD: Literal["ua-1"] = "ua-1"
EMPTY_SQUARE = "□"
DRAWN_ALREADY = frozenset({"svg", "qr"})  # whole documents: what stands in their titles is not typeset
PROBE = '#set document(title: "x")\n#set text(lang: "en", font: "Source Sans Pro")\n#sys.inputs.text'
PHOTO_PROBE = '#set document(title: "x")\n#set text(lang: "en")\n#image(sys.inputs.file, alt: "x")'
LATEST_OF_OURS = "\u024f"  # up to here, Latin with all its accents, Source Sans has every letter


def pdf(sheet: Sheet, *, language: str, size: str, large: bool = False) -> bytes:
    """`language`: one of `words.LANGUAGES`; `size`: one of `accounts.countries.PAPERS`."""
    said = words(language)
    shown = pictures((entry.exercise for section in sheet.sections for entry in section.entries), said)
    qr = qr_svg(sheet.join.url) if sheet.join else ""
    page = layout.page(sheet, shown, said, size, qr, large=large)
    try:
        return _print(page, shown)
    except typst.TypstError:
        shown = {id_: one for id_, one in shown.items() if _whole(one)}
        page = layout.page(sheet, shown, said, size, qr, large=large)
    try:
        return _print(_each_text(page, lambda text: _kept(text, _drawable)), shown)
    except typst.TypstError:
        # Marks that can be drawn alone but not on top of each other.
        return _print(_each_text(page, lambda text: _kept(text, lambda char: char <= LATEST_OF_OURS)), shown)


def _print(page: dict[str, Any], shown: Mapping[str, Picture]) -> bytes:
    page = _each_text(page, _without_controls)
    with TemporaryDirectory(prefix="handout-") as folder:
        for id_, picture in shown.items():
            if picture.photo:
                (Path(folder) / picture.file(id_)).write_bytes(picture.photo)
        return _typeset(_template(), folder, page=json.dumps(page))


def _typeset(source: bytes, root: str, **inputs: str) -> bytes:
    # `root` is all that a page can read. (Typst's types ask for a root of bytes where the source is bytes.)
    return typst.compile(source, root=root, font_paths=_fonts(), sys_inputs=inputs, pdf_standards=STANDARD)  # type: ignore[type-var]


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Ours first. This machine's own stand in for letters that ours lack, so that a name is written as it is spelt."""
    spec = importlib.util.find_spec(FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"The package {FONT_PACKAGE} is not installed: run `pip install -r requirements.txt`.")
    return typst.Fonts(font_paths=[str(Path(spec.submodule_search_locations[0]) / "files")])


# ---- What cannot be printed ------------------------------------------------------------------------------------------
def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    if isinstance(value, dict):
        return {key: one if key in DRAWN_ALREADY else _each_text(one, change) for key, one in value.items()}
    return value


def _without_controls(text: str) -> str:
    """Line breaks stay; what else steers a terminal, and half a surrogate pair, has no place on paper."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})


def _kept(text: str, keep: Callable[[str], bool]) -> str:
    return "".join(char if keep(char) else EMPTY_SQUARE for char in text)


@lru_cache(maxsize=4096)
def _drawable(char: str) -> bool:
    """Whether some font has it. A page of one character takes about a millisecond, and only unusual ones are asked."""
    if char <= LATEST_OF_OURS:
        return True
    try:
        _typeset(PROBE.encode(), "/", text=char)
    except typst.TypstError:
        return False
    return True


def _whole(picture: Picture) -> bool:
    """Whether a photo can be decoded: an upload is judged by its first bytes only."""
    if not picture.photo:
        return True
    with TemporaryDirectory(prefix="handout-") as folder:
        name = picture.file("photo")
        (Path(folder) / name).write_bytes(picture.photo)
        try:
            _typeset(PHOTO_PROBE.encode(), folder, file=f"/{name}")
        except typst.TypstError:
            return False
    return True
