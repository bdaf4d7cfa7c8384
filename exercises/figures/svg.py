"""Writing SVG: paths with few digits, and motion as SMIL (docs/decisions/0005).

Coordinates are whole tenths of a percent of body height: fine enough for a screen full of one
figure, short enough for a patient's phone.
"""

from __future__ import annotations

from html import escape
from zlib import crc32

from exercises.figures.framing import Frame
from exercises.figures.palette import LINED, ROOT, Tone
from exercises.figures.shapes import Outline
from exercises.figures.vectors import Point

UNITS = 10

MOVING, STILL = "mv", "st"
#: seconds of one pulse of an exercise in which nothing travels
_PULSE_CLOCK = (
    'dur="1.6s" repeatCount="indefinite" calcMode="spline" keyTimes="0;.5;1" keySplines=".4 0 .6 1;.4 0 .6 1"'
)
PULSE = f'<animate attributeName="opacity" {_PULSE_CLOCK} values="1;.35;1"/>'

MOTION_STYLE = (
    f".{STILL}{{display:none}}"
    f"@media (prefers-reduced-motion:reduce){{.{MOVING}{{display:none}}.{STILL}{{display:inline}}}}"
)


class Pen:
    """Writes outlines as path data inside one frame, and remembers which classes were used."""

    def __init__(self, frame: Frame, used: set[Tone] | None = None) -> None:
        self.frame = frame
        self.used: set[Tone] = set() if used is None else used

    def point(self, place: Point) -> tuple[int, int]:
        """Where a place of the picture plane is drawn, in units of the file."""
        factor = UNITS * self.frame.zoom
        return (round((place[0] - self.frame.left) * factor), round((place[1] - self.frame.top) * factor))

    def data(self, outline: Outline) -> str:
        """Path data with relative whole numbers: short, and blended exactly like absolute ones."""
        text: list[str] = []
        places = iter([self.point(place) for place in outline.points])
        x = y = start_x = start_y = 0
        last = ""
        for command in outline.commands:
            if command == "Z":
                text.append("z")
                x, y, last = start_x, start_y, ""
                continue
            px, py = next(places)
            if command == "M":
                # Absolute, so that a piece of a path never depends on the rounding of the one before.
                letter, numbers = "M", _joined(px, py)
                start_x, start_y = px, py
            elif command == "Q":
                bend_x, bend_y, (px, py) = px - x, py - y, next(places)
                letter, numbers = "q", _joined(bend_x, bend_y, px - x, py - y)
            else:
                letter, numbers = command.lower(), _joined(px - x, py - y)
            x, y = px, py
            text.append(numbers if letter == last else letter + numbers.lstrip())
            last = letter
        return "".join(text)

    def paint(self, tone: Tone, *, lined: bool = False) -> str:
        """The class attribute of a tone, which from now on belongs to the file's stylesheet."""
        self.used.add(tone)
        return f'class="{tone} {LINED}"' if lined else f'class="{tone}"'

    def path(self, outline: Outline, tone: Tone, *, lined: bool = False) -> str:
        return self.written(self.data(outline), tone, lined=lined)

    def written(self, data: str, tone: Tone, *, lined: bool = False, inner: str = "") -> str:
        """A path whose data is already text, with what moves it inside."""
        body = f">{inner}</path>" if inner else "/>"
        return f'<path {self.paint(tone, lined=lined)} d="{data}"{body}'

    def circle(self, centre: Point, radius: float, tone: Tone) -> str:
        """A circle, in units of the file."""
        return f"<circle {self.paint(tone)} {_circle(centre, radius)}/>"


def _joined(*numbers: int) -> str:
    """A minus sign parts numbers as well as a space does."""
    return "".join([str(number) if number < 0 else f" {number}" for number in numbers])


def _circle(centre: Point, radius: float) -> str:
    return f'cx="{round(centre[0])}" cy="{round(centre[1])}" r="{round(radius)}"'


def cut_to_disc(centre: Point, radius: float, drawn: str) -> str:
    """What was drawn, cut to a disc."""
    name = _unique("c", drawn)
    return (
        f'<clipPath id="{name}"><circle {_circle(centre, radius)}/></clipPath><g clip-path="url(#{name})">{drawn}</g>'
    )


def _unique(prefix: str, text: str) -> str:
    """An id that other figures on the same page do not use, and that is the same in every rendering."""
    return f"{prefix}{crc32(text.encode()):x}"


def number(value: float) -> str:
    """A share between 0 and 1 with three decimals and nothing superfluous."""
    text = f"{min(max(value, 0.0), 1.0):.3f}".rstrip("0").rstrip(".")
    return text[1:] if text.startswith("0.") else text


def thrust(dx: int, dy: int) -> str:
    """The group it stands in is pushed by (dx, dy) and comes back, as long as the picture is shown."""
    return f'<animateTransform attributeName="transform" type="translate" {_PULSE_CLOCK} values="0 0;{dx} {dy};0 0"/>'


def every_other(drawn: str, middle: int, seconds: float) -> str:
    """What was drawn, mirrored about the vertical line `middle` in every other repeat of `seconds`."""
    # Twice what is written as the length of one repeat: a rounding of its own would drift away from it.
    twice = 2 * float(f"{seconds:g}")
    turn = (
        f'<animateTransform attributeName="transform" type="scale" values="1 1;-1 1" calcMode="discrete" '
        f'dur="{twice:.9g}s" repeatCount="indefinite"/>'
    )
    # A transform that is animated replaces the attribute, so the shift to the middle needs groups of its own.
    return f'<g transform="translate({middle})"><g>{turn}<g transform="translate({-middle})">{drawn}</g></g></g>'


def animate(attribute: str, values: str, timing: str) -> str:
    return f'<animate attributeName="{attribute}" {timing} values="{values}"/>'


def document(frame: Frame, style: str, body: str, title: str, desc: str) -> str:
    """A whole SVG file. Title and description are what a screen reader says."""
    width, height = round(frame.width * UNITS), round(frame.height * UNITS)
    name, words = _unique("t", title + body), _unique("d", desc + body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{ROOT}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="{name} {words}">'
        f'<title id="{name}">{escape(title, quote=False)}</title><desc id="{words}">{escape(desc, quote=False)}</desc>'
        f"<style>{style}</style>{body}</svg>"
    )
