"""The glowing muscles: a full shape where they work, one pulled apart by two small heads where they are stretched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import atan2, cos, hypot, sin

from exercises.figures.camera import Camera
from exercises.figures.drawing import Layer, Part, disc_at
from exercises.figures.model import Animation
from exercises.figures.palette import Tone
from exercises.figures.shapes import Disc, Outline, arrow_head, disc, limb, polyline
from exercises.figures.skeleton import HIP_HALF_WIDTH, OUTWARD, Body
from exercises.figures.vectors import Vec, along, axis, mix, offset, scale

#: a muscle that faces away by more than this is drawn as a dashed ring
_FACES_AWAY = -0.6
#: muscle -> (centre from the hip in the pelvis frame, radius, outward normal); y counts outward
_AT_HIP: dict[str, tuple[Vec, float, Vec]] = {
    "glute": ((-4.5, 1.0, 1.5), 4.6, (-1.0, 0.0, 0.0)),
    "gmed": ((-1.0, 3.2, 5.0), 3.8, (-0.3, 1.0, 0.0)),
    "piri": ((-4.6, -0.5, 2.6), 3.4, (-1.0, 0.0, 0.0)),
    "qf": ((-4.2, 0.0, -1.6), 3.4, (-1.0, 0.0, 0.0)),
}
#: muscle -> (segment, from share, to share, forward of the bone, radius)
_ON_SEGMENT: dict[str, tuple[str, float, float, float, float]] = {
    "ham": ("thigh", 0.30, 0.70, -3.0, 2.4),
    "quad": ("thigh", 0.35, 0.75, 3.0, 2.4),
    "calf": ("shank", 0.22, 0.42, -1.8, 2.2),
}
_ENDS = {"thigh": ("hip", "knee"), "shank": ("knee", "ankle")}
#: the heads that pull a stretched muscle apart: how long, how broad, how far from its rim
_PULL_LENGTH, _PULL_WIDTH, _PULL_GAP = 4.6, 6.6, 0.7
#: a stretched muscle of the hip is drawn this long between the centres of its ends, and this much thinner
_HIP_PULLED, _HIP_THIN = 5.0, 0.72
#: across the pelvis if at least so much of it is seen, else along the spine
_SEEN = 0.6
#: two stretched muscles nearer than this on the picture could not be told apart
_TANGLE = 6.0
_OTHER = {"w": "o", "o": "w"}

Ends = Callable[[Body, Camera], tuple[Disc, Disc]]


@dataclass(frozen=True, slots=True)
class _Muscle:
    """The two ends of a muscle on the picture, the joint that moves it, and how much it faces the eye (−1 to 1)."""

    ends: Ends
    joint: str
    facing: float
    #: at the hip a working muscle is a disc, not a bar
    disc: Ends | None = None


def glow_parts(animation: Animation, body: Body, camera: Camera, *, stretched: bool) -> list[Part]:
    """The muscles, each at its place; `body` decides which of them face away."""
    pairs = {name for name in animation.glow if f"{name[:-1]}{_OTHER.get(name[-1])}" in animation.glow}
    hidden = {name for name in pairs if stretched and _hidden_by_twin(name, body, camera)}
    return [
        part
        for name in animation.glow
        if name not in hidden
        for part in _parts(name, body, camera, stretched=stretched, beside=name in pairs)
    ]


def _hidden_by_twin(name: str, body: Body, camera: Camera) -> bool:
    """Whether the muscle of the other side lies before it: their four heads would be a tangle."""
    mine, twin = (body.at[f"hip_{side}"] for side in (name[-1], _OTHER[name[-1]]))
    (x, y), (tx, ty) = camera.project(mine), camera.project(twin)
    return hypot(x - tx, y - ty) < _TANGLE and camera.depth(mine) < camera.depth(twin)


def _parts(name: str, body: Body, camera: Camera, *, stretched: bool, beside: bool) -> list[Part]:
    """One muscle; `beside` its twin of the other side it is pulled along the spine, or their heads would meet."""
    muscle, _, side = name.partition("_")
    if muscle in _NERVE_SIGNS:
        joints = (f"knee_{side}",)
        line = Part(name, Tone.NERVE, partial(_draw_nerve, side), joints=joints, layer=Layer.GLOW)
        sign = partial(_NERVE_SIGNS[muscle], side)
        return [line, Part(f"{name}_way", Tone.MUSCLE, sign, joints=joints, layer=Layer.GLOW)]
    found = _found(muscle, side, body, camera, beside=beside)
    behind = found.facing < _FACES_AWAY
    shape = found.ends if stretched or found.disc is None else found.disc
    joints = (found.joint,)
    whole = Part(
        name,
        Tone.MUSCLE_BEHIND if behind else Tone.MUSCLE,
        partial(_draw_shape, shape),
        joints=joints,
        layer=Layer.GLOW,
    )
    if not stretched:
        return [whole]
    tone = Tone.PULL_BEHIND if behind else Tone.MUSCLE
    return [whole, Part(f"{name}_pull", tone, partial(_draw_pull, shape), joints=joints, layer=Layer.GLOW)]


def _found(muscle: str, side: str, body: Body, camera: Camera, *, beside: bool) -> _Muscle:
    if muscle == "abs":
        return _Muscle(_abs_ends, "waist", 1.0)
    if muscle in _AT_HIP:
        _, _, (x, y, z) = _AT_HIP[muscle]
        pelvis = body.frame["pelvis"]
        facing = camera.facing(offset((0.0, 0.0, 0.0), pelvis, (x, y * OUTWARD[side], z)))
        across = not beside and hypot(*camera.project(axis(pelvis, 1))) >= _SEEN
        pulled = partial(_hip_ends, muscle, side, 1 if across else 2)
        return _Muscle(pulled, f"hip_{side}", facing, disc=partial(_hip_ends, muscle, side, None))
    if muscle == "psoas":
        return _Muscle(partial(_psoas_ends, side), f"knee_{side}", camera.facing(axis(body.frame["pelvis"], 0)))
    segment, _, _, forward, _ = _ON_SEGMENT[muscle]
    normal = scale(axis(body.frame[f"{segment}_{side}"], 0), 1.0 if forward > 0 else -1.0)
    return _Muscle(partial(_segment_ends, muscle, side), f"{_ENDS[segment][1]}_{side}", camera.facing(normal))


def _draw_shape(ends: Ends, body: Body, camera: Camera) -> Outline:
    first, second = ends(body, camera)
    return disc(first) if first == second else limb([first, second])


def _draw_pull(ends: Ends, body: Body, camera: Camera) -> Outline:
    """Two heads that point away from the muscle's ends, along it."""
    first, second = ends(body, camera)
    way = atan2(second.y - first.y, second.x - first.x)
    return _pull_head(second, way, 1.0) + _pull_head(first, way, -1.0)


