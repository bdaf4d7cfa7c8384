"""The hold sign: a stopwatch, since its number is the therapist's to choose and a picture has no language."""

from __future__ import annotations

from math import pi

from exercises.figures import svg
from exercises.figures.palette import Tone
from exercises.figures.svg import Pen
from exercises.figures.timeline import Loop
from exercises.figures.vectors import Point

HOLD_RADIUS = 7.0
_FACE = 5.2


def stopwatch(pen: Pen, place: Point, loop: Loop | None) -> str:
    """A stopwatch at `place`; with a loop, its rim fills while the figure holds."""
    x, y = pen.point(place)
    radius = _FACE * svg.UNITS
    sign = pen.written(f"M{x} {y - 52}v-18m-12 0h24M{x + 40} {y - 44}l8-8", Tone.SIGN)
    sign += pen.circle((x, y), radius, Tone.GROUND) + pen.circle((x, y), radius, Tone.SIGN)
    sign += pen.written(f"M{x} {y}v-30", Tone.SIGN)
    return sign + (_filling(pen, (x, y), round(radius), loop) if loop else "")


def _filling(pen: Pen, place: tuple[int, int], radius: int, loop: Loop) -> str:
    starts, ends = loop.hold_starts / loop.seconds, (loop.hold_starts + loop.hold) / loop.seconds
    times = ";".join(svg.number(time) for time in (0, starts, ends, ends + 0.01, 1))
    clock = f'dur="{loop.seconds:g}s" repeatCount="indefinite" keyTimes="{times}"'
    around = round(2 * pi * radius)
    dashes = ";".join(f"{length} {around}" for length in (0, 0, around, 0, 0))
    # An empty dash would still show its round cap, so the rim is hidden outside the hold.
    hidden = svg.animate("opacity", "0;1;1;0;0", f'{clock} calcMode="discrete"')
    # Starts at twelve and runs with the clock.
    x, y = place
    rim = f"M{x} {y - radius}a{radius} {radius} 0 1 1 0 {2 * radius}a{radius} {radius} 0 1 1 0 {-2 * radius}"
    filling = svg.animate("stroke-dasharray", dashes, clock)
    return f'<g opacity="0">{hidden}{pen.written(rim, Tone.SIGN_FULL, inner=filling)}</g>'
