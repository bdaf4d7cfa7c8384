"""The moving picture: parts sampled along the way and written as few keyframes (docs/decisions/0005)."""

from __future__ import annotations

from itertools import pairwise

from exercises.figures import anatomy, svg, timeline
from exercises.figures.camera import Camera
from exercises.figures.drawing import Part
from exercises.figures.model import Animation
from exercises.figures.placement import Stage
from exercises.figures.svg import Pen
from exercises.figures.vectors import mix
from exercises.figures.view import View, apart

#: the chords between keyframes may leave the true path by this much
LARGEST_CHORD_ERROR = 0.3
FEWEST_STEPS, MOST_STEPS = 2, 10


class Motion:
    """The clock of one exercise, and its parts as animated paths."""

    def __init__(self, animation: Animation, stage: Stage, camera: Camera) -> None:
        self.loop = timeline.loop_of(animation.tempo)
        self.steps = _steps(stage, camera)
        self._shares = [index / self.steps for index in range(self.steps + 1)]
        self._frames = timeline.keyframes(self.loop, self.steps)
        self._timing = self._written_timing()

    def drawn(self, view: View, pen: Pen, parts: list[Part]) -> str:
        """These parts, each moving if any of its points moves."""
        return "".join(self._part(part, view, pen) for part in parts)

    def _part(self, part: Part, view: View, pen: Pen) -> str:
        samples = [pen.data(view.outline(part, share)) for share in self._shares]
        if len(set(samples)) == 1:
            return pen.written(samples[0], part.tone, lined=part.lined)
        values = ";".join(samples[frame.sample] for frame in self._frames)
        moves = svg.animate("d", values, self._timing)
        return pen.written(samples[0], part.tone, lined=part.lined, inner=moves)

    def _written_timing(self) -> str:
        times = ";".join(svg.number(frame.time) for frame in self._frames)
        splines = [self._spline(before.sample, after.sample) for before, after in pairwise(self._frames)]
        return (
            f'dur="{self.loop.seconds:g}s" repeatCount="indefinite" calcMode="spline" '
            f'keyTimes="{times}" keySplines="{";".join(splines)}"'
        )

    def _spline(self, before: int, after: int) -> str:
        if before == after:
            return "0 0 1 1"
        shares = (before / self.steps, after / self.steps)
        # The way back eases like the way out, counted from the end.
        first, second = shares if after > before else (1 - shares[0], 1 - shares[1])
        return " ".join(svg.number(value) for value in timeline.segment_spline(first, second))


def _steps(stage: Stage, camera: Camera) -> int:
    """As few samples as keep every joint near its true path."""
    for steps in range(FEWEST_STEPS, MOST_STEPS):
        pairs = pairwise(index / steps for index in range(steps + 1))
        if all(_chord_error(camera, stage, start, end) < LARGEST_CHORD_ERROR for start, end in pairs):
            return steps
    return MOST_STEPS


def _chord_error(camera: Camera, stage: Stage, start: float, end: float) -> float:
    """How far any joint is from the middle of its chord, halfway between two samples."""
    first, true, last = (anatomy.joint_places(stage.body_at(share)) for share in (start, (start + end) / 2, end))
    return max(apart(camera, place, mix(first[joint], last[joint], 0.5)) for joint, place in true.items())
