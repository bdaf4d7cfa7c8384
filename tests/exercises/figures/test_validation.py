"""Bad figure data is refused in words that name the joint and its range; hostile data never crashes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.figures import FigureError, render, validate

from .cast import SLUGS, library


def good() -> dict[str, Any]:
    return {
        "cam": [22, 10],
        "base": "up",
        "root": ["foot_o", 0],
        "flat": ["o"],
        "tempo": [2, 1, 2],
        "start": {"hip_w": [0, 2, 0], "hands": {"o": [14, 18, 57]}},
        "end": {"hip_w": [78, 2, 0], "knee_w": 84},
        "props": [{"rail": ["y", 18, -4, 30, 56]}],
        "move": ["kneetop_w"],
        "glow": ["psoas_w"],
    }


def test_good_data_passes() -> None:
    validate(good())


@pytest.mark.parametrize("slug", SLUGS)
def test_the_library_passes(slug: str) -> None:
    validate(library()[slug].figure)


def change(path: list[str | int], value: Any) -> Callable[[dict[str, Any]], None]:
    def apply(data: dict[str, Any]) -> None:
        inner: Any = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return apply


WRONG: list[tuple[list[str | int], Any, str]] = [
    (["end", "hip_w"], [140, 2, 0], "end: hip_w flexion is 140°; it must lie between -30° and 125°."),
    (["end", "hip_w"], [78, 60, 0], "end: hip_w abduction is 60°; it must lie between -30° and 50°."),
    (["end", "hip_w"], [78, 2, -46], "end: hip_w external rotation is -46°; it must lie between -45° and 45°."),
    (["start", "knee_w"], -5, "start: knee_w flexion is -5°; it must lie between 0° and 150°."),
    (["start", "ankle_o"], 31, "start: ankle_o dorsiflexion is 31°; it must lie between -50° and 30°."),
    (["start", "trunk"], [0, 41, 0], "start: trunk side-bend is 41°; it must lie between -40° and 40°."),
    (["start", "trunk"], [61, 0, 0], "start: trunk forward bend is 61°; it must lie between -30° and 60°."),
    (["start", "trunk"], [0, 0, -46], "start: trunk turn is -46°; it must lie between -45° and 45°."),
    (["start", "el_w"], 200, "start: el_w flexion is 200°; it must lie between 0° and 150°."),
    (["start", "knee_w"], float("nan"), "start: knee_w flexion is nan°; it must lie between 0° and 150°."),
    (["start", "knee_w"], float("inf"), "start: knee_w flexion is inf°; it must lie between 0° and 150°."),
    (["start", "knee_w"], "90", "start: knee_w flexion must be a number, not “90”."),
    (["start", "knee_w"], True, "start: knee_w flexion must be a number, not “True”."),
    (["start", "hip_w"], [1, 2], "start: hip_w needs 3 angles: flexion, abduction, external rotation."),
    (["start", "hip_w"], 3, "start: hip_w must be a list."),
    (["start", "tail"], 3, "start has an unknown entry “tail”."),
    (["glitter"], 3, "The figure has an unknown entry “glitter”."),
    (["pin"], {"nose": 0}, "pin has an unknown entry “nose”."),
    (["pin"], {"foot_w": 0, "heel_w": 0}, "pin, slide and attach may hold each foot only once."),
    (["attach"], {"foot_w": "lap_w"}, "attach foot_w: a foot cannot be held by its own leg (lap_w)."),
    (["attach"], {"foot_w": "moon"}, "attach foot_w: “moon” is not known."),
    (["start", "hands", "o"], "moon/out", "start: hand o: “moon” is not known."),
    (["start", "hands", "o"], "hip_o/sideways", "start: hand o elbow: “sideways” is not known."),
    (["start", "hands", "o"], [1, 2, 900], "start: hand o is 900; it must lie between -250 and 250."),
    (["root"], ["elbow_w", 0], "root: “elbow_w” is not known."),
    (["base"], "diving", "base: “diving” is not known."),
    (["cam"], [0, 90], "cam elevation is 90°; it must lie between -60° and 80°."),
    (["tempo"], [0, 1, 2], "tempo out is 0 s; it must lie between 0.2 s and 30 s."),
    (["tempo"], [1, 1], "tempo needs three numbers"),
    (["props"], [{"piano": [1, 2, 3]}], "props: “piano” is not known."),
    (["props"], ["mat"], "props: mat must be a list."),
    (["props"], [{"mat": [1, 2]}], "props: mat needs 3 numbers, not 2."),
    (["props"], [{"chair": [0, 0, 20, "throne"]}], "props: chair: “throne” is not known."),
    (["props"], [{"mat": [0, 1, 2]}] * 13, "props has 13 entries; at most 12 are allowed."),
    (["move"], ["ear_w"], "move: “ear_w” is not known."),
    (["glow"], ["biceps_w"], "glow: “biceps_w” is not known."),
    (["iso"], "yes", "iso must be true or false."),
    (["inset"], "moon", "inset must be a set of named values."),
    (["inset"], {"cam": [0, 0], "at": "pelvis"}, "inset has no “span”."),
    (["inset"], {"cam": [0, 0], "at": "moon", "span": 40}, "inset at: “moon” is not known."),
    (["inset"], {"cam": [0, 95], "at": "pelvis", "span": 40}, "inset elevation is 95°"),
    (["inset"], {"cam": [0, 0], "at": "pelvis", "span": 1}, "inset span is 1; it must lie between 15 and 110."),
    (["start", "breath"], 9, "start: breath is 9; it must lie between -3 and 6."),
    (["start", "hollow"], -3, "start: hollow is -3; it must lie between -2 and 5."),
    (["inset"], {"cam": [0, 0], "at": "pelvis", "span": 40, "before": "nose"}, "inset before: “nose” is not known."),
    (["unghosted"], ["tail_w"], "unghosted: “tail_w” is not known."),
    (["stop"], 1, "stop must be true or false."),
    (["roll"], [["pelvis", 45]], "roll needs a centre and two headings."),
    (["roll"], [["pelvis", 45, 500]], "roll heading is 500°; it must lie between -360° and 360°."),
    (["props"], [{"footbar": [1, 2]}], "props: footbar needs 4 numbers, not 2."),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=[sentence[:50] for _, _, sentence in WRONG])
def test_wrong_data_is_refused_in_words(path: list[str | int], value: Any, sentence: str) -> None:
    data = good()
    change(path, value)(data)
    with pytest.raises(FigureError) as error:
        validate(data)
    assert str(error.value).startswith(sentence)


def test_figure_4_poses_may_turn_further_but_only_with_the_foot_attached() -> None:
    data = good()
    data["end"]["hip_w"] = [110, 30, 80]
    with pytest.raises(FigureError, match="external rotation"):
        validate(data)
    data["attach"] = {"foot_w": "lap_o"}
    validate(data)


@pytest.mark.parametrize("key", ["cam", "base", "root", "tempo", "start", "end"])
def test_a_missing_part_is_named(key: str) -> None:
    data = good()
    del data[key]
    with pytest.raises(FigureError, match=f"no “{key}”"):
        validate(data)


def test_an_endless_number_is_refused() -> None:
    data = good()
    data["end"]["knee_w"] = 10**400
    with pytest.raises(FigureError, match="knee_w"):
        validate(data)


def test_a_long_word_does_not_flood_the_message() -> None:
    data = good()
    data["base"] = "x" * 100_000
    with pytest.raises(FigureError) as error:
        validate(data)
    assert len(str(error.value)) < 300


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["w", "hip_w", "x"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
PATHS: list[list[str | int]] = [
    ["cam"], ["base"], ["root"], ["flat"], ["tempo"], ["start"], ["end"], ["props"], ["move"], ["glow"],
    ["pin"], ["slide"], ["attach"], ["spin"], ["push"], ["pull"], ["both"], ["iso"], ["inset"],
    ["start", "hip_w"], ["start", "hands"], ["start", "hands", "o"], ["start", "go"], ["cam", 0], ["props", 0],
    ["tempo", 1], ["end", "knee_w"], ["move", 0], ["flat", 0],
]  # fmt: skip


@given(st.sampled_from(PATHS), junk)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_hostile_data_is_drawn_or_refused_but_never_crashes(path: list[str | int], value: Any) -> None:
    data = deepcopy(good())
    change(path, value)(data)
    try:
        validate(data)
    except FigureError:
        return
    assert "<svg" in render(data, title="t", desc="d").animated


@given(junk)
def test_anything_at_all_is_refused_in_words(value: Any) -> None:
    with pytest.raises(FigureError):
        validate(value)


joint_angles = st.fixed_dictionaries(
    {},
    optional={
        "pelvis": st.tuples(st.floats(-120, 120), st.floats(-90, 90), st.floats(-90, 90)).map(list),
        "trunk": st.tuples(st.floats(-30, 60), st.floats(-40, 40), st.floats(-45, 45)).map(list),
        "hip_w": st.tuples(st.floats(-30, 125), st.floats(-30, 50), st.floats(-45, 45)).map(list),
        "knee_w": st.floats(0, 150),
        "ankle_w": st.floats(-50, 30),
        "sh_o": st.tuples(st.floats(-60, 180), st.floats(-45, 180), st.floats(-90, 90)).map(list),
        "hands": st.dictionaries(
            st.sampled_from(["w", "o"]),
            st.sampled_from(["ham_w", "strap_w", "ankle_o", "head/up", "forehead/wide", "free"])
            | st.tuples(*[st.floats(-250, 250)] * 3).map(list),
        ),
    },
)


@given(
    st.sampled_from(["up", "supine", "prone", "side", "side_worked"]),
    st.sampled_from(["pelvis", "chest", "low", "hip_w", "knee_o", "foot_w", "heel_o"]),
    joint_angles,
    joint_angles,
    st.dictionaries(st.sampled_from(["foot_w", "heel_o"]), st.floats(-250, 250)),
)
@settings(max_examples=60, deadline=None)
def test_any_pose_within_range_is_drawn_with_finite_numbers(
    base: str, root: str, start: dict[str, Any], end: dict[str, Any], pin: dict[str, float]
) -> None:
    data = good() | {"base": base, "root": [root, 0], "start": start, "end": end, "pin": pin}
    figure = render(data, title="t", desc="d")
    for document in (figure.animated, figure.poster, figure.thumb):
        assert "nan" not in document
        assert "inf" not in document
