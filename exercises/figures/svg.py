"""Writing SVG: the palette, paths with few digits, and motion as SMIL (docs/decisions/0005).

Coordinates are whole tenths of a percent of body height: fine enough for a screen full of one
figure, short enough for a patient's phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from exercises.figures.shapes import Outline
from exercises.figures.vectors import Point

UNITS = 10

#: class -> (what it paints, palette name, further declarations)
_PAINT: dict[str, tuple[str, str, str]] = {
    "G": ("fill", "ground", ""),
    "F": ("fill", "floor", ""),
    "w": ("fill", "worked", ""),
    "o": ("fill", "other", ""),
    "t": ("fill", "trunk", ""),
    "k": ("fill", "skin", ""),
    "h": ("fill", "hair", ""),
    "g": ("fill", "ghost", ""),
    "p": ("fill", "mat", ""),
    "q": ("fill", "mat-edge", ""),
    "d": ("fill", "wood", ""),
    "e": ("fill", "wood-line", ""),
    "B": ("fill", "band", ""),
    "X": ("fill", "weight", ""),
    "A": ("fill", "arrow", ""),
    "m": ("fill", "glow", "fill-opacity:.82"),
    "c": ("fill", "cushion", "stroke-width:8"),
    "v": ("fill", "wall", "fill-opacity:.6;stroke-width:8"),
    "l": ("stroke", "wood-line", "stroke-width:17"),
    "r": ("stroke", "wood-line", "stroke-width:24"),
    "x": ("stroke", "weight", "stroke-width:14"),
    "b": ("stroke", "band", "stroke-width:17"),
    "s": ("stroke", "strap", "stroke-width:17"),
    "a": ("stroke", "arrow", "stroke-width:20"),
    "u": ("stroke", "ground", "stroke-width:46"),
    "N": ("stroke", "glow", "stroke-width:24"),
    "M": ("stroke", "glow", "stroke-width:9;stroke-dasharray:16 13"),
    "T": ("stroke", "worked", "stroke-width:9"),
}
#: classes of filled things that also carry a line
_EDGED = {"c": "wood-line", "v": "wood-line"}

LIGHT = {
    "ground": "#fff", "floor": "#f4f0ea", "worked": "#16324f", "other": "#9fb6cc", "trunk": "#4f7396",
    "skin": "#d8b89a", "hair": "#22384d", "ghost": "#b9c2cb", "mat": "#cfe0d6", "mat-edge": "#a9c3b4",
    "wood": "#d9cfc2", "wood-line": "#9c8f7e", "cushion": "#f3e3cd", "wall": "#e9e2d8", "band": "#0e8a6d",
    "strap": "#7a4fa3", "weight": "#55504a", "arrow": "#d4380d", "glow": "#f28c28",
}  # fmt: skip
DARK = {
    "ground": "#15191e", "floor": "#1c2228", "worked": "#e6eef6", "other": "#6d8aa8", "trunk": "#a3bdd6",
    "skin": "#d8b89a", "hair": "#6b5646", "ghost": "#3b4652", "mat": "#2c4238", "mat-edge": "#3f5c4f",
    "wood": "#6a6156", "wood-line": "#a3957f", "cushion": "#5b5145", "wall": "#2b2f33", "band": "#3ccf9f",
    "strap": "#c6a0ea", "weight": "#b7b0a6", "arrow": "#ff9166", "glow": "#f2a03d",
}  # fmt: skip

MOVING, STILL = "mv", "st"


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the picture plane that is shown, in percent of body height."""

    left: float
    top: float
    width: float
    height: float


