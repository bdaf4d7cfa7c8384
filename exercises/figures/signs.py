"""The hold sign: a stopwatch, since its number is the therapist's to choose and a picture has no language."""

from __future__ import annotations

from exercises.figures import svg
from exercises.figures.svg import Pen
from exercises.figures.timeline import Loop
from exercises.figures.vectors import Point

HOLD_RADIUS = 7.0
_FACE = 5.2


def stopwatch(pen: Pen, place: Point, loop: Loop | None) -> str:
    """A stopwatch at `place`; with a loop, its rim fills while the figure holds."""
    pen.used.update(("G", "T"))
    x, y = pen.point(place)
    radius = _FACE * svg.UNITS
    face = svg.circle((x, y), radius, "G") + svg.circle((x, y), radius, "T")
    buttons = f'<path class="T" d="M{x} {y - 52}v-18m-12 0h24M{x + 40} {y - 44}l8-8"/>'
    hand = f'<path class="T" d="M{x} {y}v-30"/>'
    return buttons + face + hand + (_filling(pen, (x, y), radius, loop) if loop else "")


def _filling(pen: Pen, place: tuple[int, int], radius: float, loop: Loop) -> str:
    pen.used.add("S")
    starts, ends = loop.hold_starts / loop.seconds, (loop.hold_starts + loop.hold) / loop.seconds
    times = ";".join(svg.number(time) for time in (0, starts, ends, ends + 0.01, 1))
    clock = f'dur="{loop.seconds:g}s" repeatCount="indefinite" keyTimes="{times}"'
    around = round(2 * 3.1416 * radius)
    dashes = ";".join(f"{length} {around}" for length in (0, 0, around, 0, 0))
    shown = svg.animate("stroke-dasharray", dashes, clock)
    # Starts at twelve and runs with the clock. An empty dash would still show its round cap.
    x, y = place
    r = round(radius)
    path = f"M{x} {y - r}a{r} {r} 0 1 1 0 {2 * r}a{r} {r} 0 1 1 0 {-2 * r}"
    seen = ";".join(("0", "1", "1", "0", "0"))
    visible = svg.animate("opacity", seen, clock + ' calcMode="discrete"')
    return f'<path class="S" d="{path}" stroke-dasharray="0 {around}" opacity="0">{shown}{visible}</path>'
