"""The skeleton: segment lengths, forward kinematics and two-bone reach.

Lengths are percent of body height (CLINICAL.md A.3). World: x forward, y left, z up, floor z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from exercises.figures.model import Angles
from exercises.figures.vectors import (
    IDENTITY,
    Mat,
    Vec,
    add,
    along,
    axes,
    axis,
    cross,
    matmul,
    norm,
    offset,
    rx,
    ry,
    rz,
    scale,
    sub,
    unit,
    without,
)

THIGH, SHANK, UPPER_ARM, FOREARM, HAND, PALM = 24.5, 24.6, 18.0, 15.0, 4.2, 2.5
HIP_HALF_WIDTH, SHOULDER_HALF_WIDTH = 5.2, 9.6

#: The sign of each side's outward direction along the body's left axis.
OUTWARD = {"w": -1.0, "o": 1.0}

BASE_FRAMES: dict[str, Mat] = {
    "up": IDENTITY,
    "supine": axes((0, 0, 1), (0, 1, 0), (-1, 0, 0)),
    "prone": axes((0, 0, -1), (0, 1, 0), (1, 0, 0)),
    "side": axes((0, -1, 0), (0, 0, -1), (1, 0, 0)),
    "side_worked": axes((0, 1, 0), (0, 0, 1), (1, 0, 0)),
}

#: Below this |thigh × shank| a knee is too straight to tell its hinge; the listed axis decides.
STRAIGHT_KNEE = 130.0


@dataclass(slots=True)
class Body:
    """Where every joint is (`at`) and how every segment is turned (`frame`), in world coordinates.

    `breath` is how far the belly is raised, `hollow` how far the low back is off its line, in percent of body height.
    """

    at: dict[str, Vec]
    frame: dict[str, Mat]
    breath: float = 0.0
    hollow: float = 0.0

    def move(self, shift: Vec) -> None:
        """Carry the whole body."""
        self.at = {joint: add(place, shift) for joint, place in self.at.items()}


@dataclass(frozen=True, slots=True)
class Reach:
    """A solved chain of two bones: the middle joint and the end it attains."""

    middle: Vec
    end: Vec


def turn(forward: float, side: float, spin: float) -> Mat:
    """T of CLINICAL.md A.3: forward bend, side-bend and turn, the last two + to the worked side."""
    return matmul(rz(-spin), matmul(ry(forward), rx(side)))


def limb_turn(angles: tuple[float, ...], outward: float) -> Mat:
    """Flexion, abduction, external rotation of a hip or shoulder on the side `outward`."""
    flexion, abduction, rotation = angles
    return matmul(ry(-flexion), matmul(rx(outward * abduction), rz(outward * rotation)))


def reach(root: Vec, target: Vec, upper: float, lower: float, pole: Vec) -> Reach:
    """Two-bone inverse kinematics: the middle joint bends toward `pole` (FIGURES.md 5).

    A target out of reach is approached on its line, so no bone ever stretches.
    """
    line = sub(target, root)
    direction = unit(line, (0.0, 0.0, -1.0))
    span = min(max(norm(line), abs(upper - lower) + 0.5), 0.9995 * (upper + lower))
    before = (upper * upper - lower * lower + span * span) / (2 * span)
    height = sqrt(max(upper * upper - before * before, 0.0))
    side = unit(without(pole, direction), unit(without((0.31, 0.17, 0.93), direction)))
    return Reach(along(along(root, direction, before), side, height), along(root, direction, span))


def forward_kinematics(base: str, angles: Angles) -> Body:
    """The body that the listed angles give, its pelvis at the world's origin."""
    pelvis = matmul(BASE_FRAMES[base], turn(*angles["pelvis"]))
    bend, side, spin = angles["trunk"]
    half = turn(bend / 2, side / 2, spin / 2)
    waist = matmul(pelvis, half)
    chest = matmul(waist, half)
    head = matmul(chest, turn(*angles["head"]))
    frame = {"pelvis": pelvis, "waist": waist, "chest": chest, "head": head}

    origin = (0.0, 0.0, 0.0)
    at: dict[str, Vec] = {"pelvis": origin}
    at["waist"] = along(origin, axis(pelvis, 2), 9.0)
    at["mid"] = along(at["waist"], axis(waist, 2), 7.5)
    at["chest"] = along(at["mid"], axis(chest, 2), 5.0)
    at["neck"] = along(at["mid"], axis(chest, 2), 12.5)
    at["head"] = offset(along(at["neck"], axis(chest, 2), 1.5), head, (0.9, 0.0, 8.6))
    body = Body(at, frame)
    for side_name, outward in OUTWARD.items():
        _hang_leg(body, angles, side_name, outward)
        _hang_arm(body, angles, side_name, outward)
    return body


