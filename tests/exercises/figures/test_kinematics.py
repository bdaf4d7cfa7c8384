"""Rotations and two-bone reach, for any numbers a form could send."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.figures.skeleton import BASE_FRAMES, SHANK, THIGH, limb_turn, reach, turn
from exercises.figures.vectors import (
    IDENTITY,
    Mat,
    Vec,
    apply,
    axis,
    cross,
    distance,
    dot,
    matmul,
    norm,
    sub,
    transposed,
    unit,
    without,
)

angles = st.floats(-360, 360)
coordinates = st.floats(-250, 250)
places = st.tuples(coordinates, coordinates, coordinates)
lengths = st.floats(5, 30)


def assert_rotation(matrix: Mat) -> None:
    for row, wanted in zip(matmul(matrix, transposed(matrix)), IDENTITY, strict=True):
        assert row == pytest.approx(wanted, abs=1e-9)
    assert dot(cross(axis(matrix, 0), axis(matrix, 1)), axis(matrix, 2)) == pytest.approx(1)


@given(angles, angles, angles, st.sampled_from([-1.0, 1.0]))
def test_turns_are_rotations(a: float, b: float, c: float, outward: float) -> None:
    assert_rotation(turn(a, b, c))
    assert_rotation(limb_turn((a, b, c), outward))


@pytest.mark.parametrize("base", sorted(BASE_FRAMES))
def test_bases_are_rotations(base: str) -> None:
    assert_rotation(BASE_FRAMES[base])


@given(st.floats(0, 89), st.sampled_from([-1.0, 1.0]))
def test_flexion_goes_forward_and_abduction_outward(angle: float, outward: float) -> None:
    down = (0.0, 0.0, -1.0)
    assert apply(limb_turn((angle, 0, 0), outward), down)[0] >= 0
    assert apply(limb_turn((0, angle, 0), outward), down)[1] * outward >= 0


@given(st.floats(1, 89), st.sampled_from([-1.0, 1.0]))
def test_external_rotation_turns_the_toes_outward(angle: float, outward: float) -> None:
    assert apply(limb_turn((0, 0, angle), outward), (1.0, 0.0, 0.0))[1] * outward > 0


@given(places, places, lengths, lengths, places)
def test_reach_keeps_both_bones_whole(root: Vec, target: Vec, upper: float, lower: float, pole: Vec) -> None:
    solved = reach(root, target, upper, lower, pole)
    assert all(isfinite(value) for place in (solved.middle, solved.end) for value in place)
    assert distance(root, solved.middle) == pytest.approx(upper, abs=1e-4)
    assert distance(solved.middle, solved.end) == pytest.approx(lower, abs=1e-4)


@given(places, places, places)
def test_reach_attains_what_it_can_and_points_at_what_it_cannot(root: Vec, target: Vec, pole: Vec) -> None:
    solved = reach(root, target, THIGH, SHANK, pole)
    far = distance(root, target)
    if abs(THIGH - SHANK) + 0.5 <= far <= 0.9995 * (THIGH + SHANK):
        assert distance(solved.end, target) < 1e-6
    elif far > 1:
        aimed = unit(sub(target, root))
        assert dot(unit(sub(solved.end, root)), aimed) == pytest.approx(1, abs=1e-6)


@given(places, places)
def test_reach_bends_toward_its_pole(target: Vec, pole: Vec) -> None:
    root = (0.0, 0.0, 0.0)
    line = unit(target)
    if not 5 < norm(target) < 45 or norm(without(pole, line)) < 1:
        return
    solved = reach(root, target, THIGH, SHANK, pole)
    assert dot(without(solved.middle, line), pole) > 0
