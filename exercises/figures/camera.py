"""Orthographic camera (CLINICAL.md A.3): 0 looks at the right side, + swings to the body's front."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from exercises.figures.vectors import Mat, Point, Vec, apply, cross, dot, transposed


@dataclass(frozen=True, slots=True)
class Camera:
    """The direction to the eye and the two directions of the picture (`up` points up)."""

    eye: Vec
    right: Vec
    up: Vec

    @classmethod
    def at(cls, azimuth: float, elevation: float) -> Camera:
        a, e = radians(azimuth), radians(elevation)
        eye = (sin(a) * cos(e), -cos(a) * cos(e), sin(e))
        right = (cos(a), sin(a), 0.0)
        return cls(eye, right, cross(eye, right))

    def project(self, place: Vec) -> Point:
        """Picture coordinates, y downward, in percent of body height."""
        return (dot(place, self.right), -dot(place, self.up))

    def depth(self, place: Vec) -> float:
        """How near to the eye: larger is nearer."""
        return dot(place, self.eye)

    def facing(self, direction: Vec) -> float:
        """1 when a direction points at the eye, −1 when away."""
        return dot(direction, self.eye)

    def ellipse(self, frame: Mat, radii: Vec) -> tuple[float, float, float]:
        """The outline of an ellipsoid as its projected covariance (xx, xy, yy), y downward.

        B = P·R·D (P the two screen rows); the support in direction n is √(nᵀBBᵀn).
        """
        inverse = transposed(frame)
        local = [apply(inverse, row) for row in (self.right, self.up)]
        rows = [[value * radius for value, radius in zip(row, radii, strict=True)] for row in local]
        xx = sum(v * v for v in rows[0])
        xy = -sum(a * b for a, b in zip(rows[0], rows[1], strict=True))
        yy = sum(v * v for v in rows[1])
        return (xx, xy, yy)
