"""The two palettes (FIGURES.md 4) and the stylesheet that paints with them.

Colour never carries meaning alone: the arrow has a head, the glow a place, the worked leg its lightness.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum


class Tone(StrEnum):
    """What a shape is painted as; the value is its CSS class. Fills begin with f, lines with l."""

    WORKED = "fw"
    OTHER = "fo"
    TRUNK = "ft"
    SKIN = "fk"
    HAIR = "fh"
    GHOST = "fz"
    GROUND = "fg"
    FLOOR = "ff"
    MAT = "fp"
    MAT_EDGE = "fq"
    WOOD = "fd"
    WOOD_SIDE = "fe"
    BAND_FILL = "fb"
    WEIGHT = "fx"
    ARROW_HEAD = "fa"
    MUSCLE = "fm"
    CUSHION = "fc"
    WALL = "fv"
    LEG = "ll"
    RAIL = "lr"
    STICK = "lc"
    BAR = "lx"
    BAND = "lb"
    STRAP = "ls"
    ARROW = "la"
    ARROW_LINE = "lu"
    NERVE = "ln"
    MUSCLE_BEHIND = "lm"
    PULL_BEHIND = "fy"
    CLEFT = "lk"
    GHOST_LINE = "lz"
    BEFORE = "lw"
    BEFORE_LINE = "lv"
    SIGN = "lt"
    SIGN_FULL = "lf"
    RIM = "li"
    LEADER = "le"


#: the leg of each side
LEG_TONES = {"w": Tone.WORKED, "o": Tone.OTHER}
#: the light line that keeps overlapping parts apart
LINED = "fn"
GHOSTS = "gh"
#: the class of the <svg> itself, which carries the colours as custom properties
ROOT = "hsf"

#: tone -> (what it paints, palette name, further declarations)
_PAINT: dict[Tone, tuple[str, str, str]] = {
    Tone.GROUND: ("fill", "ground", ""),
    Tone.FLOOR: ("fill", "floor", ""),
    Tone.WORKED: ("fill", "worked", ""),
    Tone.OTHER: ("fill", "other", ""),
    Tone.TRUNK: ("fill", "trunk", ""),
    Tone.SKIN: ("fill", "skin", ""),
    Tone.HAIR: ("fill", "hair", ""),
    Tone.GHOST: ("fill", "ghost", ""),
    Tone.MAT: ("fill", "mat", ""),
    Tone.MAT_EDGE: ("fill", "mat-edge", ""),
    Tone.WOOD: ("fill", "wood", ""),
    Tone.WOOD_SIDE: ("fill", "wood-side", ""),
    Tone.BAND_FILL: ("fill", "band", ""),
    Tone.WEIGHT: ("fill", "weight", ""),
    Tone.ARROW_HEAD: ("fill", "arrow", ""),
    Tone.MUSCLE: ("fill", "glow", "fill-opacity:.9;stroke-width:7"),
    Tone.CUSHION: ("fill", "cushion", "stroke-width:8"),
    Tone.WALL: ("fill", "wall", "stroke-width:8;stroke-linejoin:round"),
    Tone.LEG: ("stroke", "wood-line", "stroke-width:17"),
    Tone.RAIL: ("stroke", "wood-line", "stroke-width:24"),
    Tone.STICK: ("stroke", "wood-line", "stroke-width:24"),
    Tone.BAR: ("stroke", "weight", "stroke-width:14"),
    Tone.BAND: ("stroke", "band", "stroke-width:17"),
    Tone.STRAP: ("stroke", "strap", "stroke-width:17"),
    Tone.ARROW: ("stroke", "arrow", "stroke-width:20"),
    Tone.ARROW_LINE: ("stroke", "ground", "stroke-width:46"),
    Tone.NERVE: ("stroke", "glow", "stroke-width:17"),
    Tone.MUSCLE_BEHIND: ("stroke", "glow-line", "stroke-width:9;stroke-dasharray:16 13"),
    Tone.PULL_BEHIND: ("fill", "glow-line", "stroke-width:7"),
    Tone.CLEFT: ("stroke", "ground", "stroke-width:9"),
    Tone.GHOST_LINE: ("stroke", "ghost", "stroke-width:20"),
    Tone.BEFORE_LINE: ("stroke", "ground", "stroke-width:26"),
    Tone.BEFORE: ("stroke", "arrow", "stroke-width:13;stroke-dasharray:14 20"),
    Tone.SIGN: ("stroke", "trunk", "stroke-width:11"),
    Tone.SIGN_FULL: ("stroke", "arrow", "stroke-width:11"),
    Tone.RIM: ("stroke", "wood-line", "stroke-width:7"),
    Tone.LEADER: ("stroke", "wood-line", "stroke-width:6;stroke-dasharray:10 12"),
}

MATS = (Tone.MAT, Tone.MAT_EDGE)

#: classes of filled things that also carry a line
_EDGED = {
    Tone.CUSHION: "wood-line",
    Tone.WALL: "wood-line",
    Tone.MUSCLE: "ground",
    Tone.PULL_BEHIND: "ground",
}

LIGHT = {
    "ground": "#fff", "floor": "#f4f0ea", "worked": "#16324f", "other": "#9fb6cc", "trunk": "#4f7396",
    "skin": "#d8b89a", "hair": "#22384d", "ghost": "#b9c2cb", "mat": "#cfe0d6", "mat-edge": "#a9c3b4",
    "wood": "#d9cfc2", "wood-line": "#9c8f7e", "wood-side": "#bdb1a0", "cushion": "#f3e3cd", "wall": "#e9e2d8",
    "band": "#0e8a6d", "strap": "#7a4fa3", "weight": "#55504a", "arrow": "#d4380d",
    "glow": "#f28c28", "glow-line": "#f28c28",
}  # fmt: skip
DARK = {
    "ground": "#15191e", "floor": "#1c2228", "worked": "#e6eef6", "other": "#6d8aa8", "trunk": "#a3bdd6",
    "skin": "#d8b89a", "hair": "#6b5646", "ghost": "#7d8c9c", "mat": "#2c4238", "mat-edge": "#3f5c4f",
    "wood": "#6a6156", "wood-line": "#a3957f", "wood-side": "#524a40", "cushion": "#5b5145", "wall": "#2b2f33",
    "band": "#3ccf9f", "strap": "#c6a0ea", "weight": "#b7b0a6", "arrow": "#ff9166",
    "glow": "#f2a03d", "glow-line": "#c06a00",
}  # fmt: skip


def stylesheet(used: Collection[Tone]) -> str:
    """Plain light colours first, for paper and PDF writers; screens get custom properties on top."""
    tones = [tone for tone in _PAINT if tone in used]
    names = list(dict.fromkeys(["ground", *(name for tone in tones for name in _names(tone))]))
    plain = "".join(_rule(tone, LIGHT.__getitem__, complete=True) for tone in tones)
    live = "".join(_rule(tone, lambda name: f"var(--{name})", complete=False) for tone in tones)
    return (
        f"{plain}.{LINED}{{stroke:{LIGHT['ground']};stroke-width:24;stroke-linejoin:round;paint-order:stroke}}"
        f".{GHOSTS}{{opacity:.55}}"
        f"@media screen{{.{ROOT}{{{_properties(names, LIGHT)}}}{live}.{LINED}{{stroke:var(--ground)}}}}"
        f"@media screen and (prefers-color-scheme:dark){{.{ROOT}{{{_properties(names, DARK)}}}}}"
    )


def _names(tone: Tone) -> list[str]:
    """The palette names that a tone needs."""
    edge = _EDGED.get(tone)
    return [_PAINT[tone][1], *([edge] if edge else [])]


def _rule(tone: Tone, colour: Callable[[str], str], *, complete: bool) -> str:
    """The CSS rule of a tone: with everything, or with its colours alone."""
    kind, name, further = _PAINT[tone]
    declarations = [f"{kind}:{colour(name)}"]
    if tone in _EDGED:
        declarations.append(f"stroke:{colour(_EDGED[tone])}")
    if complete and kind == "stroke":
        declarations.append("fill:none;stroke-linecap:round;stroke-linejoin:round")
    if complete and further:
        declarations.append(further)
    return f".{tone}{{{';'.join(declarations)}}}"


def _properties(names: Sequence[str], palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{palette[name]}" for name in names)
