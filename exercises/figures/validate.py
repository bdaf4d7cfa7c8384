"""From untrusted figure data to an `Animation`, or a `FigureError` a therapist can act on.

The data may come from a form of the clinic app, so nothing about its shape is taken for granted:
unknown words are refused, numbers must be finite and within range, lists have a greatest length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from exercises.figures import vocabulary as words
from exercises.figures.errors import FigureError
from exercises.figures.model import Animation, Arrow, Force, HandTarget, Inset, Pose, Prop, Spin, Tempo
from exercises.figures.vectors import Vec

_KEYS = {
    "cam", "base", "root", "pin", "slide", "attach", "flat", "tempo", "iso", "start", "end",
    "props", "move", "spin", "push", "pull", "both", "glow", "roll", "stop", "unghosted", "inset",
}  # fmt: skip
_REQUIRED = ("cam", "base", "root", "tempo", "start", "end")
_POSE_KEYS = {*words.JOINTS, "hands", "go", "breath", "hollow"}


def parse(anim: Mapping[str, Any]) -> Animation:
    """Check figure data (CLINICAL.md A.3) and return it typed.

    Raises FigureError, naming the field, joint and range, for anything that cannot be drawn.
    """
    data = _mapping(anim, "The figure", _KEYS)
    for key in _REQUIRED:
        if key not in data:
            raise FigureError(f"The figure has no “{key}”.")
    root, height = _pair(data["root"], "root")
    pin, slide = _heights(data, "pin"), _heights(data, "slide")
    attach = _attachments(data)
    start = _pose(data["start"], "start", None, attach)
    end = _pose(data["end"], "end", start, attach)
    held_twice = {key[-1] for key in (*pin, *slide, *attach)}
    if len(held_twice) < len(pin) + len(slide) + len(attach):
        raise FigureError("pin, slide and attach may hold each foot only once.")
    return Animation(
        camera=_camera(data["cam"]),
        base=_word(data["base"], "base", words.BASES),
        root=_word(root, "root", words.ROOTS),
        root_height=_length(height, "root height"),
        tempo=_tempo(data["tempo"]),
        start=start,
        end=end,
        pin=pin,
        slide=slide,
        attach=attach,
        flat=frozenset(_word(side, "flat", words.SIDES) for side in _list(data.get("flat", []), "flat", 2)),
        props=tuple(_prop(entry) for entry in _list(data.get("props", []), "props", words.MOST_PROPS)),
        moves=tuple(_arrow(entry) for entry in _list(data.get("move", []), "move", words.MOST_ARROWS)),
        spins=(*_spins(data, "spin"), *_spins(data, "roll")),
        forces=(*_forces(data, "push"), *_forces(data, "pull")),
        glow=tuple(
            _word(muscle, "glow", words.MUSCLES) for muscle in _list(data.get("glow", []), "glow", words.MOST_GLOWS)
        ),
        both_ways=_flag(data, "both"),
        still=_flag(data, "iso"),
        stopped=_flag(data, "stop"),
        unghosted=frozenset(
            _word(limb, "unghosted", words.LIMBS) for limb in _list(data.get("unghosted", []), "unghosted", 4)
        ),
        inset=_inset(data["inset"]) if "inset" in data else None,
    )


def validate(anim: Mapping[str, Any]) -> None:
    """Raise FigureError if `anim` cannot be drawn; see `parse`."""
    parse(anim)


def _shown(value: object) -> str:
    """What was given, short enough for a sentence even when it is hostile."""
    text = value if isinstance(value, str) else type(value).__name__ if isinstance(value, (list, dict)) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _mapping(value: object, where: str, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FigureError(f"{where} must be a set of named values.")
    for key in value:
        if key not in keys:
            raise FigureError(f"{where} has an unknown entry “{_shown(key)}”.")
    return value


def _list(value: object, where: str, most: int) -> Sequence[Any]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        raise FigureError(f"{where} must be a list.")
    if len(value) > most:
        raise FigureError(f"{where} has {len(value)} entries; at most {most} are allowed.")
    return value


def _pair(value: object, where: str) -> Sequence[Any]:
    pair = _list(value, where, 2)
    if len(pair) != 2:
        raise FigureError(f"{where} must have two entries.")
    return pair


def _word(value: object, where: str, allowed: Sequence[str]) -> str:
    if isinstance(value, str) and value in allowed:
        return value
    raise FigureError(f"{where}: “{_shown(value)}” is not known. Allowed: {', '.join(allowed)}.")


def _number(value: object, where: str, lowest: float, highest: float, *, unit: str = "", place: str = "") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FigureError(f"{where} must be a number, not “{_shown(value)}”.", place)
    # Compare before converting: an enormous integer does not fit a float.
    if not (isinstance(value, int) or isfinite(value)) or not lowest <= value <= highest:
        raise FigureError(
            f"{where} is {_shown(value)}{unit}; it must lie between {lowest:g}{unit} and {highest:g}{unit}.", place
        )
    return float(value)


def _length(value: object, where: str) -> float:
    return _number(value, where, -words.FARTHEST, words.FARTHEST)


def _numbers(value: object, where: str, count: int) -> tuple[float, ...]:
    entries = _list(value, where, count)
    if len(entries) != count:
        raise FigureError(f"{where} needs {count} numbers, not {len(entries)}.")
    return tuple(_length(entry, where) for entry in entries)


def _vector(value: object, where: str) -> Vec:
    x, y, z = _numbers(value, where, 3)
    return (x, y, z)


def _flag(data: Mapping[str, Any], key: str, *, otherwise: bool = False) -> bool:
    value = data.get(key, otherwise)
    if not isinstance(value, bool):
        raise FigureError(f"{key} must be true or false.")
    return value


def _camera(value: object) -> tuple[float, float]:
    azimuth, elevation = _pair(value, "cam")
    return (
        _number(azimuth, "cam azimuth", *words.AZIMUTH, unit="°", place="cam.0"),
        _number(elevation, "cam elevation", *words.ELEVATION, unit="°", place="cam.1"),
    )


def _inset(value: object) -> Inset:
    data = _mapping(value, "inset", {"cam", "at", "span", "arrows", "before", "furniture"})
    for key in ("cam", "at", "span"):
        if key not in data:
            raise FigureError(f"inset has no “{key}”.")
    azimuth, elevation = _pair(data["cam"], "inset cam")
    return Inset(
        camera=(
            _number(azimuth, "inset azimuth", -360, 360, unit="°"),
            _number(elevation, "inset elevation", -90, 90, unit="°"),
        ),
        point=_word(data["at"], "inset at", words.POINTS),
        span=_number(data["span"], "inset span", *words.INSET_SPAN),
        arrows=_flag(data, "arrows", otherwise=True),
        before=_word(data["before"], "inset before", words.LINES) if "before" in data else "",
        furniture=_flag(data, "furniture"),
    )


def _tempo(value: object) -> Tempo:
    entries = _list(value, "tempo", 3)
    if len(entries) != 3:
        raise FigureError("tempo needs three numbers: seconds out, hold and back.")
    return Tempo(
        out=_number(entries[0], "tempo out", words.SHORTEST_MOVE, words.LONGEST_MOVE, unit=" s", place="tempo.0"),
        hold=_number(entries[1], "tempo hold", 0, words.LONGEST_HOLD, unit=" s", place="tempo.1"),
        back=_number(entries[2], "tempo back", words.SHORTEST_MOVE, words.LONGEST_MOVE, unit=" s", place="tempo.2"),
    )


def _heights(data: Mapping[str, Any], key: str) -> dict[str, float]:
    entries = _mapping(data.get(key, {}), key, set(words.FEET))
    return {contact: _length(height, f"{key} {contact}") for contact, height in entries.items()}


def _attachments(data: Mapping[str, Any]) -> dict[str, str | Vec]:
    entries = _mapping(data.get("attach", {}), "attach", set(words.ATTACHABLE))
    if len(entries) > 1:
        raise FigureError("attach may hold only one foot.")
    attached = {contact: _place(target, f"attach {contact}") for contact, target in entries.items()}
    for contact, target in attached.items():
        if isinstance(target, str) and target.endswith(contact[-2:]):
            raise FigureError(f"attach {contact}: a foot cannot be held by its own leg ({target}).")
    return attached


def _place(value: object, where: str) -> str | Vec:
    if isinstance(value, str):
        return _word(value, where, words.BODY_TARGETS)
    return _vector(value, where)


def _hand(value: object, where: str) -> HandTarget:
    if not isinstance(value, str):
        return HandTarget(_vector(value, where))
    place, _, elbow = value.partition("/")
    return HandTarget(
        _word(place, where, words.BODY_TARGETS), _word(elbow, f"{where} elbow", words.ELBOWS) if elbow else "out"
    )


def _angles(joint: str, value: object, when: str, loose_rotation: bool) -> tuple[float, ...]:
    ranges = words.RANGES[joint.removesuffix("_w").removesuffix("_o")]
    entries = [value] if len(ranges) == 1 else _list(value, f"{when}: {joint}", len(ranges))
    if len(entries) != len(ranges):
        raise FigureError(f"{when}: {joint} needs {len(ranges)} angles: {', '.join(name for name, _, _ in ranges)}.")
    angles = []
    for index, (entry, (name, lowest, highest)) in enumerate(zip(entries, ranges, strict=True)):
        loose = loose_rotation and name == "external rotation"
        most = words.FIGURE_4_ROTATION if loose else highest
        place = f"{when}.{joint}.{index}" if len(ranges) > 1 else f"{when}.{joint}"
        angles.append(_number(entry, f"{when}: {joint} {name}", lowest, most, unit="°", place=place))
    return tuple(angles)


def _pose(value: object, when: str, before: Pose | None, attach: Mapping[str, Any]) -> Pose:
    """A pose; whatever it leaves out it inherits from the pose `before`."""
    data = _mapping(value, when, _POSE_KEYS)
    angles: dict[str, tuple[float, ...]] = {
        joint: (0.0,) * len(words.RANGES[joint.removesuffix("_w").removesuffix("_o")]) for joint in words.JOINTS
    }
    hands: dict[str, HandTarget] = {}
    if before is not None:
        angles.update(before.angles)
        hands.update(before.hands)
    for joint in words.JOINTS:
        if joint in data:
            figure_4 = joint.startswith("hip") and f"foot{joint[-2:]}" in attach
            angles[joint] = _angles(joint, data[joint], when, figure_4)
    for side, target in _mapping(data.get("hands", {}), f"{when}: hands", set(words.SIDES)).items():
        if target == "free":
            hands.pop(side, None)
        else:
            hands[side] = _hand(target, f"{when}: hand {side}")
    go = _vector(data["go"], f"{when}: go") if "go" in data else before.go if before else (0.0, 0.0, 0.0)
    breath, hollow = (before.breath, before.hollow) if before else (0.0, 0.0)
    if "breath" in data:
        breath = _number(data["breath"], f"{when}: breath", *words.BREATH)
    if "hollow" in data:
        hollow = _number(data["hollow"], f"{when}: hollow", *words.HOLLOW)
    return Pose(angles, go, hands, breath, hollow)


def _entry(value: object, where: str) -> tuple[str, Any]:
    """A bare word, or a mapping with exactly one key."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, inner),) = value.items()
        if isinstance(key, str):
            return key, inner
    raise FigureError(f"{where}: each entry is a word or one name with its value.")