def _hang_leg(body: Body, angles: Angles, side: str, outward: float) -> None:
    at, frame = body.at, body.frame
    thigh = matmul(frame["pelvis"], limb_turn(angles[f"hip_{side}"], outward))
    shank = matmul(thigh, ry(angles[f"knee_{side}"][0]))
    frame[f"thigh_{side}"], frame[f"shank_{side}"] = thigh, shank
    frame[f"foot_{side}"] = matmul(shank, ry(-angles[f"ankle_{side}"][0]))
    at[f"hip_{side}"] = offset(at["pelvis"], frame["pelvis"], (0.0, HIP_HALF_WIDTH * outward, 0.0))
    at[f"knee_{side}"] = along(at[f"hip_{side}"], axis(thigh, 2), -THIGH)
    at[f"ankle_{side}"] = along(at[f"knee_{side}"], axis(shank, 2), -SHANK)


def _hang_arm(body: Body, angles: Angles, side: str, outward: float) -> None:
    at, frame = body.at, body.frame
    upper = matmul(frame["chest"], limb_turn(angles[f"sh_{side}"], outward))
    fore = matmul(upper, ry(-angles[f"el_{side}"][0]))
    at[f"shoulder_{side}"] = offset(at["neck"], frame["chest"], (0.0, SHOULDER_HALF_WIDTH * outward, -2.2))
    at[f"elbow_{side}"] = along(at[f"shoulder_{side}"], axis(upper, 2), -UPPER_ARM)
    at[f"wrist_{side}"] = along(at[f"elbow_{side}"], axis(fore, 2), -FOREARM)
    at[f"fingers_{side}"] = along(at[f"wrist_{side}"], axis(fore, 2), -HAND)


def leg_to(body: Body, side: str, ankle: Vec) -> None:
    """Bend one leg so that its ankle comes to `ankle`, the knee staying on the listed side."""
    at, frame = body.at, body.frame
    hip, knee = at[f"hip_{side}"], at[f"knee_{side}"]
    listed = frame[f"thigh_{side}"]
    # The front of the thigh decides only when the leg is nearly straight.
    pole = along(sub(knee, hip), axis(listed, 0), 0.6)
    solved = reach(hip, ankle, THIGH, SHANK, pole)
    at[f"knee_{side}"], at[f"ankle_{side}"] = solved.middle, solved.end
    upper, lower = sub(solved.middle, hip), sub(solved.end, solved.middle)
    hinge = cross(upper, lower)
    if norm(hinge) < STRAIGHT_KNEE:
        hinge = axis(listed, 1)
    frame[f"thigh_{side}"] = _segment_frame(upper, hinge)
    frame[f"shank_{side}"] = _segment_frame(lower, hinge)


def _segment_frame(direction: Vec, hinge: Vec) -> Mat:
    """The frame of a segment that runs along `direction` (its −z) and bends about `hinge` (its y)."""
    up = unit(scale(direction, -1.0))
    left = unit(without(unit(hinge), up))
    return axes(cross(left, up), left, up)
