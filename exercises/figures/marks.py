"""Arrows: what the picture says beside what it shows (muscles are in muscles.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, hypot

from exercises.figures.camera import Camera
from exercises.figures.model import Animation
from exercises.figures.placement import Stage
from exercises.figures.shapes import Outline, arrow_head, polyline
from exercises.figures.targets import arrow_place
from exercises.figures.vectors import Point, add, along, heading, sub, unit

SHORTEST_ARROW, HEAD_LENGTH, HEAD_WIDTH = 13.0, 5.4, 5.6
SPIN_RADIUS, ROLL_RADIUS = 17.0, 10.0
_THRUST = 2.5
_PATH_POINTS = 9
#: cosine between a force and the view beyond which it is not drawn
_ALONG_THE_VIEW = 0.9
#: a press against something that does not give way ends at a bar as broad as this
_STOP_WIDTH, _STOP_GAP = 8.0, 1.4


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """One arrow on the picture: its shaft (with the bar that stops it) and its heads."""

    shaft: Outline
    heads: tuple[Outline, ...]
    #: the way an arrow of a force is pushed when it pulses
    thrust: Point = (0.0, 0.0)


def arrows(animation: Animation, stage: Stage, camera: Camera) -> list[DrawnArrow]:
    """Every arrow of the exercise: motion along its true path, turns, and forces."""
    ways = [*_motions(animation, stage, camera), *_spins(animation, stage, camera)]
    forces = list(_forces(animation, stage, camera))
    drawn = [
        *(_arrow(path, both_ways=animation.both_ways) for path in ways),
        *(_arrow(path, both_ways=animation.both_ways, stopped=animation.stopped) for path in forces),
    ]
    return [arrow for arrow in drawn if arrow is not None]


def _motions(animation: Animation, stage: Stage, camera: Camera) -> Iterator[list[Point]]:
    bodies = [stage.body_at(i / (_PATH_POINTS - 1)) for i in range(_PATH_POINTS)]
    for arrow in animation.moves:
        yield [camera.project(add(arrow_place(body, arrow.point), arrow.shift)) for body in bodies]


def _spins(animation: Animation, stage: Stage, camera: Camera) -> Iterator[list[Point]]:
    for spin in animation.spins:
        centre = stage.body_at(1.0).at[spin.centre]
        headings = [spin.start + (spin.end - spin.start) * i / 12 for i in range(13)]
        if spin.upright:
            turned = [(x, 0.0, y) for x, y, _ in (heading(degrees) for degrees in headings)]
            yield [camera.project(along(centre, direction, ROLL_RADIUS)) for direction in turned]
        else:
            yield [camera.project(along(centre, heading(degrees), SPIN_RADIUS)) for degrees in headings]


def _forces(animation: Animation, stage: Stage, camera: Camera) -> Iterator[list[Point]]:
    """A force that points at the eye would be a stub in a meaningless direction: it is left to the inset,
    whose camera sees it from the side."""
    for force in animation.forces:
        place = arrow_place(stage.body_at(1.0), force.point)
        start, tip = (sub(place, force.vector), place) if force.pushes else (place, add(place, force.vector))
        if abs(camera.facing(unit(force.vector))) <= _ALONG_THE_VIEW:
            yield [camera.project(start), camera.project(tip)]


def _length(path: list[Point]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(path))


def _arrow(path: list[Point], *, both_ways: bool, stopped: bool = False) -> DrawnArrow | None:
    """An arrow along a path; a path too short to see is enlarged about its middle. `stopped`: it ends at a bar."""
    length = _length(path)
    if length < 1e-3:
        return None
    shortest = SHORTEST_ARROW + (HEAD_LENGTH if both_ways else 0.0)
    if length < shortest:
        path = _enlarged(path, shortest / length)
    heads = [_head(path)]
    shaft = _shortened(path, HEAD_LENGTH * 0.7)
    if both_ways:
        heads.append(_head(path[::-1]))
        shaft = _shortened(shaft[::-1], HEAD_LENGTH * 0.7)
    (ax, ay), (bx, by) = path[0], path[-1]
    whole = hypot(bx - ax, by - ay) or 1.0
    dx, dy = (bx - ax) / whole, (by - ay) / whole
    drawn = polyline(shaft)
    if stopped:
        x, y, half = bx + dx * _STOP_GAP, by + dy * _STOP_GAP, _STOP_WIDTH / 2
        drawn += polyline([(x - dy * half, y + dx * half), (x + dy * half, y - dx * half)])
    return DrawnArrow(drawn, tuple(heads), (dx * _THRUST, dy * _THRUST))


def _enlarged(path: list[Point], factor: float) -> list[Point]:
    x, y = (path[0][0] + path[-1][0]) / 2, (path[0][1] + path[-1][1]) / 2
    return [(x + (px - x) * factor, y + (py - y) * factor) for px, py in path]


def _head(path: list[Point]) -> Outline:
    """The head points along the last stretch as long as itself, so a curve's end does not twist it."""
    tip = path[-1]
    back = next((p for p in reversed(path) if hypot(p[0] - tip[0], p[1] - tip[1]) >= HEAD_LENGTH), path[0])
    return arrow_head(tip, atan2(tip[1] - back[1], tip[0] - back[0]), HEAD_LENGTH, HEAD_WIDTH)


def _shortened(path: list[Point], length: float) -> list[Point]:
    """The path without its last `length`."""
    kept = list(path)
    while len(kept) > 2 and hypot(kept[-1][0] - kept[-2][0], kept[-1][1] - kept[-2][1]) <= length:
        length -= hypot(kept[-1][0] - kept[-2][0], kept[-1][1] - kept[-2][1])
        kept.pop()
    (ax, ay), (bx, by) = kept[-2], kept[-1]
    piece = hypot(bx - ax, by - ay)
    share = max(0.0, 1 - length / piece) if piece > 1e-9 else 0.0
    kept[-1] = (ax + (bx - ax) * share, ay + (by - ay) * share)
    return kept