def _arrow(value: object) -> Arrow:
    point, shift = _entry(value, "move")
    _word(point, "move", words.POINTS)
    return Arrow(point) if shift is None else Arrow(point, _vector(shift, f"move {point}"))


def _spins(data: Mapping[str, Any], key: str) -> tuple[Spin, ...]:
    """Turns around something: `spin` is level, `roll` upright."""
    return tuple(_spin(entry, key) for entry in _list(data.get(key, []), key, words.MOST_ARROWS))


def _spin(value: object, key: str) -> Spin:
    entries = _list(value, key, 3)
    if len(entries) != 3:
        raise FigureError(f"{key} needs a centre and two headings.")
    start, end = (_number(entry, f"{key} heading", -360, 360, unit="°") for entry in entries[1:])
    return Spin(_word(entries[0], key, words.CENTRES), start, end, upright=key == "roll")


def _forces(data: Mapping[str, Any], key: str) -> tuple[Force, ...]:
    entries = _mapping(data.get(key, {}), key, set(words.POINTS))
    if len(entries) > words.MOST_ARROWS:
        raise FigureError(f"{key} has {len(entries)} entries; at most {words.MOST_ARROWS} are allowed.")
    return tuple(Force(point, _vector(vector, f"{key} {point}"), key == "push") for point, vector in entries.items())


