"""Composing the three files of a figure: the moving one, the poster and the thumbnail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import hypot
from typing import Any

from exercises.figures import anatomy, palette, signs, svg
from exercises.figures.camera import Camera
from exercises.figures.drawing import Part
from exercises.figures.framing import Frame, emptiest_corner, fitted
from exercises.figures.model import Animation
from exercises.figures.motion import Motion
from exercises.figures.palette import Tone
from exercises.figures.placement import Stage
from exercises.figures.svg import Pen
from exercises.figures.targets import arrow_place
from exercises.figures.timeline import SHORTEST_TURNED, SIGNED_HOLD
from exercises.figures.validate import parse
from exercises.figures.vectors import Point
from exercises.figures.view import END, FRAMED_SHARES, START, View

NARROWEST, NARROWEST_THUMB = 118.0, 92.0
MARGIN, THUMB_MARGIN = 7.0, 4.0
#: the floor ends this far behind the body
HORIZON = 30.0
INSET_RADIUS = 23.0
#: an inset that shows less than this is a close look at the hips
CLOSE = 50.0


@dataclass(frozen=True, slots=True)
class FigureSet:
    """The files of one exercise, each a whole SVG document."""

    animated: str
    poster: str
    thumb: str


def render(
    anim: Mapping[str, Any], *, title: str, desc: str, alternating: bool = False, stretched: bool = False
) -> FigureSet:
    """Draw figure data (CLINICAL.md A.3). `title` and `desc` say in words what the picture shows; `alternating`: the
    moving file does every other repeat with the other side, as its mirror image (quick steps, which are of both legs
    already, it leaves); `stretched`: the exercise stretches its muscles, which is drawn as two heads pulling apart.

    Raises FigureError, naming joint and range, for data that cannot be drawn.
    """
    scene = Scene(parse(anim), stretched=stretched)
    return FigureSet(
        animated=scene.animated(title, desc, alternating=alternating),
        poster=scene.poster(title, desc),
        thumb=scene.thumb(title, desc),
    )


class Scene:
    """One exercise, solved, seen by its camera and perhaps by a second one in an inset."""

    def __init__(self, animation: Animation, *, stretched: bool = False) -> None:
        self.animation, self.stretched = animation, stretched
        self.stage = Stage(animation)
        self.view = self._seen_from(animation.camera)
        self.frame = self._frame()
        self.inset = self._inset()

    def _seen_from(self, camera: tuple[float, float]) -> View:
        return View(self.animation, self.stage, Camera.at(*camera), stretched=self.stretched)

    # the three files

    def poster(self, title: str, desc: str) -> str:
        pen = Pen(self.frame)
        body = self._ground(pen) + self._standing(pen) + self._hold_sign(pen)
        return svg.document(pen.frame, palette.stylesheet(pen.used), body, title, desc)

    def thumb(self, title: str, desc: str) -> str:
        # A thumbnail may cut off the mat: the body is what must be told at a glance.
        things = [part for part in self.view.things if part.tone not in palette.MATS]
        pen = Pen(fitted(self.view.points((END,), things), NARROWEST_THUMB, THUMB_MARGIN))
        body = self._ground(pen) + _still(self.view, pen, ghosts=False) + _arrows(self.view, pen)
        return svg.document(pen.frame, palette.stylesheet(pen.used), body, title, desc)

    def animated(self, title: str, desc: str, *, alternating: bool = False) -> str:
        pen = Pen(self.frame)
        motion = Motion(self.animation, self.stage, self.view.camera)
        turns = alternating and motion.loop.seconds >= SHORTEST_TURNED
        moving = self._moving(motion, pen) + self._hold_sign(pen, motion, turned_back=turns)
        if turns:
            moving = svg.every_other(moving, round(self.frame.width * svg.UNITS / 2), motion.loop.seconds)
        body = (
            self._ground(pen)
            + f'<g class="{svg.MOVING}">{moving}</g>'
            + f'<g class="{svg.STILL}">{self._standing(pen)}{self._hold_sign(pen)}</g>'
        )
        return svg.document(pen.frame, palette.stylesheet(pen.used) + svg.MOTION_STYLE, body, title, desc)

    def _frame(self) -> Frame:
        """One frame over everything that is ever shown, so that the picture stands still."""
        points = self.view.points(FRAMED_SHARES, self.view.things)
        frame = fitted(points, NARROWEST, MARGIN)
        if self.animation.inset is None:
            return frame
        x, y = emptiest_corner(frame, INSET_RADIUS, self._busy)
        if not any(hypot(px - x, py - y) < INSET_RADIUS for px, py in self._busy):
            return frame
        return min((fitted([*points, room], NARROWEST, MARGIN) for room in self._rooms(points)), key=lambda f: f.width)

    def _rooms(self, points: list[Point]) -> Iterator[Point]:
        """Points that would make room for the inset: beside an upright body, or above one end of a lying one."""
        diameter = 2 * INSET_RADIUS
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        yield (right + diameter - MARGIN, points[0][1])
        yield (right, min(y for x, y in points if x > right - diameter) - diameter)
        yield (left, min(y for x, y in points if x < left + diameter) - diameter)

    # layers

    def _ground(self, pen: Pen) -> str:
        """The wall behind and the floor, up to a horizon some way behind the body."""
        width, height = (round(size * svg.UNITS) for size in (pen.frame.width, pen.frame.height))
        x, y, _ = self.stage.body_at(START).at["pelvis"]
        eye = self.view.camera.eye
        horizon = self.view.camera.project((x - HORIZON * eye[0], y - HORIZON * eye[1], 0.0))
        level = min(max(pen.point(horizon)[1], 0), height)
        wall, floor = f"M0 0h{width}v{height}H0z", f"M0 {level}h{width}V{height}H0z"
        return pen.written(wall, Tone.GROUND) + pen.written(floor, Tone.FLOOR)

    def _standing(self, pen: Pen) -> str:
        """The still picture: the end with the ghost of the start, arrows, and the inset alike."""
        drawn = _still(self.view, pen) + _arrows(self.view, pen)
        if self.inset is not None:
            inner = self.inset.pen(pen)
            inside = _still(self.inset.view, inner) + self._before(inner) + _arrows(self.inset.view, inner)
            drawn += self.inset.framed(pen, inside)
        return drawn

    def _moving(self, motion: Motion, pen: Pen) -> str:
        drawn = self._lively(self.view, motion, pen)
        if self.inset is not None:
            inner = self.inset.pen(pen)
            drawn += self.inset.framed(pen, self._lively(self.inset.view, motion, inner) + self._before(inner))
        return drawn

    def _before(self, pen: Pen) -> str:
        """Where back or belly began, dashed over the body: a ghost would be hidden by it."""
        wanted = self.animation.inset
        if self.inset is None or wanted is None or not wanted.before:
            return ""
        line = anatomy.trunk_line(wanted.before, self.stage.body_at(START), self.inset.view.camera)
        return pen.path(line, Tone.BEFORE_LINE) + pen.path(line, Tone.BEFORE)

    def _lively(self, view: View, motion: Motion, pen: Pen) -> str:
        """A moving view. Where nothing travels, glow and arrows pulse to say that work is done."""
        pulses = self.animation.still
        glow = motion.drawn(view, pen, view.glow)
        return (
            motion.drawn(view, pen, view.things)
            + (f"<g>{svg.PULSE}{glow}</g>" if pulses and glow else glow)
            + _arrows(view, pen, pulses=pulses)
        )

    # inset and hold sign

    def _inset(self) -> Inset | None:
        wanted = self.animation.inset
        if wanted is None:
            return None
        view = self._seen_from(wanted.camera)
        if wanted.span < CLOSE:
            view.without_arms_and_head()
        if not wanted.furniture:
            view.without_furniture()
        shares = (START, END)
        middles = [view.camera.project(arrow_place(self.stage.body_at(share), wanted.point)) for share in shares]
        centre = ((middles[0][0] + middles[1][0]) / 2, (middles[0][1] + middles[1][1]) / 2)
        view.keep_parts_within(centre, wanted.span / 2)
        view.keep_arrows_within(centre, wanted.span / 2 if wanted.arrows else 0.0)
        corner = emptiest_corner(self.frame, INSET_RADIUS, self._busy)
        subject = self.view.camera.project(arrow_place(self.stage.body_at(END), wanted.point))
        return Inset(view, centre, 2 * INSET_RADIUS / wanted.span, corner, subject)

    @cached_property
    def _busy(self) -> list[Point]:
        """Points that a sign should not hide."""
        things = [part for part in self.view.things if part.tone not in palette.MATS]
        return self.view.points((START, END), things)

    def _hold_sign(self, pen: Pen, motion: Motion | None = None, *, turned_back: bool = False) -> str:
        """The stopwatch of exercises that hold; with a motion it runs while the figure holds. In a picture that is
        mirrored every other repeat it is turned back: a clock runs to the right."""
        if self.animation.tempo.hold < SIGNED_HOLD:
            return ""
        taken = [] if self.inset is None else [self.inset.corner]
        place = emptiest_corner(self.frame, signs.HOLD_RADIUS, self._busy, taken)
        drawn = signs.stopwatch(pen, place, motion.loop if motion else None)
        return svg.every_other(drawn, pen.point(place)[0], motion.loop.seconds) if motion and turned_back else drawn


@dataclass(frozen=True, slots=True)
class Inset:
    """The disc with the second camera's picture: `centre` of its plane is drawn at `corner`."""

    view: View
    centre: Point
    zoom: float
    corner: Point
    subject: Point

    def pen(self, outer: Pen) -> Pen:
        """A pen for the inset's own picture plane that writes into the same file."""
        left = self.centre[0] - (self.corner[0] - outer.frame.left) / self.zoom
        top = self.centre[1] - (self.corner[1] - outer.frame.top) / self.zoom
        return Pen(Frame(left, top, outer.frame.width, outer.frame.height, self.zoom), outer.used)

    def framed(self, pen: Pen, drawn: str) -> str:
        """The picture cut to its disc, with a leader to what it enlarges."""
        middle, radius = pen.point(self.corner), INSET_RADIUS * svg.UNITS
        dx, dy = self.subject[0] - self.corner[0], self.subject[1] - self.corner[1]
        far = hypot(dx, dy) or 1.0
        rim = (self.corner[0] + dx / far * INSET_RADIUS, self.corner[1] + dy / far * INSET_RADIUS)
        (x1, y1), (x2, y2) = pen.point(rim), pen.point(self.subject)
        return (
            pen.written(f"M{x1} {y1}L{x2} {y2}", Tone.LEADER)
            + pen.circle(middle, radius, Tone.GROUND)
            + svg.cut_to_disc(middle, radius, drawn)
            + pen.circle(middle, radius, Tone.RIM)
        )


