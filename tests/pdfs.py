"""A PDF as a reader, a screen reader and a camera find it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

POINTS_A_MM = 72 / 25.4


@dataclass(frozen=True)
class Pdf:
    data: bytes

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(io.BytesIO(self.data))

    @property
    def root(self) -> Any:
        return self.reader.trailer["/Root"]

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page, each run of white space one space."""
        return [re.sub(r"\s+", " ", page.extract_text()) for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        return " ".join(self.pages)

    @property
    def size_mm(self) -> tuple[int, int]:
        box = self.reader.pages[0].mediabox
        return round(box.width / POINTS_A_MM), round(box.height / POINTS_A_MM)

    def letter_size(self, words: str) -> float:
        """Of the first place where a piece of these words is set, in points."""
        sizes: list[float] = []

        def visit(text: str, _cm: Any, matrix: list[float], _font: Any, size: float) -> None:
            if text.strip() and words.startswith(text.strip()):
                sizes.append(size * matrix[0])

        for page in self.reader.pages:
            page.extract_text(visitor_text=visit)
        return sizes[0]

    @property
    def links(self) -> set[str]:
        found = set()
        for page in self.reader.pages:
            for annotation in page.get("/Annots", []):
                action = annotation.get_object().get("/A", {})
                found |= {str(action["/URI"])} if "/URI" in action else set()
        return found

    def tags(self, kind: str) -> list[DictionaryObject]:
        """The structure elements of a kind ("Figure", "H2", "TH"), in reading order."""
        return [one for one in _elements(self.root.get("/StructTreeRoot", {})) if one.get("/S") == f"/{kind}"]

    @cached_property
    def languages(self) -> set[str]:
        """Those that parts of the text are marked with, beside the document's own."""
        return {str(one["/Lang"]) for one in _elements(self.root["/StructTreeRoot"]) if "/Lang" in one}

    def spoken(self, kind: str) -> list[str]:
        """In which language each structure element of a kind is read: its own, else that of what it stands in."""
        spoken: dict[int, str] = {}
        tree = self.root["/StructTreeRoot"]
        found: list[str] = []
        for one in _elements(tree):
            inherited = spoken.get(id(one["/P"].get_object()), str(self.root["/Lang"]))
            spoken[id(one)] = str(one.get("/Lang", inherited))
            if one.get("/S") == f"/{kind}":
                found.append(spoken[id(one)])
        return found

    @cached_property
    def alternatives(self) -> list[str]:
        return [str(one["/Alt"]) for one in self.tags("Figure")]

    def image(self, page: int = 0, dots_per_inch: int = 100) -> Image.Image:
        picture: Any = pypdfium2.PdfDocument(self.data)[page].render(scale=dots_per_inch / 72)
        return picture.to_pil().convert("RGB")  # type: ignore[no-any-return]

    @cached_property
    def codes(self) -> list[str]:
        """What a camera reads on the pages, in grey."""
        pictures = (self.image(n, 200).convert("L") for n in range(len(self.reader.pages)))
        return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def _elements(element: Any) -> Iterator[DictionaryObject]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        found = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from _elements(found)
