"""Outlines on the picture: limbs, ellipses and their hulls, as paths that can morph.

A moving part is written as one path per keyframe, and a browser can only blend paths that have the
same commands. So every function here returns the same commands whatever its numbers: also when a limb
points straight at the viewer and shrinks to a disc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, atan2, cos, hypot, pi, sin, sqrt, tau

from exercises.figures.vectors import Point

#: Quadratic curves per full end of a limb and per ellipse: 60° each is true to 1 % of the radius.
_ROUND_END, _WIDE_END, _ELLIPSE = 3, 4, 8
_HULL = 14

Covariance = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Disc:
    """A sphere's outline: it projects to a circle of its own radius."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipsoid's outline; `spread` is its covariance (xx, xy, yy)."""

    x: float
    y: float
    spread: Covariance


@dataclass(frozen=True, slots=True)
class Outline:
    """Path commands (M, L, Q, Z) and the points they take, in percent of body height, y down."""

    commands: str
    points: tuple[Point, ...]

    def __add__(self, other: Outline) -> Outline:
        return Outline(self.commands + other.commands, self.points + other.points)


def polygon(points: Sequence[Point]) -> Outline:
    return Outline("M" + "L" * (len(points) - 1) + "Z", tuple(points))


def polyline(points: Sequence[Point]) -> Outline:
    return Outline("M" + "L" * (len(points) - 1), tuple(points))


def curve(points: Sequence[Point]) -> Outline:
    """A smooth line from the first point to the last, bent toward those between."""
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(points)]
    bends = [place for bend, end in zip(points[1:-1], middles[1:], strict=True) for place in (bend, end)]
    return Outline("ML" + "Q" * (len(points) - 2) + "L", (points[0], middles[0], *bends, points[-1]))


def limb(discs: Sequence[Disc]) -> Outline:
    """The tapered limb through two or more discs: tangent sides, round ends."""
    headings, openings = _tangents(discs)
    left: list[Point] = []
    right: list[Point] = []
    for index, (heading, opening) in enumerate(zip(headings, openings, strict=True)):
        for disc in (discs[index], discs[index + 1]):
            left.append(_rim(disc, heading + opening))
            right.append(_rim(disc, heading - opening))
    far, near = headings[-1], headings[0]
    end = _arc(discs[-1], far + openings[-1], far - openings[-1], _ROUND_END)
    start = _arc(discs[0], near - openings[0], near + openings[0] - tau, _WIDE_END)
    right.reverse()
    commands = "M" + "L" * (len(left) - 1) + "Q" * _ROUND_END + "L" * (len(right) - 1) + "Q" * _WIDE_END + "Z"
    return Outline(commands, (*left, *end, *right[1:], *start))


def _tangents(discs: Sequence[Disc]) -> tuple[list[float], list[float]]:
    """Heading of each piece of a limb, and the angle from it to the normals of its two sides."""
    headings: list[float] = []
    openings: list[float] = []
    for a, b in pairwise(discs):
        length = hypot(b.x - a.x, b.y - a.y)
        # A disc that swallows the next has no tangent: the side then runs to the point between them.
        lean = max(-1.0, min(1.0, (a.radius - b.radius) / length)) if length > 1e-6 else 0.0
        heading = atan2(b.y - a.y, b.x - a.x) if length > 1e-6 else (headings[-1] if headings else 0.0)
        headings.append(heading)
        openings.append(acos(lean))
    return headings, openings


def _rim(disc: Disc, angle: float) -> Point:
    return (disc.x + disc.radius * cos(angle), disc.y + disc.radius * sin(angle))


def _arc(disc: Disc, start: float, end: float, pieces: int) -> list[Point]:
    """Control and end points of quadratic curves around a disc, without the first point."""
    step = (end - start) / pieces
    reach = disc.radius / max(cos(step / 2), 0.4)
    points: list[Point] = []
    for index in range(pieces):
        middle = start + step * (index + 0.5)
        points.append((disc.x + reach * cos(middle), disc.y + reach * sin(middle)))
        points.append(_rim(disc, start + step * (index + 1)))
    return points


def ellipse(shape: Ellipse) -> Outline:
    return _smooth([_support(shape, normal) for normal in _normals(_ELLIPSE)], _normals(_ELLIPSE))


def hull(first: Ellipse, second: Ellipse) -> Outline:
    """The hull of two ellipses, for trunks that bend."""
    normals = _normals(_HULL)
    return _smooth([max(_support(first, n), _support(second, n)) for n in normals], normals)


_NORMALS: dict[int, list[Point]] = {}


def _normals(count: int) -> list[Point]:
    if count not in _NORMALS:
        _NORMALS[count] = [(cos(tau * i / count), sin(tau * i / count)) for i in range(count)]
    return _NORMALS[count]


#: distance of the tangent from the picture's origin, and the point where it touches
_Support = tuple[float, Point]


def _support(shape: Ellipse, normal: Point) -> _Support:
    xx, xy, yy = shape.spread
    x = xx * normal[0] + xy * normal[1]
    y = xy * normal[0] + yy * normal[1]
    reach = sqrt(max(x * normal[0] + y * normal[1], 1e-9))
    point = (shape.x + x / reach, shape.y + y / reach)
    return (point[0] * normal[0] + point[1] * normal[1], point)


def _smooth(supports: Sequence[_Support], normals: Sequence[Point]) -> Outline:
    """Quadratic curves through the touching points; each control is where two tangents meet."""
    points: list[Point] = [supports[0][1]]
    count = len(supports)
    for index in range(count):
        (h1, _), (h2, touch) = supports[index], supports[(index + 1) % count]
        (ax, ay), (bx, by) = normals[index], normals[(index + 1) % count]
        determinant = ax * by - ay * bx
        points.append(((h1 * by - h2 * ay) / determinant, (h2 * ax - h1 * bx) / determinant))
        points.append(touch)
    return Outline("M" + "Q" * count + "Z", tuple(points))


def disc(shape: Disc) -> Outline:
    spread = shape.radius * shape.radius
    return ellipse(Ellipse(shape.x, shape.y, (spread, 0.0, spread)))


def arrow_head(tip: Point, direction: float, length: float, width: float) -> Outline:
    """A triangle at `tip` that points in `direction` (radians, y down)."""
    back = (tip[0] - length * cos(direction), tip[1] - length * sin(direction))
    side = direction + pi / 2
    dx, dy = width / 2 * cos(side), width / 2 * sin(side)
    return polygon([tip, (back[0] + dx, back[1] + dy), (back[0] - dx, back[1] - dy)])
