"""Three-dimensional vectors and rotation matrices, as plain tuples.

Homestretch draws some hundred points per picture, so tuples are fast enough and spare the
project a numerical library. A matrix is stored by rows; its *columns* are the axes of a body
frame (forward, left, up) in world coordinates.
"""

from __future__ import annotations

from math import cos, radians, sin, sqrt

Vec = tuple[float, float, float]
Mat = tuple[Vec, Vec, Vec]
Point = tuple[float, float]

IDENTITY: Mat = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
UP: Vec = (0.0, 0.0, 1.0)


def add(a: Vec, b: Vec) -> Vec:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def sub(a: Vec, b: Vec) -> Vec:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vec, k: float) -> Vec:
    return (a[0] * k, a[1] * k, a[2] * k)


def along(start: Vec, direction: Vec, k: float) -> Vec:
    """The point `k` times `direction` beyond `start`."""
    return (start[0] + direction[0] * k, start[1] + direction[1] * k, start[2] + direction[2] * k)


def mix(a: Vec, b: Vec, s: float) -> Vec:
    """The point a fraction `s` of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s, a[2] + (b[2] - a[2]) * s)


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def norm(a: Vec) -> float:
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


def distance(a: Vec, b: Vec) -> float:
    return norm(sub(a, b))


def unit(a: Vec, otherwise: Vec = UP) -> Vec:
    """`a` at length 1, or `otherwise` where `a` has no direction."""
    length = norm(a)
    return scale(a, 1 / length) if length > 1e-9 else otherwise


def without(a: Vec, direction: Vec) -> Vec:
    """`a` minus its part along the unit vector `direction`."""
    return along(a, direction, -dot(a, direction))


def apply(m: Mat, v: Vec) -> Vec:
    return (
        m[0][0] * v[0] + m[0][1] * v[1] + m[0][2] * v[2],
        m[1][0] * v[0] + m[1][1] * v[1] + m[1][2] * v[2],
        m[2][0] * v[0] + m[2][1] * v[1] + m[2][2] * v[2],
    )


def offset(origin: Vec, m: Mat, local: Vec) -> Vec:
    """The world place of the point `local` of a frame `m` that stands at `origin`."""
    return add(origin, apply(m, local))


def transposed(m: Mat) -> Mat:
    return (axis(m, 0), axis(m, 1), axis(m, 2))


def matmul(a: Mat, b: Mat) -> Mat:
    first, second, third = axis(b, 0), axis(b, 1), axis(b, 2)
    return (
        (dot(a[0], first), dot(a[0], second), dot(a[0], third)),
        (dot(a[1], first), dot(a[1], second), dot(a[1], third)),
        (dot(a[2], first), dot(a[2], second), dot(a[2], third)),
    )


def axes(forward: Vec, left: Vec, up: Vec) -> Mat:
    """The frame with these axes as its columns."""
    return (
        (forward[0], left[0], up[0]),
        (forward[1], left[1], up[1]),
        (forward[2], left[2], up[2]),
    )


def axis(m: Mat, column: int) -> Vec:
    """An axis of a frame: 0 forward, 1 left, 2 up."""
    return (m[0][column], m[1][column], m[2][column])


def heading(degrees: float) -> Vec:
    """The level unit vector of a heading: 0 = +x, 90 = left."""
    return (cos(radians(degrees)), sin(radians(degrees)), 0.0)


def rx(degrees: float) -> Mat:
    """Right-handed turn about the x axis."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return ((1.0, 0.0, 0.0), (0.0, c, -s), (0.0, s, c))


def ry(degrees: float) -> Mat:
    """Right-handed turn about the y axis."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return ((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c))


def rz(degrees: float) -> Mat:
    """Right-handed turn about the z axis."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