def _prop(value: object) -> Prop:
    kind, inner = _entry(value, "props")
    reader = _PROP_READERS.get(kind)
    if reader is None:
        raise FigureError(f"props: “{_shown(kind)}” is not known. Allowed: {', '.join(sorted(_PROP_READERS))}.")
    return reader(kind, inner)


def _bare_prop(kind: str, inner: object) -> Prop:
    if inner is not None:
        raise FigureError(f"props: {kind} takes no value.")
    return Prop(kind)


def _box_prop(kind: str, inner: object) -> Prop:
    return Prop(kind, _numbers(inner, f"props: {kind}", words.BOX_PROPS[kind]))


def _sheet_prop(kind: str, inner: object) -> Prop:
    entries = _list(inner, f"props: {kind}", 5)
    if len(entries) != 5:
        raise FigureError(f"props: {kind} needs an axis and four numbers.")
    axis = _word(entries[0], f"props: {kind} axis", ("x", "y"))
    return Prop(kind, _numbers(entries[1:], f"props: {kind}", 4), axis)


def _chair_prop(kind: str, inner: object) -> Prop:
    entries = _list(inner, "props: chair", 4)
    if len(entries) != 4:
        raise FigureError("props: chair needs x, y, the seat height, and back or none.")
    return Prop(kind, _numbers(entries[:3], "props: chair", 3), _word(entries[3], "props: chair", ("back", "none")))


def _band_prop(kind: str, inner: object) -> Prop:
    ankle, anchor = _pair(inner, f"props: {kind}")
    return Prop(kind, _vector(anchor, f"props: {kind}"), _word(ankle, f"props: {kind}", ("ankle_w", "ankle_o")))


def _word_prop(*allowed: str) -> Callable[[str, object], Prop]:
    return lambda kind, inner: Prop(kind, (), _word(inner, f"props: {kind}", allowed))


_PROP_READERS: dict[str, Callable[[str, object], Prop]] = {
    **dict.fromkeys(words.BODY_PROPS, _bare_prop),
    **dict.fromkeys(words.BOX_PROPS, _box_prop),
    **dict.fromkeys(words.SHEET_PROPS, _sheet_prop),
    **dict.fromkeys(words.LOOP_PROPS, _word_prop("thighs", "ankles")),
    "chair": _chair_prop,
    "band": _band_prop,
    "tether": _band_prop,
    "strap": _word_prop("w", "o"),
    "cuff": _word_prop("w", "o"),
    "weight": _word_prop("w", "o", "wo"),
}