def _still(view: View, pen: Pen, *, ghosts: bool = True) -> str:
    """The body at the end of the motion, with the ghost of where its moving parts began."""

    def painted(parts: list[Part]) -> str:
        return "".join(pen.path(view.outline(part, END), part.tone, lined=part.lined) for part in parts)

    moved = view.ghosts(pen.frame.zoom) if ghosts else []
    ghost = "".join(
        pen.path(view.outline(part, START), Tone.GHOST if part.lined else Tone.GHOST_LINE, lined=part.lined)
        for part in moved
    )
    return (
        painted(view.back)
        + (f'<g class="{palette.GHOSTS}">{ghost}</g>' if ghost else "")
        + painted([*view.body, *view.front, *view.glow])
    )


def _arrows(view: View, pen: Pen, *, pulses: bool = False) -> str:
    """All arrows, their light lines under all of them so that none cuts another."""
    under = "".join(pen.path(arrow.shaft, Tone.ARROW_LINE) for arrow in view.arrows)
    over = ""
    for arrow in view.arrows:
        drawn = pen.path(arrow.shaft, Tone.ARROW)
        drawn += "".join(pen.path(head, Tone.ARROW_HEAD, lined=True) for head in arrow.heads)
        dx, dy = arrow.thrust
        push = svg.thrust(round(dx * svg.UNITS), round(dy * svg.UNITS))
        over += f"<g>{push}{drawn}</g>" if pulses else drawn
    return under + over