def stylesheet(used: Iterable[str]) -> str:
    """Plain light colours first, for paper and PDF writers; screens get custom properties on top."""
    classes = [name for name in _PAINT if name in set(used)]
    names = list(dict.fromkeys(name for cls in classes for name in (_PAINT[cls][1], _EDGED.get(cls, "")) if name))
    names += [name for name in ("ground",) if name not in names]
    plain = "".join(_rule(cls, lambda name: LIGHT[name], _PAINT[cls][2]) for cls in classes)
    plain += f".n{{stroke:{LIGHT['ground']};stroke-width:24;stroke-linejoin:round;paint-order:stroke}}"
    plain += ".gh{opacity:.55}"
    live = "".join(_rule(cls, lambda name: f"var(--{name})", "") for cls in classes) + ".n{stroke:var(--ground)}"
    return (
        f"{plain}@media screen{{svg{{{_properties(names, LIGHT)}}}{live}}}"
        f"@media screen and (prefers-color-scheme:dark){{svg{{{_properties(names, DARK)}}}}}"
    )


def _rule(cls: str, colour: Callable[[str], str], extra: str) -> str:
    kind, name, _ = _PAINT[cls]
    body = f"{kind}:{colour(name)}"
    if extra and kind == "stroke":
        body += ";fill:none;stroke-linecap:round;stroke-linejoin:round"
    if cls in _EDGED:
        body += f";stroke:{colour(_EDGED[cls])}"
    return f".{cls}{{{body}{';' + extra if extra else ''}}}"


def _properties(names: Sequence[str], palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{palette[name]}" for name in names)


MOTION_STYLE = (
    f".{STILL}{{display:none}}"
    f"@media (prefers-reduced-motion:reduce){{.{MOVING}{{display:none}}.{STILL}{{display:inline}}}}"
)


class Pen:
    """Writes outlines as path data inside one frame, and remembers which classes were used."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.used: set[str] = set()

    def point(self, place: Point) -> tuple[int, int]:
        return (round((place[0] - self.frame.left) * UNITS), round((place[1] - self.frame.top) * UNITS))

    def data(self, outline: Outline) -> str:
        """Path data with relative whole numbers: short, and blended exactly like absolute ones."""
        text: list[str] = []
        points = iter(outline.points)
        x = y = start_x = start_y = 0
        last = ""
        for command in outline.commands:
            if command == "Z":
                text.append("z")
                x, y, last = start_x, start_y, ""
                continue
            taken = [self.point(next(points)) for _ in range(2 if command == "Q" else 1)]
            if command == "M":
                # Absolute, so that a piece of a path never depends on the rounding of the one before.
                numbers = [value for point in taken for value in point]
                start_x, start_y = taken[0]
                letter = "M"
            else:
                numbers = [value for px, py in taken for value in (px - x, py - y)]
                letter = command.lower()
            x, y = taken[-1]
            if letter != last:
                text.append(letter)
                last = letter
                text.append(_joined(numbers, first=True))
            else:
                text.append(_joined(numbers, first=False))
        return "".join(text)

    def path(self, outline: Outline, classes: str, inner: str = "") -> str:
        return self.raw_path(self.data(outline), classes, inner)

    def raw_path(self, data: str, classes: str, inner: str = "") -> str:
        self.used.update(classes.split())
        body = f">{inner}</path>" if inner else "/>"
        return f'<path class="{classes}" d="{data}"{body}'


def _joined(numbers: Sequence[int], first: bool) -> str:
    text = ""
    for index, number in enumerate(numbers):
        separator = "" if number < 0 or (first and index == 0) else " "
        text += f"{separator}{number}"
    return text


def animate(attribute: str, values: str, timing: str) -> str:
    return f'<animate attributeName="{attribute}" {timing} values="{values}"/>'


def document(frame: Frame, style: str, body: str, title: str, desc: str) -> str:
    """A whole SVG file. Title and description are what a screen reader says."""
    width, height = round(frame.width * UNITS), round(frame.height * UNITS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="ti de">'
        f'<title id="ti">{escape(title, quote=False)}</title><desc id="de">{escape(desc, quote=False)}</desc>'
        f"<style>{style}</style>{body}</svg>"
    )
