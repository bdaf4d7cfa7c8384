"""The drawn body: tapered limbs, a trunk that bends, head, hands and feet (FIGURES.md 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from exercises.figures.camera import Camera
from exercises.figures.drawing import Draw, Ellipsoid, Part, disc_at, mean_depth
from exercises.figures.palette import LEG_TONES, Tone
from exercises.figures.placement import HEEL, HEEL_RADIUS, TOE, TOE_RADIUS
from exercises.figures.shapes import Outline, curve, ellipse, hull, limb, polyline
from exercises.figures.skeleton import OUTWARD, Body
from exercises.figures.vectors import Vec, along, axis, mix, offset, sub, unit

HIP_RADIUS, THIGH_RADIUS, KNEE_RADIUS = 5.6, 4.9, 3.5
SHANK_RADIUS, CALF_RADIUS, ANKLE_RADIUS = 3.4, 3.5, 2.2
SHOULDER_RADIUS, ELBOW_RADIUS, WRIST_RADIUS, HAND_RADIUS = 3.3, 2.5, 1.9, 2.0

#: from the pelvis to the root of the neck
_TRUNK = (
    Ellipsoid("pelvis", "pelvis", (-0.3, 0.0, 1.5), (6.6, 9.4, 7.0)),
    Ellipsoid("waist", "waist", (0.0, 0.0, 3.0), (5.6, 8.2, 5.0)),
    Ellipsoid("chest", "chest", (0.0, 0.0, 0.0), (6.4, 9.6, 8.2)),
    Ellipsoid("neck", "chest", (0.0, 0.0, -2.4), (3.8, 9.4, 3.0)),
)
_NECK_HIDDEN = -0.3
#: the cleft between the buttocks, down the back of the pelvis; it tells a view from behind
_CLEFT: tuple[Vec, ...] = ((-6.7, 0.0, 1.0), (-6.5, 0.0, -1.5), (-5.4, 0.0, -3.6), (-3.6, 0.0, -5.0))
_CLEFT_SEEN = 0.35
_FACE = Ellipsoid("head", "head", (0.0, 0.0, 0.0), (5.8, 5.0, 7.0))
_HAIR = Ellipsoid("head", "head", (-2.1, 0.0, 1.8), (5.0, 5.3, 6.2))


def parts(body: Body, camera: Camera, beside: Iterable[Part] = ()) -> list[Part]:
    """All parts of a body, the farthest first, with the stubs that cover the creases at joints.

    `beside` are props that stand among the limbs and are sorted with them.
    """
    found = [*_trunk_and_head(body, camera), *beside]
    for side in OUTWARD:
        found.extend(_leg(body, camera, side))
        found.extend(_arm(body, camera, side))
    found.sort(key=lambda part: part.depth)
    return _with_stubs(found)


def _part(body: Body, camera: Camera, name: str, *, tone: Tone, joints: tuple[str, ...], draw: Draw) -> Part:
    return Part(name, tone, draw, mean_depth(body, camera, joints), joints, lined=True)


# Trunk and head


def _trunk_and_head(body: Body, camera: Camera) -> list[Part]:
    joints = ("pelvis", "waist", "chest", "neck")
    trunk = _part(body, camera, "trunk", tone=Tone.TRUNK, joints=joints, draw=_draw_trunk)
    # Seen from the feet, the chest hides the neck.
    hidden = camera.facing(axis(body.frame["chest"], 2)) < _NECK_HIDDEN
    neck = Part("neck", Tone.SKIN, _draw_neck, trunk.depth + (-0.01 if hidden else 0.01), ("neck", "head"))
    pieces = [trunk, neck, *_head(body, camera)]
    if camera.facing(axis(body.frame["pelvis"], 0)) < -_CLEFT_SEEN:
        pieces.append(Part("cleft", Tone.CLEFT, _draw_cleft, trunk.depth + 0.005, ("pelvis",)))
    return pieces


def _head(body: Body, camera: Camera) -> list[Part]:
    """Skull line, hair, face and nose. One light line goes around them all, none between them."""
    depth = camera.depth(body.at["head"]) + 1.0
    facing = camera.facing(axis(body.frame["head"], 0))
    pieces = [
        Part("hair", Tone.HAIR, _draw_hair, depth - 0.01 * facing, ("head",)),
        Part("face", Tone.SKIN, _draw_face, depth + 0.01 * facing, ("head",)),
        Part("nose", Tone.SKIN, _draw_nose, depth + 0.02 * facing, ("head",)),
    ]
    return [Part("skull", Tone.SKIN, _draw_skull, depth - 0.1, ("head",), lined=True), *pieces]


def _draw_trunk(body: Body, camera: Camera) -> Outline:
    shapes = [
        piece.seen(body, camera, body.breath, body.hollow) if piece.joint == "waist" else piece.seen(body, camera)
        for piece in _TRUNK
    ]
    return hull(shapes[0], shapes[1]) + hull(shapes[1], shapes[2]) + hull(shapes[2], shapes[3])


def _draw_cleft(body: Body, camera: Camera) -> Outline:
    return polyline([camera.project(offset(body.at["pelvis"], body.frame["pelvis"], place)) for place in _CLEFT])


def trunk_line(which: str, body: Body, camera: Camera) -> Outline:
    """The line of the back or the belly from the chest to the pelvis, seen from the side."""
    sign = -1.0 if which == "back" else 1.0
    moved = body.hollow if which == "back" else body.breath
    # The waist moves by the whole, chest and pelvis not at all, and what lies between by half.
    places = [
        offset(body.at["chest"], body.frame["chest"], (6.4 * sign, 0.0, -2.0)),
        offset(body.at["waist"], body.frame["waist"], (6.0 * sign + moved * 0.5, 0.0, 6.0)),
        offset(body.at["waist"], body.frame["waist"], (5.6 * sign + moved * 1.2, 0.0, 4.0)),
        offset(body.at["waist"], body.frame["waist"], (5.6 * sign + moved * 1.2, 0.0, 2.0)),
        offset(body.at["waist"], body.frame["waist"], (6.0 * sign + moved * 0.5, 0.0, -1.0)),
        offset(body.at["pelvis"], body.frame["pelvis"], (-0.3 + 6.6 * sign, 0.0, 2.0)),
    ]
    return curve([camera.project(place) for place in places])


def _draw_neck(body: Body, camera: Camera) -> Outline:
    root = along(body.at["neck"], axis(body.frame["chest"], 2), -1.0)
    top = offset(body.at["head"], body.frame["head"], (-1.2, 0.0, -4.0))
    return limb([disc_at(camera, root, 3.0), disc_at(camera, top, 2.8)])


def _draw_skull(body: Body, camera: Camera) -> Outline:
    return _draw_face(body, camera) + _draw_hair(body, camera)


def _draw_face(body: Body, camera: Camera) -> Outline:
    return ellipse(_FACE.seen(body, camera))


def _draw_hair(body: Body, camera: Camera) -> Outline:
    return ellipse(_HAIR.seen(body, camera))


def _draw_nose(body: Body, camera: Camera) -> Outline:
    head, frame = body.at["head"], body.frame["head"]
    bridge, tip = offset(head, frame, (5.0, 0.0, 1.2)), offset(head, frame, (6.4, 0.0, -1.4))
    return limb([disc_at(camera, bridge, 0.8), disc_at(camera, tip, 1.2)])


# Limbs


def _leg(body: Body, camera: Camera, side: str) -> list[Part]:
    hip, knee, ankle, tone = f"hip_{side}", f"knee_{side}", f"ankle_{side}", LEG_TONES[side]
    shank = _part(body, camera, f"shank_{side}", tone=tone, joints=(knee, ankle), draw=partial(_draw_shank, side))
    # A foot is painted over its own shank: the other way round the line of the shank cuts off the heel.
    foot_depth = max(camera.depth(mix(foot_tip(body, side), body.at[ankle], 0.5)) + 0.3, shank.depth + 0.01)
    return [
        _part(body, camera, f"thigh_{side}", tone=tone, joints=(hip, knee), draw=partial(_draw_thigh, side)),
        shank,
        Part(
            f"foot_{side}",
            tone,
            partial(_draw_foot, side),
            foot_depth,
            (ankle, f"toes_{side}"),
            lined=True,
        ),
    ]


def _arm(body: Body, camera: Camera, side: str) -> list[Part]:
    shoulder, elbow, wrist, fingers = (f"{joint}_{side}" for joint in ("shoulder", "elbow", "wrist", "fingers"))
    hand = _part(body, camera, f"hand_{side}", tone=Tone.SKIN, joints=(wrist, fingers), draw=partial(_draw_hand, side))
    return [
        _part(body, camera, f"arm_{side}", tone=Tone.TRUNK, joints=(shoulder, elbow), draw=partial(_draw_arm, side)),
        _part(body, camera, f"fore_{side}", tone=Tone.SKIN, joints=(elbow, wrist), draw=partial(_draw_fore, side)),
        # A hand lies on what it holds.
        replace(hand, depth=hand.depth + 0.2),
    ]


def _draw_thigh(side: str, body: Body, camera: Camera) -> Outline:
    hip, knee = body.at[f"hip_{side}"], body.at[f"knee_{side}"]
    return limb(
        [
            disc_at(camera, hip, HIP_RADIUS),
            disc_at(camera, mix(hip, knee, 0.5), THIGH_RADIUS),
            disc_at(camera, knee, KNEE_RADIUS),
        ]
    )


def _draw_shank(side: str, body: Body, camera: Camera) -> Outline:
    knee, ankle = body.at[f"knee_{side}"], body.at[f"ankle_{side}"]
    calf = along(mix(knee, ankle, 0.3), axis(body.frame[f"shank_{side}"], 0), -0.9)
    return limb(
        [disc_at(camera, knee, SHANK_RADIUS), disc_at(camera, calf, CALF_RADIUS), disc_at(camera, ankle, ANKLE_RADIUS)]
    )


def foot_tip(body: Body, side: str) -> Vec:
    return offset(body.at[f"ankle_{side}"], body.frame[f"foot_{side}"], TOE)


def _draw_foot(side: str, body: Body, camera: Camera) -> Outline:
    """Heel and instep, and a ball as broad as a foot's: seen from the front a narrow one looks like a peg."""
    ankle, frame = body.at[f"ankle_{side}"], body.frame[f"foot_{side}"]
    top, heel = disc_at(camera, ankle, 2.3), disc_at(camera, offset(ankle, frame, HEEL), HEEL_RADIUS)
    outline = limb([top, heel]) + limb([top, disc_at(camera, offset(ankle, frame, TOE), TOE_RADIUS)])
    for across in (-1.0, 1.0):
        ball = disc_at(camera, offset(ankle, frame, (6.2, 1.3 * across, -2.0)), 2.0)
        toes = disc_at(camera, offset(ankle, frame, (TOE[0], 1.0 * across, TOE[2])), TOE_RADIUS)
        outline += limb([heel, ball, toes])
    return outline


