"""From two poses to the body at any moment: root, pins, attachments, hands (CLINICAL.md A.3).

Each frame is solved in the same order: joint angles are interpolated, the body is set on its root
contact, then the legs and last the arms reach for what they hold.
"""

from __future__ import annotations

from exercises.figures.model import Animation, HandTarget
from exercises.figures.skeleton import (
    FOREARM,
    HAND,
    OUTWARD,
    PALM,
    UPPER_ARM,
    Body,
    forward_kinematics,
    leg_to,
    reach,
)
from exercises.figures.targets import hold_place
from exercises.figures.vectors import (
    UP,
    Mat,
    Vec,
    add,
    along,
    apply,
    axes,
    axis,
    cross,
    matmul,
    mix,
    norm,
    offset,
    ry,
    sub,
    unit,
)

#: radius of what lies under each trunk contact
_RADIUS = {"pelvis": 6.4, "chest": 7.0, "hip": 7.0, "knee": 3.4}
HEEL, HEEL_RADIUS = (-3.0, 0.0, -1.5), 2.5
TOE, TOE_RADIUS = (10.0, 0.0, -2.4), 1.6
#: a palm on the floor keeps its wrist this high
FLOOR_WRIST = 1.8
_ELBOW_POLES: dict[str, Vec] = {
    "out": (-0.35, 0.75, -0.55),
    "down": (-0.2, 0.15, -1.0),
    "wide": (0.0, 1.0, -0.1),
    "up": (0.3, 0.6, 0.6),
}


def lowest(body: Body, contact: str) -> float:
    """Height in world units of the lowest point of a contact."""
    if contact == "low":
        return min(lowest(body, "foot_w"), lowest(body, "foot_o"))
    name, _, side = contact.partition("_")
    if name not in ("foot", "heel"):
        return body.at[contact][2] - _RADIUS[name]
    ankle, foot = body.at[f"ankle_{side}"], body.frame[f"foot_{side}"]
    heel = offset(ankle, foot, HEEL)[2] - HEEL_RADIUS
    return heel if name == "heel" else min(heel, offset(ankle, foot, TOE)[2] - TOE_RADIUS)


def _contact_joint(body: Body, contact: str) -> Vec:
    name, _, side = contact.partition("_")
    return body.at[f"ankle_{side}" if name in ("foot", "heel") else contact]


def _levelled(foot: Mat) -> Mat:
    """A foot flat on the ground that keeps its heading."""
    forward = axis(foot, 0)
    heading = unit((forward[0], forward[1], 0.0), (1.0, 0.0, 0.0))
    return axes(heading, cross(UP, heading), UP)


