"""Furniture, mats, bands and weights: what is in the picture beside the body."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exercises.figures.camera import Camera
from exercises.figures.drawing import Layer, Part, disc_at, mean_depth
from exercises.figures.model import Animation, Prop
from exercises.figures.palette import Tone
from exercises.figures.shapes import Ellipse, Outline, disc, ellipse, limb, polygon, polyline
from exercises.figures.skeleton import Body
from exercises.figures.targets import strap_foot
from exercises.figures.vectors import IDENTITY, Mat, Vec, add, along, axes, axis, cross, mix, offset, scale, sub, unit

Box = tuple[float, float, float, float, float, float]

MAT_THICK, SLAB, SEAT_HALF, CHAIR_BACK, WALL_THICK = 1.4, 2.4, 10.0, 26.0, 4.0
WOOD = (Tone.WOOD, Tone.WOOD_SIDE)
#: a rail lies this much behind the hands that hold it
_BEHIND_HANDS = 3.0
#: a loop around legs that lie farther than this behind the pelvis is seen behind the trunk
_THICK_TRUNK = 6.0


def prop_parts(animation: Animation, body: Body, camera: Camera) -> list[Part]:
    """Every prop as parts; furniture first. `body` (the start) tells what stands near and far."""
    found: list[Part] = []
    for index, prop in enumerate(animation.props):
        for piece in _BUILDERS[prop.kind](prop, animation, body, camera):
            found.append(
                Part(f"prop{index}_{piece.name}", piece.tone, piece.draw, piece.depth, piece.joints,
                     piece.lined, piece.layer)
            )  # fmt: skip
    return found


def _fixed(name: str, tone: Tone, outline: Outline, layer: Layer = Layer.BACK, depth: float = 0.0) -> Part:
    return Part(name, tone, lambda _body, _camera: outline, depth, layer=layer)


# Boxes


def _faces(box: Box, camera: Camera) -> list[tuple[str, Outline]]:
    """The up to three faces of an upright box that the camera sees, as (which, outline)."""
    x0, x1, y0, y1, z0, z1 = box
    x, y, z = (x1 if camera.eye[0] > 0 else x0, y1 if camera.eye[1] > 0 else y0, z1 if camera.eye[2] > 0 else z0)
    corners: dict[str, list[Vec]] = {
        "x": [(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)],
        "y": [(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)],
        "top": [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)],
    }
    return [(name, polygon([camera.project(place) for place in face])) for name, face in corners.items()]


def _box_parts(
    name: str,
    box: Box,
    camera: Camera,
    tones: tuple[Tone, Tone] = WOOD,
    layer: Layer = Layer.BACK,
) -> Iterator[Part]:
    """The faces of a box; `tones` are those of its top and of its sides."""
    for face, outline in _faces(box, camera):
        yield _fixed(f"{name}_{face}", tones[face != "top"], outline, layer)


def _legs(box: Box, camera: Camera, layer: Layer = Layer.BACK) -> Part:
    """Four legs under a slab, as one path."""
    x0, x1, y0, y1, height, _ = box
    posts = [((x, y, height), (x, y, 0.0)) for x in (x0 + 1, x1 - 1) for y in (y0 + 1, y1 - 1)]
    lines = [polyline([camera.project(top), camera.project(foot)]) for top, foot in posts]
    outline = lines[0] + lines[1] + lines[2] + lines[3]
    return _fixed("legs", Tone.LEG, outline, layer)


def _mat(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    x0, x1, half = prop.values
    yield from _box_parts("mat", (x0, x1, -half, half, -MAT_THICK, 0.0), camera, (Tone.MAT, Tone.MAT_EDGE))


def _block(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    x0, x1, y0, y1, height = prop.values
    yield from _box_parts(prop.kind, (x0, x1, y0, y1, 0.0, height), camera)


def _table(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    x0, x1, y0, y1, height = prop.values
    slab = (x0, x1, y0, y1, height - SLAB, height)
    yield _legs(slab, camera)
    yield from _box_parts("table", slab, camera)


def _chair(prop: Prop, _animation: Animation, body: Body, camera: Camera) -> Iterator[Part]:
    x, y, height = prop.values
    seat = (x - SEAT_HALF, x + SEAT_HALF, y - SEAT_HALF, y + SEAT_HALF, height - SLAB, height)
    yield _legs(seat, camera)
    yield from _box_parts("seat", seat, camera)
    if prop.word == "back":
        back = (seat[0] - 1.2, seat[0] + 0.6, seat[2], seat[3], height, height + CHAIR_BACK)
        # The one piece of furniture that may stand between the eye and the body.
        nearer = camera.depth((seat[0], y, height)) > camera.depth(body.at["pelvis"])
        yield from _chair_back(back, camera, Layer.FRONT if nearer else Layer.BACK)


def _chair_back(box: Box, camera: Camera, layer: Layer) -> Iterator[Part]:
    x0, x1, y0, y1, z0, z1 = box
    posts = [((x0, y, z0), (x0, y, z1 - 6)) for y in (y0 + 1.2, y1 - 1.2)]
    lines = [polyline([camera.project(a), camera.project(b)]) for a, b in posts]
    yield _fixed("posts", Tone.LEG, lines[0] + lines[1], layer)
    yield from _box_parts("back", (x0, x1, y0, y1, z1 - 13, z1), camera, layer=layer)


# Sheets and rails


def _on_axis(prop: Prop) -> tuple[Callable[[float, float], Vec], float, float, float]:
    """A place on an upright sheet from its run and height, and its two ends and its height."""
    place, start, end, height = prop.values
    if prop.word == "x":
        return (lambda run, z: (place, run, z)), start, end, height
    return (lambda run, z: (run, place, z)), start, end, height


def _wall(prop: Prop, _animation: Animation, body: Body, camera: Camera) -> Iterator[Part]:
    """A slab whose near face is the listed one: its end then looks like the jamb of a door."""
    place, start, end, height = prop.values
    along_x = prop.word == "x"
    here = body.at["pelvis"][0 if along_x else 1]
    near, far = sorted((place, place + (WALL_THICK if place > here else -WALL_THICK)))
    box = (near, far, start, end, 0.0, height) if along_x else (start, end, near, far, 0.0, height)
    yield from _box_parts("wall", box, camera, (Tone.WALL, Tone.WALL))


def _rail(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    at, start, end, height = _on_axis(prop)
    posts = [polyline([camera.project(at(run, 0.0)), camera.project(at(run, height))]) for run in (start, end)]
    bar = polyline([camera.project(at(start, height)), camera.project(at(end, height))])
    depth = camera.depth(at((start + end) / 2, height)) - _BEHIND_HANDS
    yield _fixed("posts", Tone.LEG, posts[0] + posts[1], Layer.BODY, depth)
    yield _fixed("bar", Tone.RAIL, bar, Layer.BODY, depth + 0.01)


# Soft things


def _soft(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    x, y, z, rx, ry, rz = prop.values
    yield _fixed(prop.kind, Tone.CUSHION, _cushion(camera, (x, y, z), (rx, ry, rz)))


def _cushion(camera: Camera, place: Vec, radii: Vec, frame: Mat = IDENTITY) -> Outline:
    x, y = camera.project(place)
    return ellipse(Ellipse(x, y, camera.ellipse(frame, (abs(radii[0]), abs(radii[1]), abs(radii[2])))))


def _headpillow(_prop: Prop, _animation: Animation, _body: Body, _camera: Camera) -> Iterator[Part]:
    def draw(body: Body, camera: Camera) -> Outline:
        x, y, z = body.at["head"]
        return _cushion(camera, (x, y, max(z - 5.6, 2.0)), (8.0, 9.5, 2.8))

    yield Part("headpillow", Tone.CUSHION, draw, joints=("head",), layer=Layer.BACK)


def _kneepillow(_prop: Prop, _animation: Animation, start: Body, camera: Camera) -> Iterator[Part]:
    """Between the knees; it stays on the lower leg when the upper one lifts."""
    low, high = sorted((start.at["knee_w"], start.at["knee_o"]), key=lambda knee: knee[2])
    centre = add(low, (2.0, 0.0, max((high[2] - low[2]) / 2, 3.4)))
    depth = camera.depth(mix(low, high, 0.5))
    yield _fixed("kneepillow", Tone.CUSHION, _cushion(camera, centre, (9.0, 7.0, 3.0)), Layer.BODY, depth)


def _slider(_prop: Prop, _animation: Animation, _body: Body, _camera: Camera) -> Iterator[Part]:
    for side in ("w", "o"):

        def draw(body: Body, camera: Camera, side: str = side) -> Outline:
            x, y, _ = offset(body.at[f"ankle_{side}"], body.frame[f"foot_{side}"], (-1.0, 0.0, -4.0))
            return _cushion(camera, (x, y, 0.4), (6.5, 4.5, 0.7))

        yield Part(f"slider_{side}", Tone.BAND_FILL, draw, joints=(f"ankle_{side}",), layer=Layer.BACK)


# Bands, straps, balls and weights


def _loop(prop: Prop, _animation: Animation, start: Body, camera: Camera) -> Iterator[Part]:
    """Around both legs; from behind, the trunk hides it."""
    upper, lower, share, radius = ("hip", "knee", 0.82, 4.9) if prop.word == "thighs" else ("knee", "ankle", 0.88, 3.2)

    def draw(body: Body, camera: Camera) -> Outline:
        middles = [mix(body.at[f"{upper}_{side}"], body.at[f"{lower}_{side}"], share) for side in ("w", "o")]
        return limb([disc_at(camera, middle, radius) for middle in middles])

    tone = Tone.BAND if prop.kind == "loop" else Tone.STRAP
    legs = [mean_depth(start, camera, (f"{upper}_{side}", f"{lower}_{side}")) for side in ("w", "o")]
    hidden = camera.depth(start.at["pelvis"]) > max(legs) + _THICK_TRUNK
    layer, depth = (Layer.BODY, max(legs) + _THICK_TRUNK / 2) if hidden else (Layer.FRONT, 0.0)
    yield Part(prop.kind, tone, draw, depth, ("knee_w", "knee_o", "ankle_w", "ankle_o"), layer=layer)


def _band(prop: Prop, _animation: Animation, _body: Body, _camera: Camera) -> Iterator[Part]:
    """From an ankle to its anchor; a band gives, a tether is a strap that does not."""
    x, y, z = prop.values

    def draw_band(body: Body, camera: Camera) -> Outline:
        return polyline([camera.project(body.at[prop.word]), camera.project((x, y, z))])

    def draw_ring(body: Body, camera: Camera) -> Outline:
        return disc(disc_at(camera, body.at[prop.word], 2.9))

    tone = Tone.BAND if prop.kind == "band" else Tone.STRAP
    yield Part("band", tone, draw_band, joints=(prop.word,), layer=Layer.FRONT)
    yield Part("ring", tone, draw_ring, joints=(prop.word,), layer=Layer.FRONT)


def _anchor(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    x, y, z = prop.values
    foot, top = (x, y, 0.0), (x, y, z)
    yield _fixed("foot", Tone.WOOD_SIDE, _cushion(camera, foot, (5.0, 5.0, 0.8)))
    yield _fixed("post", Tone.RAIL, polyline([camera.project(foot), camera.project(along(top, (0.0, 0.0, 1.0), 2.0))]))


def _strap(prop: Prop, animation: Animation, _body: Body, _camera: Camera) -> Iterator[Part]:
    holding = [
        side
        for side in ("w", "o")
        for pose in (animation.start, animation.end)
        if side in pose.hands and pose.hands[side].place == f"strap_{prop.word}"
    ]
    hands = list(dict.fromkeys(holding)) or [prop.word]

    def draw(body: Body, camera: Camera) -> Outline:
        foot = camera.project(strap_foot(body, prop.word))
        ends = [camera.project(mix(body.at[f"wrist_{side}"], body.at[f"fingers_{side}"], 0.6)) for side in hands]
        return polyline([ends[0], foot, ends[-1]])

    joints = (f"ankle_{prop.word}", *(f"wrist_{side}" for side in hands))
    yield Part("strap", Tone.STRAP, draw, joints=joints, layer=Layer.FRONT)


def _ball(prop: Prop, _animation: Animation, start: Body, _camera: Camera) -> Iterator[Part]:
    shift = (prop.values[0], prop.values[1], prop.values[2])
    gap = sum(d * d for d in sub(start.at["ankle_w"], start.at["ankle_o"])) ** 0.5
    radius = min(max(gap / 2 - 1.6, 3.5), 7.0)

    def draw(body: Body, camera: Camera) -> Outline:
        return disc(disc_at(camera, add(mix(body.at["ankle_w"], body.at["ankle_o"], 0.5), shift), radius))

    yield Part("ball", Tone.BAND_FILL, draw, joints=("ankle_w", "ankle_o"), lined=True, layer=Layer.FRONT)


def _footbar(prop: Prop, _animation: Animation, _body: Body, camera: Camera) -> Iterator[Part]:
    """A low padded bar across the ankles that holds them down."""
    x, y0, y1, height = prop.values
    ends = [(x, y, height) for y in (y0, y1)]
    posts = [polyline([camera.project((x, y, 0.0)), camera.project((x, y, height))]) for y in (y0, y1)]
    yield _fixed("posts", Tone.LEG, posts[0] + posts[1], Layer.FRONT)
    yield _fixed("pad", Tone.WEIGHT, limb([disc_at(camera, end, 2.6) for end in ends]), Layer.FRONT)


def _cuff(prop: Prop, _animation: Animation, _body: Body, _camera: Camera) -> Iterator[Part]:
    def draw(body: Body, camera: Camera) -> Outline:
        knee, ankle = body.at[f"knee_{prop.word}"], body.at[f"ankle_{prop.word}"]
        return limb([disc_at(camera, mix(knee, ankle, share), 3.3) for share in (0.76, 0.9)])

    yield Part("cuff", Tone.BAND_FILL, draw, joints=(f"ankle_{prop.word}",), lined=True, layer=Layer.FRONT)


def _weight(prop: Prop, _animation: Animation, start: Body, camera: Camera) -> Iterator[Part]:
    for side in prop.word:

        def ends(body: Body, side: str = side) -> tuple[Vec, Vec]:
            forearm = unit(sub(body.at[f"wrist_{side}"], body.at[f"elbow_{side}"]))
            bar = unit(cross(forearm, axis(body.frame["pelvis"], 1)), (1.0, 0.0, 0.0))
            palm = along(body.at[f"wrist_{side}"], forearm, 2.8)
            return along(palm, bar, -4.5), along(palm, bar, 4.5)

        def draw_bar(body: Body, camera: Camera, ends: Callable[[Body], tuple[Vec, Vec]] = ends) -> Outline:
            return polyline([camera.project(end) for end in ends(body)])

        def draw_plates(body: Body, camera: Camera, ends: Callable[[Body], tuple[Vec, Vec]] = ends) -> Outline:
            first, second = ends(body)
            bar = unit(sub(second, first))
            across = unit(cross(bar, (0.31, 0.93, 0.17)))
            plate = axes(bar, across, cross(bar, across))
            return _cushion(camera, first, (1.2, 3.0, 3.0), plate) + _cushion(camera, second, (1.2, 3.0, 3.0), plate)

        joints = (f"wrist_{side}",)
        yield Part(f"bar_{side}", Tone.BAR, draw_bar, joints=joints, layer=Layer.FRONT)
        yield Part(f"plates_{side}", Tone.WEIGHT, draw_plates, joints=joints, lined=True, layer=Layer.FRONT)


def _stick(_prop: Prop, _animation: Animation, start: Body, camera: Camera) -> Iterator[Part]:
    def draw(body: Body, camera: Camera) -> Outline:
        low = offset(body.at["pelvis"], body.frame["pelvis"], (-8.2, 0.0, -4.0))
        high = offset(body.at["head"], body.frame["head"], (-8.2, 0.0, 3.0))
        line = sub(high, low)
        return polyline([camera.project(along(low, unit(line), -11.0)), camera.project(along(high, unit(line), 9.0))])

    behind = scale(axis(start.frame["chest"], 0), -8.2)
    depth = mean_depth(start, camera, ("pelvis", "chest")) + camera.depth(behind)
    yield Part("stick", Tone.STICK, draw, depth, ("pelvis", "head"), layer=Layer.BODY)


_BUILDERS: dict[str, Callable[[Prop, Animation, Body, Camera], Iterator[Part]]] = {
    "mat": _mat,
    "step": _block,
    "box": _block,
    "table": _table,
    "chair": _chair,
    "wall": _wall,
    "rail": _rail,
    "pillow": _soft,
    "cushion": _soft,
    "bolster": _soft,
    "headpillow": _headpillow,
    "kneepillow": _kneepillow,
    "slider": _slider,
    "loop": _loop,
    "belt": _loop,
    "band": _band,
    "tether": _band,
    "anchor": _anchor,
    "strap": _strap,
    "ball": _ball,
    "cuff": _cuff,
    "weight": _weight,
    "stick": _stick,
    "footbar": _footbar,
}
