"""Composing the three files of a figure: the moving one, the poster and the thumbnail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any

from exercises.figures import anatomy, marks, props, svg, timeline
from exercises.figures.camera import Camera
from exercises.figures.drawing import Layer, Part
from exercises.figures.model import Animation
from exercises.figures.placement import Stage
from exercises.figures.skeleton import Body
from exercises.figures.svg import Frame, Pen
from exercises.figures.validate import parse
from exercises.figures.vectors import Point, Vec

ASPECT = 5 / 4
NARROWEST, NARROWEST_THUMB = 118.0, 92.0
MARGIN, THUMB_MARGIN = 7.0, 4.0
HORIZON = 30.0
#: where on the way the frame is measured
_FRAMED_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
#: a part is ghosted when a joint of it moves farther than this on the picture
GHOSTED = 3.0
#: the chords between keyframes may leave the true path by this much
LARGEST_CHORD_ERROR = 0.3
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class FigureSet:
    """The files of one exercise, each a whole SVG document."""

    animated: str
    poster: str
    thumb: str


def render(anim: Mapping[str, Any], *, title: str, desc: str) -> FigureSet:
    """Draw figure data (CLINICAL.md A.3). `title` and `desc` say in words what the picture shows.

    Raises FigureError, naming joint and range, for data that cannot be drawn.
    """
    scene = Scene(parse(anim))
    return FigureSet(
        animated=scene.animated(title, desc), poster=scene.poster(title, desc), thumb=scene.thumb(title, desc)
    )


class Scene:
    """One exercise, solved and seen by its camera."""

    def __init__(self, animation: Animation) -> None:
        self.animation = animation
        self.camera = Camera.at(*animation.camera)
        self.stage = Stage(animation)
        start, end = self.stage.body_at(0.0), self.stage.body_at(1.0)
        self.props = props.prop_parts(animation, start, self.camera)
        among = [part for part in self.props if part.layer is Layer.BODY]
        self.body_parts = anatomy.parts(end, self.camera, among)
        self.glow = marks.glow_parts(animation, end, self.camera)
        self.arrows = marks.arrows(animation, self.stage, self.camera)

    # the three files

    def poster(self, title: str, desc: str) -> str:
        pen = Pen(self.frame())
        body = self._ground(pen) + self._back(pen) + self._still(pen) + self._arrows(pen)
        return svg.document(pen.frame, svg.stylesheet(pen.used), body, title, desc)

    def thumb(self, title: str, desc: str) -> str:
        pen = Pen(self._framed((1.0,), NARROWEST_THUMB, THUMB_MARGIN, self._fitting(mats=False)))
        body = self._ground(pen) + self._back(pen) + self._still(pen, ghosts=False) + self._arrows(pen)
        return svg.document(pen.frame, svg.stylesheet(pen.used), body, title, desc)

    def animated(self, title: str, desc: str) -> str:
        pen = Pen(self.frame())
        motion = Motion(self, pen)
        body = (
            self._ground(pen)
            + f'<g class="{svg.MOVING}">{motion.drawn()}</g>'
            + f'<g class="{svg.STILL}">{self._back(pen)}{self._still(pen)}</g>'
            + self._arrows(pen)
        )
        return svg.document(pen.frame, svg.stylesheet(pen.used) + svg.MOTION_STYLE, body, title, desc)

    # layers

    def _ground(self, pen: Pen) -> str:
        """The wall behind and the floor, up to a horizon some way behind the body."""
        pen.used.update("GF")
        width, height = round(pen.frame.width * svg.UNITS), round(pen.frame.height * svg.UNITS)
        level = min(max(pen.point((0.0, self._horizon()))[1], 0), height)
        return f'<path class="G" d="M0 0h{width}v{height}H0z"/><path class="F" d="M0 {level}h{width}V{height}H0z"/>'

    def _horizon(self) -> float:
        x, y, _ = self.stage.body_at(0.0).at["pelvis"]
        eye = self.camera.eye
        behind = (x - HORIZON * eye[0], y - HORIZON * eye[1], 0.0)
        return self.camera.project(behind)[1]

    def _back(self, pen: Pen) -> str:
        return self._layer(pen, Layer.BACK)

    def _layer(self, pen: Pen, layer: Layer) -> str:
        end = self.stage.body_at(1.0)
        return "".join(
            pen.path(part.draw(end, self.camera), _classes(part)) for part in self.props if part.layer is layer
        )

    def _still(self, pen: Pen, ghosts: bool = True) -> str:
        """The body at the end of the motion, with the ghost of where its moving parts began."""
        end = self.stage.body_at(1.0)
        ghost = "".join(pen.path(part.draw(self.stage.body_at(0.0), self.camera), "g") for part in self.ghosts())
        return (
            (f'<g class="gh">{ghost}</g>' if ghosts and ghost else "")
            + "".join(pen.path(part.draw(end, self.camera), _classes(part)) for part in self.body_parts)
            + self._layer(pen, Layer.FRONT)
            + "".join(pen.path(part.draw(end, self.camera), _classes(part)) for part in self.glow)
        )

    def _arrows(self, pen: Pen) -> str:
        under = "".join(pen.path(arrow.shaft, "u") for arrow in self.arrows)
        over = "".join(
            pen.path(arrow.shaft, "a") + "".join(pen.path(head, "A n") for head in arrow.heads) for arrow in self.arrows
        )
        return f"<g>{under}{over}</g>" if over else ""

    def ghosts(self) -> list[Part]:
        """The parts that move visibly."""
        start, end = (anatomy.joint_places(self.stage.body_at(share)) for share in (0.0, 1.0))
        moved = {joint for joint in start if _apart(self.camera, start[joint], end[joint]) > GHOSTED}
        return [part for part in self.body_parts if part.lined and moved.intersection(part.joints)]

    # the frame

    def frame(self) -> Frame:
        """One frame over everything that is ever shown, so that the picture stands still."""
        return self._framed(_FRAMED_SHARES, NARROWEST, MARGIN, self._fitting(mats=True))

    def _fitting(self, *, mats: bool) -> list[Part]:
        """What the frame must hold. A thumbnail may cut off the mat."""
        return [part for part in (*self.props, *self.body_parts) if mats or not part.tone.startswith(("p", "q"))]

    def _framed(self, shares: Sequence[float], narrowest: float, margin: float, parts: Sequence[Part]) -> Frame:
        points: list[Point] = []
        for share in shares:
            body = self.stage.body_at(share)
            for part in parts:
                points.extend(part.draw(body, self.camera).points)
        for arrow in self.arrows:
            points.extend(arrow.shaft.points)
            for head in arrow.heads:
                points.extend(head.points)
        left, right = min(x for x, _ in points) - margin, max(x for x, _ in points) + margin
        top, bottom = min(y for _, y in points) - margin, max(y for _, y in points) + margin
        width = max(right - left, (bottom - top) * ASPECT, narrowest)
        height = width / ASPECT
        return Frame((left + right - width) / 2, (top + bottom - height) / 2, width, height)


def _classes(part: Part) -> str:
    return f"{part.tone} n" if part.lined else part.tone


def _apart(camera: Camera, a: Vec, b: Vec) -> float:
    (ax, ay), (bx, by) = camera.project(a), camera.project(b)
    return hypot(bx - ax, by - ay)


class Motion:
    """The moving picture: every part sampled along the way, written as few keyframes."""

    def __init__(self, scene: Scene, pen: Pen) -> None:
        self.scene, self.pen = scene, pen
        self.loop = timeline.loop_of(scene.animation.tempo)
        self.steps = self._steps()
        self.bodies = [scene.stage.body_at(index / self.steps) for index in range(self.steps + 1)]
        self.frames = timeline.keyframes(self.loop, self.steps)
        self.timing = self._timing()

    def drawn(self) -> str:
        scene = self.scene
        layers: Iterable[Part] = (
            *(part for part in scene.props if part.layer is Layer.BACK),
            *scene.body_parts,
            *(part for part in scene.props if part.layer is Layer.FRONT),
            *scene.glow,
        )
        return "".join(self._part(part) for part in layers)

    def _part(self, part: Part) -> str:
        samples = [self.pen.data(part.draw(body, self.scene.camera)) for body in self.bodies]
        if len(set(samples)) == 1:
            return self.pen.raw_path(samples[0], _classes(part))
        values = ";".join(samples[frame.sample] for frame in self.frames)
        return self.pen.raw_path(samples[0], _classes(part), svg.animate("d", values, self.timing))

    def _timing(self) -> str:
        times = ";".join(f"{frame.time:.3f}".rstrip("0").rstrip(".") for frame in self.frames)
        splines: list[str] = []
        for before, after in pairwise(self.frames):
            if before.sample == after.sample:
                splines.append("0 0 1 1")
                continue
            low, high = sorted((before.sample / self.steps, after.sample / self.steps))
            x1, y1, x2, y2 = timeline.segment_spline(low, high)
            if after.sample < before.sample:  # the way back eases the same way, seen from the end
                first, second = 1 - high, 1 - low
                x1, y1, x2, y2 = timeline.segment_spline(first, second)
            splines.append(" ".join(f"{min(max(v, 0), 1):.2f}".rstrip("0").rstrip(".") for v in (x1, y1, x2, y2)))
        return (
            f'dur="{self.loop.seconds:g}s" repeatCount="indefinite" calcMode="spline" '
            f'keyTimes="{times}" keySplines="{";".join(splines)}"'
        )

    def _steps(self) -> int:
        """As few samples as keep every joint near its true path."""
        stage, camera = self.scene.stage, self.scene.camera
        for steps in range(2, MOST_STEPS):
            if all(
                _chord_error(camera, stage, index / steps, (index + 1) / steps) < LARGEST_CHORD_ERROR
                for index in range(steps)
            ):
                return steps
        return MOST_STEPS


def _chord_error(camera: Camera, stage: Stage, start: float, end: float) -> float:
    """How far any joint is from the middle of its chord, halfway between two samples."""
    first, last, true = (stage.body_at(share) for share in (start, end, (start + end) / 2))
    worst = 0.0
    for joint, place in _places(true).items():
        middle = tuple((a + b) / 2 for a, b in zip(_places(first)[joint], _places(last)[joint], strict=True))
        worst = max(worst, _apart(camera, place, (middle[0], middle[1], middle[2])))
    return worst


def _places(body: Body) -> dict[str, Vec]:
    return anatomy.joint_places(body)