class Stage:
    """One exercise, solved: `body_at(s)` for any share `s` of the way from start to end."""

    def __init__(self, animation: Animation) -> None:
        self.animation = animation
        self._root_place: Vec | None = None
        self._pinned: dict[str, tuple[Vec, Mat]] = {}
        self._solved: dict[float, Body] = {}
        self._remember_start()

    def body_at(self, share: float) -> Body:
        """The whole body at `share` (0 start, 1 end). Bodies are shared: do not change them."""
        if share not in self._solved:
            self._solved[share] = self._solve(share)
        return self._solved[share]

    def _remember_start(self) -> None:
        """Note where the root and the pinned feet stand at the start; later frames keep them there."""
        body = self._stand(0.0)
        if self.animation.root != "low":
            go = self.animation.start.go
            self._root_place = sub(_contact_joint(body, self.animation.root), go)
        for contact, height in self.animation.pin.items():
            side = contact[-1]
            ankle = body.at[f"ankle_{side}"]
            drop = height - lowest(body, contact)
            self._pinned[side] = (add(ankle, (0.0, 0.0, drop)), body.frame[f"foot_{side}"])

    def _solve(self, share: float) -> Body:
        body = self._stand(share)
        angles = self._angles(share)
        # An attached foot may rest on the other leg, so that leg is solved first.
        attached = {contact[-1]: target for contact, target in self.animation.attach.items()}
        sliding = {contact[-1]: (contact, height) for contact, height in self.animation.slide.items()}
        for side, (place, foot) in self._pinned.items():
            body.frame[f"foot_{side}"] = foot
            leg_to(body, side, place)
        for side, (contact, height) in sliding.items():
            leg_to(body, side, add(body.at[f"ankle_{side}"], (0.0, 0.0, height - lowest(body, contact))))
        for side, target in attached.items():
            leg_to(body, side, hold_place(body, target))
            body.frame[f"foot_{side}"] = matmul(body.frame[f"shank_{side}"], ry(-angles[f"ankle_{side}"][0]))
        for side in OUTWARD:
            self._solve_arm(body, side, share)
        return body

    def _angles(self, share: float) -> dict[str, tuple[float, ...]]:
        start, end = self.animation.start.angles, self.animation.end.angles
        return {
            joint: tuple(a + (b - a) * share for a, b in zip(angles, end[joint], strict=True))
            for joint, angles in start.items()
        }

    def _stand(self, share: float) -> Body:
        """The listed angles, feet levelled, set on the root contact."""
        anim = self.animation
        body = forward_kinematics(anim.base, self._angles(share))
        body.breath = anim.start.breath + (anim.end.breath - anim.start.breath) * share
        body.hollow = anim.start.hollow + (anim.end.hollow - anim.start.hollow) * share
        for side in anim.flat:
            body.frame[f"foot_{side}"] = _levelled(body.frame[f"foot_{side}"])
        if self._root_place is None:
            shift: Vec = (0.0, 0.0, anim.root_height - lowest(body, anim.root))
        else:
            shift = sub(self._root_place, _contact_joint(body, anim.root))
        body.move(add(shift, mix(anim.start.go, anim.end.go, share)))
        return body

    def _solve_arm(self, body: Body, side: str, share: float) -> None:
        start, end = self.animation.start.hands.get(side), self.animation.end.hands.get(side)
        if start is None and end is None:
            return
        shoulder = body.at[f"shoulder_{side}"]
        on_floor = any(target is not None and target.on_floor for target in (start, end))
        lower = FOREARM if on_floor else FOREARM + PALM
        aims = [self._aim(body, side, target, lower) for target in (start, end)]
        target = mix(aims[0][0], aims[1][0], share)
        pole = mix(aims[0][1], aims[1][1], share)
        solved = reach(shoulder, target, UPPER_ARM, lower, pole)
        along_forearm = unit(sub(solved.end, solved.middle))
        wrist = along(solved.middle, along_forearm, FOREARM)
        palms = [_palm_direction(body, along_forearm, target) for target in (start, end)]
        body.at[f"elbow_{side}"], body.at[f"wrist_{side}"] = solved.middle, wrist
        body.at[f"fingers_{side}"] = along(wrist, unit(mix(palms[0], palms[1], share), along_forearm), HAND)

    @staticmethod
    def _aim(body: Body, side: str, target: HandTarget | None, lower: float) -> tuple[Vec, Vec]:
        """Where the chain of one arm should end, and its elbow pole. A free arm aims where it hangs."""
        shoulder, elbow, wrist = (body.at[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
        if target is None:
            return along(elbow, unit(sub(wrist, elbow)), lower), unit(sub(elbow, shoulder))
        front, outward, up = _ELBOW_POLES[target.elbow]
        pole = unit(apply(body.frame["chest"], (front, outward * OUTWARD[side], up)))
        place = hold_place(body, target.place)
        return (add(place, (0.0, 0.0, FLOOR_WRIST)) if target.on_floor else place), pole


def _palm_direction(body: Body, along_forearm: Vec, target: HandTarget | None) -> Vec:
    """Fingers lengthen the forearm, but a palm on the floor lies flat and points to the front."""
    if target is None or not target.on_floor:
        return along_forearm
    chest = body.frame["chest"]
    ahead = add(axis(chest, 0), axis(chest, 2))
    level = (ahead[0], ahead[1], 0.0)
    return unit(level) if norm(level) > 0.1 else along_forearm