def _draw_arm(side: str, body: Body, camera: Camera) -> Outline:
    shoulder, elbow = body.at[f"shoulder_{side}"], body.at[f"elbow_{side}"]
    return limb([disc_at(camera, shoulder, SHOULDER_RADIUS), disc_at(camera, elbow, ELBOW_RADIUS)])


def _draw_fore(side: str, body: Body, camera: Camera) -> Outline:
    elbow, wrist = body.at[f"elbow_{side}"], body.at[f"wrist_{side}"]
    return limb([disc_at(camera, elbow, ELBOW_RADIUS), disc_at(camera, wrist, WRIST_RADIUS)])


def _draw_hand(side: str, body: Body, camera: Camera) -> Outline:
    wrist, fingers = body.at[f"wrist_{side}"], body.at[f"fingers_{side}"]
    tip = along(fingers, unit(sub(fingers, wrist)), -1.0)
    return limb([disc_at(camera, wrist, 1.8), disc_at(camera, tip, HAND_RADIUS)])


# Stubs


@dataclass(frozen=True, slots=True)
class Stub:
    """A short piece of a limb, from a joint of `radius` toward `end`, where it is `far_radius` thick."""

    part: str
    end: str
    radius: float
    far_radius: float


#: joint -> the two parts that meet there in one colour
_CREASES: dict[str, tuple[Stub, Stub]] = {
    "knee": (Stub("thigh", "hip", KNEE_RADIUS, 3.9), Stub("shank", "ankle", SHANK_RADIUS, 3.5)),
    "ankle": (Stub("shank", "knee", ANKLE_RADIUS, 2.4), Stub("foot", "ankle", ANKLE_RADIUS, ANKLE_RADIUS)),
}
#: a stub is as long as its joint is thick, which is a little more than the line it covers
_STUB_LENGTH = 1.1


