"""Figure data after it was checked: what `validate.parse` returns and everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exercises.figures.vectors import Vec

Angles = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class HandTarget:
    """Where a palm is held: a named body point or a place in the world, and where its elbow points."""

    place: str | Vec
    elbow: str = "out"

    @property
    def on_floor(self) -> bool:
        """Places lower than 3 are the floor: the palm lies flat."""
        return not isinstance(self.place, str) and self.place[2] < 3


@dataclass(frozen=True, slots=True)
class Pose:
    """One end of the motion. `angles` holds every joint of the vocabulary, in degrees.

    `breath` is how far the belly is raised (below 0: drawn in), `hollow` how far the low back is off its line.
    """

    angles: Angles
    go: Vec
    hands: Mapping[str, HandTarget]
    breath: float = 0.0
    hollow: float = 0.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of the way out, of the hold at the end, and of the way back, as prescribed."""

    out: float
    hold: float
    back: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow along the true path of `point`, drawn `shift` away from it."""

    point: str
    shift: Vec = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Spin:
    """An arc around `centre`, from one heading to another: level (0 = +x, 90 = left), or upright along the body
    (0 = +x, 90 = up)."""

    centre: str
    start: float
    end: float
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Force:
    """A force that ends at the point (push) or starts there (pull), with its drawn length."""

    point: str
    vector: Vec
    pushes: bool


@dataclass(frozen=True, slots=True)
class Prop:
    """Something in the picture beside the body. `values` are the numbers of CLINICAL.md A.3."""

    kind: str
    values: tuple[float, ...] = ()
    word: str = ""


@dataclass(frozen=True, slots=True)
class Inset:
    """A second, closer camera: a disc in a corner that shows `span` around a point, with or without arrows.

    `before` names the line (back or belly) whose start is drawn dashed over the body; `furniture`: it is shown too.
    """

    camera: tuple[float, float]
    point: str
    span: float
    arrows: bool = True
    before: str = ""
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class Animation:
    """One exercise as data: two poses, how they are held in place, and what is drawn around them."""

    camera: tuple[float, float]
    base: str
    root: str
    root_height: float
    tempo: Tempo
    start: Pose
    end: Pose
    pin: Mapping[str, float]
    slide: Mapping[str, float]
    attach: Mapping[str, str | Vec]
    flat: frozenset[str]
    props: tuple[Prop, ...]
    moves: tuple[Arrow, ...]
    spins: tuple[Spin, ...]
    forces: tuple[Force, ...]
    glow: tuple[str, ...]
    both_ways: bool
    still: bool
    #: forces end at a bar: they press against something that does not give way
    stopped: bool
    #: limbs whose start is left out of the picture, since it would puzzle: leg_w, arm_o …
    unghosted: frozenset[str]
    inset: Inset | None
