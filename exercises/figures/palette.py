"""The two palettes (FIGURES.md 4) and the stylesheet that paints with them.

Colour never carries meaning alone: the arrow has a head, the glow a place, the worked leg its lightness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

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
    "e": ("fill", "wood-side", ""),
    "B": ("fill", "band", ""),
    "X": ("fill", "weight", ""),
    "A": ("fill", "arrow", ""),
    "m": ("fill", "glow", "fill-opacity:.85;stroke-opacity:.35;stroke-width:16"),
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
    "T": ("stroke", "trunk", "stroke-width:11"),
    "S": ("stroke", "arrow", "stroke-width:11"),
    "R": ("stroke", "wood-line", "stroke-width:7"),
    "L": ("stroke", "wood-line", "stroke-width:6;stroke-dasharray:10 12"),
}
GROUND = ("G", "F")
MAT = ("p", "q")

#: classes of filled things that also carry a line
_EDGED = {"c": "wood-line", "v": "wood-line", "m": "glow"}

LIGHT = {
    "ground": "#fff", "floor": "#f4f0ea", "worked": "#16324f", "other": "#9fb6cc", "trunk": "#4f7396",
    "skin": "#d8b89a", "hair": "#22384d", "ghost": "#b9c2cb", "mat": "#cfe0d6", "mat-edge": "#a9c3b4",
    "wood": "#d9cfc2", "wood-line": "#9c8f7e", "wood-side": "#bdb1a0", "cushion": "#f3e3cd", "wall": "#e9e2d8",
    "band": "#0e8a6d", "strap": "#7a4fa3", "weight": "#55504a", "arrow": "#d4380d", "glow": "#f28c28",
}  # fmt: skip
DARK = {
    "ground": "#15191e", "floor": "#1c2228", "worked": "#e6eef6", "other": "#6d8aa8", "trunk": "#a3bdd6",
    "skin": "#d8b89a", "hair": "#6b5646", "ghost": "#566472", "mat": "#2c4238", "mat-edge": "#3f5c4f",
    "wood": "#6a6156", "wood-line": "#a3957f", "wood-side": "#524a40", "cushion": "#5b5145", "wall": "#2b2f33",
    "band": "#3ccf9f", "strap": "#c6a0ea", "weight": "#b7b0a6", "arrow": "#ff9166", "glow": "#f2a03d",
}  # fmt: skip


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