def _with_stubs(ordered: list[Part]) -> list[Part]:
    """Redraw, over each joint, a short piece of the part that the later part's light line cut off."""
    rank = {part.name: index for index, part in enumerate(ordered)}
    after: dict[str, list[Part]] = {}
    for crease, pieces in _CREASES.items():
        for side in OUTWARD:
            under, over = sorted(pieces, key=lambda piece: rank[f"{piece.part}_{side}"])
            joint, end = f"{crease}_{side}", f"{under.end}_{side}"
            piece = Part(f"stub_{joint}", LEG_TONES[side], partial(_draw_stub, under, joint, end), joints=(joint, end))
            after.setdefault(f"{over.part}_{side}", []).append(piece)
    return [piece for part in ordered for piece in (part, *after.get(part.name, []))]


def _draw_stub(stub: Stub, joint: str, end: str, body: Body, camera: Camera) -> Outline:
    centre, beyond = body.at[joint], body.at[end]
    far = along(centre, unit(sub(beyond, centre)), stub.radius * _STUB_LENGTH)
    return limb([disc_at(camera, centre, stub.radius), disc_at(camera, far, stub.far_radius)])


def joint_places(body: Body) -> dict[str, Vec]:
    """Every place whose motion makes a part move, the toes included."""
    return {**body.at, "toes_w": foot_tip(body, "w"), "toes_o": foot_tip(body, "o")}