def _pull_head(end: Disc, way: float, sign: float) -> Outline:
    out = sign * (end.radius + _PULL_GAP + _PULL_LENGTH)
    tip = (end.x + out * cos(way), end.y + out * sin(way))
    return arrow_head(tip, atan2(sign * sin(way), sign * cos(way)), _PULL_LENGTH, _PULL_WIDTH)


# Where each muscle ends


def _hip_ends(muscle: str, side: str, along_axis: int | None, body: Body, camera: Camera) -> tuple[Disc, Disc]:
    """A muscle of the hip: a disc, or with an axis of the pelvis a bar along it, of one length in every view."""
    (x, y, z), radius, _ = _AT_HIP[muscle]
    pelvis = body.frame["pelvis"]
    whole = disc_at(camera, offset(body.at[f"hip_{side}"], pelvis, (x, y * OUTWARD[side], z)), radius)
    if along_axis is None:
        return whole, whole
    dx, dy = camera.project(axis(pelvis, along_axis))
    share = _HIP_PULLED / 2 / max(hypot(dx, dy), 0.3)
    first, second = ((whole.x + sign * dx * share, whole.y + sign * dy * share) for sign in (-1, 1))
    return Disc(*first, radius * _HIP_THIN), Disc(*second, radius * _HIP_THIN)


