"""Every name and range that figure data may use (CLINICAL.md A.3).

Lengths are percent of body height, angles degrees. `_w` is the worked limb, `_o` the other.
"""

from __future__ import annotations

SIDES = ("w", "o")
BASES = ("up", "supine", "prone", "side", "side_worked")

#: joint -> (component, lowest, highest) for each of its numbers
RANGES: dict[str, tuple[tuple[str, float, float], ...]] = {
    "pelvis": (("forward tilt", -120, 120), ("side-bend", -90, 90), ("turn", -90, 90)),
    "trunk": (("forward bend", -30, 60), ("side-bend", -40, 40), ("turn", -45, 45)),
    "head": (("forward bend", -60, 60), ("side-bend", -45, 45), ("turn", -80, 80)),
    "hip": (("flexion", -30, 125), ("abduction", -30, 50), ("external rotation", -45, 45)),
    "knee": (("flexion", 0, 150),),
    "ankle": (("dorsiflexion", -50, 30),),
    "sh": (("flexion", -60, 180), ("abduction", -45, 180), ("external rotation", -90, 90)),
    "el": (("flexion", 0, 150),),
}
#: The order flexion, abduction, rotation reads a level shin as rotation, so figure-4 poses exceed 45.
FIGURE_4_ROTATION = 85.0

PAIRED = ("hip", "knee", "ankle", "sh", "el")
UNPAIRED = ("pelvis", "trunk", "head")
JOINTS = (*UNPAIRED, *(f"{joint}_{side}" for joint in PAIRED for side in SIDES))

ROOTS = (
    "pelvis",
    "chest",
    "low",
    *(f"{contact}_{side}" for contact in ("hip", "knee", "foot", "heel") for side in SIDES),
)
FEET = tuple(f"{contact}_{side}" for contact in ("foot", "heel") for side in SIDES)
ATTACHABLE = tuple(f"foot_{side}" for side in SIDES)

_TARGETS_OF_SIDES = (
    "ham", "thigh", "thighout", "kneeout", "shin", "ankle", "lap", "stack", "hip", "belly", "lowback", "nape", "strap",
)  # fmt: skip
BODY_TARGETS = ("head", "forehead", *(f"{target}_{side}" for target in _TARGETS_OF_SIDES for side in SIDES))
ELBOWS = ("out", "down", "wide", "up")

_POINTS_OF_TRUNK = (
    "seat", "front", "belly", "breast", "crown", "face", "ahead", "pelvis", "waist", "chest", "neck", "head",
)  # fmt: skip
_POINTS_OF_SIDES = (
    "toe", "sole", "heel", "kneetop", "kneeout", "handtip", "hip", "knee", "ankle", "shoulder", "elbow", "wrist",
)  # fmt: skip
POINTS = (*_POINTS_OF_TRUNK, *(f"{point}_{side}" for point in _POINTS_OF_SIDES for side in SIDES))
CENTRES = ("pelvis", "waist", "chest", "neck", "head")

_MUSCLES_OF_SIDES = ("qf", "piri", "glute", "gmed", "ham", "quad", "calf", "psoas", "nerve", "nervepull")
MUSCLES = ("abs", *(f"{muscle}_{side}" for muscle in _MUSCLES_OF_SIDES for side in SIDES))

#: props written as a bare word; they follow the body
BODY_PROPS = ("headpillow", "kneepillow", "stick", "slider")
#: props whose value is a list of this many numbers (half-lengths, places, sizes)
BOX_PROPS = {
    "mat": 3, "table": 5, "step": 5, "box": 5, "pillow": 6, "cushion": 6, "bolster": 6, "ball": 3, "anchor": 3,
    "footbar": 4,
}  # fmt: skip
SHEET_PROPS = ("wall", "rail")
LOOP_PROPS = ("loop", "belt")
#: how far a breath may draw in and raise the belly, and how far the low back may be pressed out and be hollow
BREATH = (-3.0, 6.0)
HOLLOW = (-2.0, 5.0)
#: limbs whose start may be left out of the picture
LIMBS = tuple(f"{limb}_{side}" for limb in ("leg", "arm") for side in SIDES)
#: the lines of the trunk whose start an inset may show dashed
LINES = ("back", "belly")
#: an inset shows this much, from a close look at the pelvis to the whole body from above
INSET_SPAN = (15.0, 110.0)

#: No coordinate or length lies farther than two and a half bodies away.
FARTHEST = 250.0
LONGEST_HOLD = 600.0
SHORTEST_MOVE, LONGEST_MOVE = 0.2, 30.0
#: degrees of the camera; straight down, the picture would have no horizon to build the floor on
AZIMUTH, ELEVATION = (-360, 360), (-60, 80)
MOST_PROPS = 12
MOST_ARROWS = 6
MOST_GLOWS = 8
