"""Named places on a body: what hands hold, where feet rest, what arrows follow (FIGURES.md 5)."""

from __future__ import annotations

from exercises.figures.skeleton import OUTWARD, Body
from exercises.figures.vectors import Vec, add, along, mix, offset, sub, unit

#: target -> (fraction of the way from hip to knee, offset in the thigh frame)
_ON_THIGH: dict[str, tuple[float, Vec]] = {
    "ham": (0.48, (-5.0, 0.0, 0.0)),
    "thigh": (0.60, (6.0, 0.0, 0.0)),
    "thighout": (0.50, (1.0, 5.0, 0.0)),
    "kneeout": (0.90, (2.0, 4.5, 0.0)),
    "lap": (0.93, (5.6, 1.5, 0.0)),
}
#: target -> (joint, frame, offset); the second number of the offset counts outward
_ON_TRUNK: dict[str, tuple[str, str, Vec]] = {
    "hip": ("hip", "pelvis", (2.0, 6.5, 4.0)),
    "belly": ("waist", "waist", (8.0, 4.0, 2.0)),
    "lowback": ("waist", "waist", (-8.0, 2.0, 1.0)),
    "nape": ("neck", "chest", (-7.0, 1.0, 7.0)),
}
_ON_HEAD: dict[str, Vec] = {"head": (-6.0, 0.0, -3.0), "forehead": (6.5, 0.0, 3.0)}
#: target -> height over the ankle
_OVER_ANKLE = {"ankle": 2.0, "stack": 4.9}
STRAP_SHARE, STRAP_LONGEST = 0.55, 23.0

#: arrow point -> (joint, frame, offset); {} is replaced by the side
_POINTS_OF_SIDE: dict[str, tuple[str, str, Vec]] = {
    "toe": ("ankle", "foot", (11.0, 0.0, -2.0)),
    "sole": ("ankle", "foot", (4.0, 0.0, -5.0)),
    "heel": ("ankle", "foot", (-3.0, 0.0, -3.0)),
    "kneetop": ("knee", "thigh", (4.0, 0.0, -2.0)),
    "kneeout": ("knee", "thigh", (0.0, 4.0, 0.0)),
}
_POINTS_OF_TRUNK: dict[str, tuple[str, str, Vec]] = {
    "seat": ("pelvis", "pelvis", (-6.0, 0.0, 0.0)),
    "front": ("pelvis", "pelvis", (7.0, 0.0, 2.0)),
    "belly": ("waist", "waist", (6.0, 0.0, 2.0)),
    "breast": ("chest", "chest", (7.0, 0.0, 2.0)),
    "crown": ("head", "head", (0.0, 0.0, 7.0)),
    "face": ("head", "head", (6.0, 0.0, 0.0)),
}


def hold_place(body: Body, target: str | Vec) -> Vec:
    """Where a palm or an attached ankle goes for this target, on the body as it is now."""
    if not isinstance(target, str):
        return target
    if target in _ON_HEAD:
        return offset(body.at["head"], body.frame["head"], _ON_HEAD[target])
    name, _, side = target.rpartition("_")
    if name in _ON_TRUNK:
        joint, frame, (x, y, z) = _ON_TRUNK[name]
        x += body.breath if name == "belly" else 0.0
        origin = body.at[f"hip_{side}" if joint == "hip" else joint]
        return offset(origin, body.frame[frame], (x, y * OUTWARD[side], z))
    if name == "strap":
        return _strap_place(body, side)
    return _on_leg(body, name, side)


def _on_leg(body: Body, name: str, side: str) -> Vec:
    hip, knee, ankle = (body.at[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
    if name in _ON_THIGH:
        share, (x, y, z) = _ON_THIGH[name]
        return offset(mix(hip, knee, share), body.frame[f"thigh_{side}"], (x, y * OUTWARD[side], z))
    if name == "shin":
        return offset(mix(knee, ankle, 0.3), body.frame[f"shank_{side}"], (4.4, 0.0, 0.0))
    return add(ankle, (0.0, 0.0, _OVER_ANKLE[name]))


def strap_foot(body: Body, side: str) -> Vec:
    """Where a strap or a band runs under the foot."""
    return offset(body.at[f"ankle_{side}"], body.frame[f"foot_{side}"], (4.0, 0.0, -4.0))


def _strap_place(body: Body, side: str) -> Vec:
    shoulders = mix(body.at["shoulder_w"], body.at["shoulder_o"], 0.5)
    line = sub(strap_foot(body, side), shoulders)
    length = sum(x * x for x in line) ** 0.5
    return along(shoulders, unit(line), min(STRAP_SHARE * length, STRAP_LONGEST))


def arrow_place(body: Body, point: str) -> Vec:
    """The place of a point that an arrow follows; any joint name is its centre."""
    if point == "ahead":
        return add(body.at["chest"], (30.0, 0.0, 0.0))
    if point in _POINTS_OF_TRUNK:
        joint, frame, (x, y, z) = _POINTS_OF_TRUNK[point]
        x += body.breath if point == "belly" else 0.0
        return offset(body.at[joint], body.frame[frame], (x, y, z))
    name, _, side = point.rpartition("_")
    if name in _POINTS_OF_SIDE:
        joint, frame, (x, y, z) = _POINTS_OF_SIDE[name]
        return offset(body.at[f"{joint}_{side}"], body.frame[f"{frame}_{side}"], (x, y * OUTWARD[side], z))
    if name == "handtip":
        wrist = body.at[f"wrist_{side}"]
        return along(wrist, unit(sub(body.at[f"fingers_{side}"], wrist)), 5.0)
    return body.at[point]
