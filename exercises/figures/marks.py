"""Arrows and glowing muscles: what the picture says beside what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import atan2, hypot

from exercises.figures.camera import Camera
from exercises.figures.drawing import Draw, Layer, Part, disc_at
from exercises.figures.model import Animation
from exercises.figures.palette import Tone
from exercises.figures.placement import Stage
from exercises.figures.shapes import Outline, arrow_head, disc, limb, polyline
from exercises.figures.skeleton import OUTWARD, Body
from exercises.figures.targets import arrow_place
from exercises.figures.vectors import Point, Vec, add, along, axis, heading, mix, offset, scale, sub, unit

SHORTEST_ARROW, HEAD_LENGTH, HEAD_WIDTH = 13.0, 5.4, 5.6
SPIN_RADIUS = 17.0
_THRUST = 2.5
_PATH_POINTS = 9
#: cosine between a force and the view beyond which it is not drawn
_ALONG_THE_VIEW = 0.9
#: a muscle that faces away by more than this is drawn as a dashed ring
_FACES_AWAY = -0.6


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """One arrow on the picture: its shaft and its heads."""

    shaft: Outline
    heads: tuple[Outline, ...]
    #: the way an arrow of a force is pushed when it pulses
    thrust: Point = (0.0, 0.0)


def arrows(animation: Animation, stage: Stage, camera: Camera) -> list[DrawnArrow]:
    """Every arrow of the exercise: motion along its true path, turns, and forces."""
    paths = [*_motions(animation, stage, camera), *_spins(animation, stage, camera), *_forces(animation, stage, camera)]
    drawn = [_arrow(path, both_ways=animation.both_ways) for path in paths]
    return [arrow for arrow in drawn if arrow is not None]


def _motions(animation: Animation, stage: Stage, camera: Camera) -> Iterator[list[Point]]:
    bodies = [stage.body_at(i / (_PATH_POINTS - 1)) for i in range(_PATH_POINTS)]
    for arrow in animation.moves:
        yield [camera.project(add(arrow_place(body, arrow.point), arrow.shift)) for body in bodies]


def _spins(animation: Animation, stage: Stage, camera: Camera) -> Iterator[list[Point]]:
    for spin in animation.spins:
        centre = stage.body_at(1.0).at[spin.centre]
        headings = [spin.start + (spin.end - spin.start) * i / 12 for i in range(13)]
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


def _arrow(path: list[Point], *, both_ways: bool) -> DrawnArrow | None:
    """An arrow along a path; a path too short to see is enlarged about its middle."""
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
    return DrawnArrow(polyline(shaft), tuple(heads), ((bx - ax) / whole * _THRUST, (by - ay) / whole * _THRUST))


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


# Muscles

#: muscle -> (centre from the hip in the pelvis frame, radius, outward normal); y counts outward
_AT_HIP: dict[str, tuple[Vec, float, Vec]] = {
    "glute": ((-4.5, 1.0, 1.5), 4.6, (-1.0, 0.0, 0.0)),
    "gmed": ((-1.0, 3.2, 5.0), 3.8, (-0.3, 1.0, 0.0)),
    "piri": ((-4.6, -0.5, 2.6), 3.4, (-1.0, 0.0, 0.0)),
    "qf": ((-4.2, 0.0, -1.6), 3.4, (-1.0, 0.0, 0.0)),
}
#: muscle -> (segment, from share, to share, forward of the bone, radius)
_ON_SEGMENT: dict[str, tuple[str, float, float, float, float]] = {
    "ham": ("thigh", 0.30, 0.70, -2.2, 2.7),
    "quad": ("thigh", 0.35, 0.75, 2.2, 2.7),
    "calf": ("shank", 0.22, 0.42, -1.8, 2.2),
}
_ENDS = {"thigh": ("hip", "knee"), "shank": ("knee", "ankle")}


def glow_parts(animation: Animation, body: Body, camera: Camera) -> list[Part]:
    """The working muscles, each at its place; `body` decides which of them face away."""
    return [_muscle(name, body, camera) for name in animation.glow]


def _muscle(name: str, body: Body, camera: Camera) -> Part:
    muscle, _, side = name.partition("_")
    draw: Draw
    if muscle == "abs":
        return Part(name, Tone.MUSCLE, _draw_abs, joints=("waist",), layer=Layer.GLOW)
    if muscle == "nerve":
        return Part(name, Tone.NERVE, partial(_draw_nerve, side), joints=(f"knee_{side}",), layer=Layer.GLOW)
    if muscle in _AT_HIP:
        _, _, (x, y, z) = _AT_HIP[muscle]
        facing = camera.facing(offset((0.0, 0.0, 0.0), body.frame["pelvis"], (x, y * OUTWARD[side], z)))
        draw, joint = partial(_draw_at_hip, muscle, side), f"hip_{side}"
    elif muscle == "psoas":
        facing = camera.facing(axis(body.frame["pelvis"], 0))
        draw, joint = partial(_draw_psoas, side), f"knee_{side}"
    else:
        segment, _, _, forward, _ = _ON_SEGMENT[muscle]
        normal = scale(axis(body.frame[f"{segment}_{side}"], 0), 1.0 if forward > 0 else -1.0)
        facing = camera.facing(normal)
        draw, joint = partial(_draw_on_segment, muscle, side), f"{_ENDS[segment][1]}_{side}"
    tone = Tone.MUSCLE_BEHIND if facing < _FACES_AWAY else Tone.MUSCLE
    return Part(name, tone, draw, joints=(joint,), layer=Layer.GLOW)


def _draw_at_hip(muscle: str, side: str, body: Body, camera: Camera) -> Outline:
    (x, y, z), radius, _ = _AT_HIP[muscle]
    return disc(
        disc_at(camera, offset(body.at[f"hip_{side}"], body.frame["pelvis"], (x, y * OUTWARD[side], z)), radius)
    )


def _draw_on_segment(muscle: str, side: str, body: Body, camera: Camera) -> Outline:
    segment, start, end, forward, radius = _ON_SEGMENT[muscle]
    upper, lower = (body.at[f"{joint}_{side}"] for joint in _ENDS[segment])
    front = axis(body.frame[f"{segment}_{side}"], 0)
    return limb([disc_at(camera, along(mix(upper, lower, share), front, forward), radius) for share in (start, end)])


def _draw_psoas(side: str, body: Body, camera: Camera) -> Outline:
    hip, knee = body.at[f"hip_{side}"], body.at[f"knee_{side}"]
    groin = offset(hip, body.frame["pelvis"], (3.0, 0.0, 3.5))
    return limb([disc_at(camera, groin, 3.0), disc_at(camera, mix(hip, knee, 0.2), 2.6)])


def _draw_abs(body: Body, camera: Camera) -> Outline:
    raised = body.breath
    locals_ = ((3.4 + raised, 0.0, -1.0), (3.6 + raised, 0.0, 5.0))
    places = [offset(body.at["waist"], body.frame["waist"], local) for local in locals_]
    return limb([disc_at(camera, place, 3.4) for place in places])


def _draw_nerve(side: str, body: Body, camera: Camera) -> Outline:
    """The sciatic nerve: a line from the buttock down the back of the leg."""
    hip, knee, ankle = (body.at[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
    thigh, shank = axis(body.frame[f"thigh_{side}"], 0), axis(body.frame[f"shank_{side}"], 0)
    places = [
        offset(hip, body.frame["pelvis"], (-4.0, 0.0, 3.0)),
        along(mix(hip, knee, 0.2), thigh, -3.0),
        along(mix(hip, knee, 0.9), thigh, -2.4),
        along(mix(knee, ankle, 0.15), shank, -2.4),
        along(mix(knee, ankle, 0.95), shank, -1.4),
    ]
    return polyline([camera.project(place) for place in places])
