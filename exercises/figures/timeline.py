"""When the figure is where: easing, holds and the keyframes of one loop.

A loop is: rest at the start, out, hold at the end, back. The prescribed hold of a stretch is up to a
minute; the picture shortens it, since whoever glances at it would meet a figure that stands still.
The hold sign tells that it is a hold; the app counts the real seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, sin

from exercises.figures.model import Tempo

REST = 0.7
LONGEST_SHOWN_HOLD = 3.5
LONGEST_SHOWN_MOVE = 3.0
#: holds shorter than this are a pause, not something to count
SIGNED_HOLD = 3.0
#: repeats shorter than this are steps of both legs; mirrored, the walker would turn round at each of them
SHORTEST_TURNED = 2.0


def ease(time: float) -> float:
    """Share of the way done at a share `time` of its duration: slow, quick, slow."""
    return time * time * (3 - 2 * time)


def eased_time(share: float) -> float:
    """The inverse of `ease`."""
    return 0.5 - sin(asin(1 - 2 * share) / 3)


@dataclass(frozen=True, slots=True)
class Loop:
    """Seconds of each part of one repeat as drawn."""

    rest: float
    out: float
    hold: float
    back: float

    @property
    def seconds(self) -> float:
        return self.rest + self.out + self.hold + self.back

    @property
    def hold_starts(self) -> float:
        return self.rest + self.out


def loop_of(tempo: Tempo) -> Loop:
    """The prescribed tempo, shortened to what a glance can take in."""
    return Loop(
        # Quick movements, walking above all, flow on without a stop.
        rest=min(REST, tempo.out / 3),
        out=min(tempo.out, LONGEST_SHOWN_MOVE),
        hold=min(tempo.hold, LONGEST_SHOWN_HOLD),
        back=min(tempo.back, LONGEST_SHOWN_MOVE),
    )


@dataclass(frozen=True, slots=True)
class Keyframe:
    """At `time` (a share of the loop) the figure shows sample number `sample`."""

    time: float
    sample: int


def keyframes(loop: Loop, steps: int) -> list[Keyframe]:
    """The keyframes of one loop over `steps` + 1 samples that lie evenly between start and end.

    The samples are equally far apart, so their times carry the easing.
    """
    frames = [Keyframe(0.0, 0)]
    for index in range(steps + 1):
        frames.append(Keyframe((loop.rest + loop.out * eased_time(index / steps)) / loop.seconds, index))
    back_starts = loop.rest + loop.out + loop.hold
    for index in range(steps + 1):
        moment = back_starts + loop.back * eased_time(index / steps)
        frames.append(Keyframe(moment / loop.seconds, steps - index))
    return _without_repeats(frames)


def _without_repeats(frames: list[Keyframe]) -> list[Keyframe]:
    """Drop a keyframe that repeats the one before it (no hold)."""
    kept = frames[:1]
    for frame in frames[1:]:
        if frame.time - kept[-1].time > 1e-6:
            kept.append(frame)
    return kept


def segment_spline(first: float, second: float) -> tuple[float, float, float, float]:
    """The Bézier of SMIL's keySplines for the piece of `ease` between two shares of the way.

    `ease` is the cubic Bézier (1/3, 0, 2/3, 1); its pieces are cubics again, so the motion is as
    smooth as with one spline over the whole way.
    """
    start, end = eased_time(first), eased_time(second)
    rise = (ease(end) - ease(start)) / (end - start)
    slopes = [6 * t * (1 - t) / rise for t in (start, end)]
    return (1 / 3, slopes[0] / 3, 2 / 3, 1 - slopes[1] / 3)
