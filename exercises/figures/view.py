"""One camera on one exercise: what it sees, in the order it is painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

from exercises.figures import anatomy, marks, muscles, props
from exercises.figures.camera import Camera
from exercises.figures.drawing import Layer, Part
from exercises.figures.model import Animation
from exercises.figures.palette import Tone
from exercises.figures.placement import Stage
from exercises.figures.shapes import Outline
from exercises.figures.vectors import Point, Vec

#: a part is ghosted when a point of its outline moves farther than this on the picture
GHOSTED = 3.0
START, END = 0.0, 1.0
#: where on the way a motion is measured
FRAMED_SHARES = (START, 0.25, 0.5, 0.75, END)
#: lines are up to this wide
_LINE = 2.5
_LIMB_PARTS = {"leg": ("thigh", "shank", "foot"), "arm": ("arm", "fore", "hand")}
_HIDES_HIPS = ("arm", "fore", "hand", "skull", "face", "hair", "nose", "neck", "stub_elbow")


class View:
    """The parts of one exercise as one camera sees them.

    The painter's order is that of the end of the motion, for the whole motion: the limbs of the
    library pass each other in front and behind only where they do not overlap.
    """

    def __init__(self, animation: Animation, stage: Stage, camera: Camera, *, stretched: bool) -> None:
        self.animation, self.stage, self.camera = animation, stage, camera
        start, end = stage.body_at(START), stage.body_at(END)
        seen = props.prop_parts(animation, start, camera)
        self.back = [part for part in seen if part.layer is Layer.BACK]
        self.body = anatomy.parts(end, camera, [part for part in seen if part.layer is Layer.BODY])
        self.front = [part for part in seen if part.layer is Layer.FRONT]
        self.glow = muscles.glow_parts(animation, end, camera, stretched=stretched)
        self.arrows = marks.arrows(animation, stage, camera)
        self._outlines: dict[tuple[Part, float], Outline] = {}

    def outline(self, part: Part, share: float) -> Outline:
        """A part as it is seen at `share` of the way. Framing, ghosts, poster and motion ask for the same ones."""
        if (part, share) not in self._outlines:
            self._outlines[part, share] = part.draw(self.stage.body_at(share), self.camera)
        return self._outlines[part, share]

    def without_furniture(self) -> None:
        """For an inset, where it would hide the body."""
        self.back = []
        self.front = [part for part in self.front if part.joints]  # a chair's back moves with no joint

    def without_arms_and_head(self) -> None:
        """For a close inset, where they would hide the hips."""
        self.body = [part for part in self.body if not part.name.startswith(_HIDES_HIPS)]

    def keep_arrows_within(self, centre: Point, radius: float) -> None:
        """Drop the arrows whose heads would be cut off by a disc."""
        x, y = centre
        self.arrows = [
            arrow
            for arrow in self.arrows
            if all(hypot(px - x, py - y) < radius for head in arrow.heads for px, py in head.points)
        ]

    def keep_parts_within(self, centre: Point, radius: float) -> None:
        """Drop the parts that never come into a disc: they would weigh and not be seen."""
        self.body = [part for part in self.body if self._comes_within(part, centre, radius)]
        self.front = [part for part in self.front if self._comes_within(part, centre, radius)]
        self.glow = [part for part in self.glow if self._comes_within(part, centre, radius)]

    def _comes_within(self, part: Part, centre: Point, radius: float) -> bool:
        """By the box around its outline, which is never smaller than the outline."""
        for share in FRAMED_SHARES:
            points = self.outline(part, share).points
            x = min(max(centre[0], min(px for px, _ in points)), max(px for px, _ in points))
            y = min(max(centre[1], min(py for _, py in points)), max(py for _, py in points))
            if hypot(x - centre[0], y - centre[1]) < radius + _LINE:
                return True
        return False

    @property
    def things(self) -> list[Part]:
        """Everything but glow and arrows, the farthest first."""
        return [*self.back, *self.body, *self.front]

    def ghosts(self, zoom: float = 1.0) -> list[Part]:
        """The parts of the body, and the stick it carries, that move visibly."""
        left_out = {f"{part}_{limb[-1]}" for limb in self.animation.unghosted for part in _LIMB_PARTS[limb[:3]]}
        return [
            part
            for part in self.body
            if (part.lined or part.tone is Tone.STICK)
            and part.name not in left_out
            and _farthest(self.outline(part, START), self.outline(part, END)) * zoom > GHOSTED
        ]

    def points(self, shares: Sequence[float], parts: Iterable[Part]) -> list[Point]:
        """Every point that these parts and the arrows reach at these shares of the way."""
        found: list[Point] = []
        for part in parts:
            for share in shares:
                found.extend(self.outline(part, share).points)
        for arrow in self.arrows:
            found.extend(arrow.shaft.points)
            for head in arrow.heads:
                found.extend(head.points)
        return found


def _farthest(before: Outline, after: Outline) -> float:
    """How far the point of an outline moves that moves most."""
    return max(hypot(b[0] - a[0], b[1] - a[1]) for a, b in zip(before.points, after.points, strict=True))


def apart(camera: Camera, a: Vec, b: Vec) -> float:
    """The distance of two places on the picture."""
    (ax, ay), (bx, by) = camera.project(a), camera.project(b)
    return hypot(bx - ax, by - ay)