def _segment_ends(muscle: str, side: str, body: Body, camera: Camera) -> tuple[Disc, Disc]:
    segment, start, end, forward, radius = _ON_SEGMENT[muscle]
    upper, lower = (body.at[f"{joint}_{side}"] for joint in _ENDS[segment])
    front = axis(body.frame[f"{segment}_{side}"], 0)
    first, second = (along(mix(upper, lower, share), front, forward) for share in (start, end))
    return disc_at(camera, first, radius), disc_at(camera, second, radius)


def _psoas_ends(side: str, body: Body, camera: Camera) -> tuple[Disc, Disc]:
    hip, knee = body.at[f"hip_{side}"], body.at[f"knee_{side}"]
    groin = offset(hip, body.frame["pelvis"], (3.0, 0.0, 3.5))
    return disc_at(camera, groin, 3.0), disc_at(camera, mix(hip, knee, 0.2), 2.6)


def _abs_ends(body: Body, camera: Camera) -> tuple[Disc, Disc]:
    raised = body.breath
    low, high = (
        offset(body.at["waist"], body.frame["waist"], local)
        for local in ((3.4 + raised, 0.0, -1.0), (3.6 + raised, 0.0, 5.0))
    )
    return disc_at(camera, low, 3.4), disc_at(camera, high, 3.4)


def _nerve_way(side: str, body: Body) -> list[Vec]:
    """The sciatic nerve from the buttock down the back of the leg to the ankle."""
    hip, knee, ankle = (body.at[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
    thigh, shank = axis(body.frame[f"thigh_{side}"], 0), axis(body.frame[f"shank_{side}"], 0)
    return [
        offset(hip, body.frame["pelvis"], (-4.0, 0.0, 3.0)),
        along(mix(hip, knee, 0.2), thigh, -3.0),
        along(mix(hip, knee, 0.9), thigh, -2.4),
        along(mix(knee, ankle, 0.15), shank, -2.4),
        along(mix(knee, ankle, 0.95), shank, -1.4),
    ]


def _draw_nerve(side: str, body: Body, camera: Camera) -> Outline:
    """Its roots meet at the sacrum, and it branches in the foot."""
    hip, ankle = body.at[f"hip_{side}"], body.at[f"ankle_{side}"]
    pelvis, foot = body.frame["pelvis"], body.frame[f"foot_{side}"]
    way = _nerve_way(side, body)
    middle = -OUTWARD[side] * HIP_HALF_WIDTH
    roots = [[offset(hip, pelvis, (-5.0, middle, height)), way[0]] for height in (5.0, 9.0, 13.0)]
    branches = [[way[-1], offset(ankle, foot, tip)] for tip in ((-3.5, 0.0, -1.0), (6.0, 0.0, -1.5))]
    lines = [polyline([camera.project(place) for place in line]) for line in (way, *roots, *branches)]
    return Outline("".join(line.commands for line in lines), tuple(point for line in lines for point in line.points))


def _draw_glide(side: str, body: Body, camera: Camera) -> Outline:
    """Three heads on the nerve, all toward the foot: it slides, as long as it is."""
    way = _nerve_way(side, body)
    heads = [_head_between(camera, way[1], way[2], share) for share in (0.25, 0.85)]
    heads.append(_head_between(camera, way[3], way[4], 0.6))
    return heads[0] + heads[1] + heads[2]


def _draw_tension(side: str, body: Body, camera: Camera) -> Outline:
    """Two heads on the nerve that point away from each other: it is pulled at both ends, like a stretched muscle."""
    way = _nerve_way(side, body)
    return _head_between(camera, way[2], way[1], 0.8) + _head_between(camera, way[3], way[4], 0.8)


def _head_between(camera: Camera, start: Vec, end: Vec, share: float) -> Outline:
    """A head at a share of the way from start to end, pointing to the end."""
    (ax, ay), (bx, by), (x, y) = (camera.project(place) for place in (start, end, mix(start, end, share)))
    way = atan2(by - ay, bx - ax)
    tip = (x + _PULL_LENGTH / 2 * cos(way), y + _PULL_LENGTH / 2 * sin(way))
    return arrow_head(tip, way, _PULL_LENGTH, _PULL_WIDTH)


#: a nerve glides or is pulled
_NERVE_SIGNS = {"nerve": _draw_glide, "nervepull": _draw_tension}
