"""What a picture is made of: parts that know how to draw themselves on any body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from exercises.figures.camera import Camera
from exercises.figures.palette import Tone
from exercises.figures.shapes import Disc, Ellipse, Outline
from exercises.figures.skeleton import Body
from exercises.figures.vectors import Vec, offset


class Layer(IntEnum):
    """The painter's layers. Within BODY the farthest is painted first; elsewhere the list's order holds."""

    BACK = 0
    BODY = 1
    FRONT = 2
    GLOW = 3


Draw = Callable[[Body, Camera], Outline]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the picture that is drawn as a whole.

    `tone` is what it is painted as, `depth` how near it is to the eye, `joints` what must move for it to
    move, `lined` whether a light line keeps it apart from what lies behind it.
    """

    name: str
    tone: Tone
    draw: Draw
    depth: float = 0.0
    joints: tuple[str, ...] = ()
    lined: bool = False
    layer: Layer = Layer.BODY


def disc_at(camera: Camera, place: Vec, radius: float) -> Disc:
    x, y = camera.project(place)
    return Disc(x, y, radius)


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An ellipsoid fixed in a body frame: at `centre` from a joint, with these semi-axes."""

    joint: str
    frame: str
    centre: Vec
    radii: Vec

    def seen(self, body: Body, camera: Camera, forward: float = 0.0, hollow: float = 0.0) -> Ellipse:
        """Its outline; `forward` swells its front by that much, `hollow` takes that much off its back."""
        frame = body.frame[self.frame]
        (x, y, z), (rx, ry, rz) = self.centre, self.radii
        px, py = camera.project(offset(body.at[self.joint], frame, (x + (forward + hollow) / 2, y, z)))
        return Ellipse(px, py, camera.ellipse(frame, (rx + (forward - hollow) / 2, ry, rz)))


def mean_depth(body: Body, camera: Camera, joints: tuple[str, ...]) -> float:
    return sum(camera.depth(body.at[joint]) for joint in joints) / len(joints)
