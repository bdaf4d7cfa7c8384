"""One step harder or easier: one variable, about a tenth, never into level 5 (CLINICAL.md D.2)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from patients.review import steps
from patients.review.steps import ExerciseView, Item, Step
from programs.dose import Dose
from programs.frequency import Interval, PerWeek, Weekdays

holds = st.one_of(st.none(), st.integers(1, 60))
doses = st.builds(
    Dose,
    sets=st.integers(1, 6),
    reps=st.one_of(st.none(), st.integers(1, 20)),
    hold_s=holds,
    rest_s=st.integers(0, 120),
    load=st.sampled_from(["none", "bodyweight", "isometric", "band"]),
    load_kg=st.one_of(st.none(), st.sampled_from([0.5, 1.0, 2.5, 10.0])),
    side=st.sampled_from(["both", "left", "affected", "alternating"]),
)
views = st.builds(
    ExerciseView,
    id=st.uuids().map(str),
    name=st.just("An exercise"),
    level=st.integers(1, 5),
    kind=st.sampled_from(["strengthen", "stretch"]),
    laterality=st.sampled_from(["unilateral", "bilateral", "alternating"]),
    default=doses,
)
frequencies = st.one_of(
    st.builds(Weekdays, days=st.just((1, 3, 5)), times_per_day=st.integers(1, 2)),
    st.builds(Interval, every_days=st.integers(1, 7)),
    st.builds(PerWeek, count=st.integers(1, 7)),
)
items = st.builds(
    Item,
    key=st.uuids().map(str),
    dose=doses,
    frequency=frequencies,
    exercise=views,
    easier=st.one_of(st.none(), views),
    harder=st.one_of(st.none(), views),
    needs_release=st.booleans(),
    heavier_band=st.booleans(),
)
phases = st.lists(items, min_size=1, max_size=8)


def changed(before: Dose, after: Dose) -> set[str]:
    return {name for name, value in before.as_json().items() if after.as_json()[name] != value}


@given(phases)
def test_a_step_up_changes_one_variable_by_about_a_tenth(phase: list[Item]) -> None:
    item = phase[0]
    step = steps.harder(item, phase)
    if step is None:
        return
    assert step.to is not None
    assert not item.needs_release
    assert item.exercise.level < 5
    if step.what == "exercise":
        assert step.exercise is item.harder
        assert step.exercise is not None
        assert step.exercise.level < 5
        return
    assert changed(item.dose, step.to) == (set() if step.band else {"load_kg" if step.what == "load" else step.what})
    week = sum(map(steps.weekly_seconds, phase))
    more = steps.weekly_seconds(replace(item, dose=step.to)) - steps.weekly_seconds(item)
    one_rep = step.what == "reps" and (step.to.reps or 0) - (item.dose.reps or 0) == 1
    assert more <= 0.1 * week or one_rep


@given(phases)
def test_steps_up_come_to_an_end(phase: list[Item]) -> None:
    """Nothing is stepped for ever: repetitions, sets, band, then another exercise. Kilograms go on by themselves."""
    item = replace(phase[0], dose=replace(phase[0].dose, load_kg=None), harder=None)
    for _ in range(60):
        step = steps.harder(item, [item, *phase[1:]])
        if step is None:
            return
        assert step.to is not None
        item = replace(item, dose=step.to, heavier_band=item.heavier_band or step.band)
    raise AssertionError("sixty steps and no end")


@given(items, st.booleans())
def test_a_step_down_is_less_or_a_rest(item: Item, second_red: bool) -> None:
    step = steps.easier(item, second_red=second_red)
    match step:
        case Step("rest"):
            assert step.to is None
            assert step.item is None
            assert item.easier is None
        case Step("exercise"):
            assert step.exercise is item.easier
        case Step("sets"):
            assert step.to == replace(item.dose, sets=item.dose.sets - 1)
        case Step("load"):
            assert step.to is not None
            assert item.dose.load_kg is not None
            assert 0 < (step.to.load_kg or 0) <= 0.7 * item.dose.load_kg
        case other:
            raise AssertionError(other)
    if second_red and item.easier is not None:
        assert step.what == "exercise"


def test_the_side_that_was_prescribed_stays() -> None:
    left = Dose(sets=3, reps=10, side="left")
    assert steps.with_side(Dose(sets=2, reps=8, side="affected"), left).side == "left"
    # An alternating exercise alternates whatever the other one did.
    assert steps.with_side(Dose(sets=2, reps=8, side="alternating"), left).side == "alternating"
