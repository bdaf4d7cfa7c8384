"""What part of the picture plane a file shows, and which corner of it is free."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from exercises.figures.vectors import Point

ASPECT = 5 / 4
#: spare height goes above the body rather than below it: there it holds the inset and the hold sign
_SPARE_ABOVE = 0.68


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the picture plane, in percent of body height; `zoom` enlarges an inset."""

    left: float
    top: float
    width: float
    height: float
    zoom: float = 1.0

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def fitted(points: Collection[Point], narrowest: float, margin: float) -> Frame:
    """The 5:4 frame around these points, at least `narrowest` wide."""
    left, right = min(x for x, _ in points) - margin, max(x for x, _ in points) + margin
    top, bottom = min(y for _, y in points) - margin, max(y for _, y in points) + margin
    width = max(right - left, (bottom - top) * ASPECT, narrowest)
    height = width / ASPECT
    spare = height - (bottom - top)
    return Frame((left + right - width) / 2, top - spare * _SPARE_ABOVE, width, height)


def emptiest_corner(frame: Frame, radius: float, points: Iterable[Point], taken: Iterable[Point] = ()) -> Point:
    """The centre of a disc in the corner of the frame that hides the fewest of these points.

    The upper corners come first, since the lower ones hold the floor. `taken` corners are left out.
    """
    inside = radius + 3.0
    corners = [
        (x, y)
        for y in (frame.top + inside, frame.bottom - inside)
        for x in (frame.right - inside, frame.left + inside)
        if not any(abs(x - tx) < inside * 2 and abs(y - ty) < inside * 2 for tx, ty in taken)
    ]
    everything = list(points)
    near = (radius + 2.0) ** 2

    def hidden(corner: Point) -> int:
        left, top = corner
        return len([x for x, y in everything if (x - left) ** 2 + (y - top) ** 2 < near])

    return min(corners, key=hidden)
