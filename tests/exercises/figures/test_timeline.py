"""Easing, holds and keyframes: the loop starts where it ends, and waits where the dose holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.figures import timeline
from exercises.figures.model import Tempo
from exercises.figures.timeline import ease, eased_time, keyframes, loop_of, segment_spline

shares = st.floats(0, 1)
#: no hold, or one that a keyframe can tell from none
holds = st.just(0.0) | st.floats(0.01, 600)
tempos = st.builds(Tempo, out=st.floats(0.2, 30), hold=holds, back=st.floats(0.2, 30))


@given(shares)
def test_eased_time_inverts_the_ease(share: float) -> None:
    assert ease(eased_time(share)) == pytest.approx(share, abs=1e-6)


def test_the_ease_rests_at_both_ends() -> None:
    assert (ease(0), ease(1)) == (0, 1)
    assert ease(0.001) < 0.0001
    assert 1 - ease(0.999) < 0.0001


@given(tempos, st.integers(2, 10))
def test_a_loop_ends_where_it_starts_and_passes_every_sample_both_ways(tempo: Tempo, steps: int) -> None:
    frames = keyframes(loop_of(tempo), steps)
    assert (frames[0].time, frames[0].sample) == (0, 0)
    assert frames[-1].time == pytest.approx(1)
    assert frames[-1].sample == 0
    assert all(before.time < after.time for before, after in pairwise(frames))
    assert all(abs(before.sample - after.sample) <= 1 for before, after in pairwise(frames))
    assert [frame.sample for frame in frames].count(steps) == (2 if tempo.hold else 1)


@given(tempos)
def test_long_holds_are_shortened_and_short_ones_kept(tempo: Tempo) -> None:
    loop = loop_of(tempo)
    assert loop.hold == min(tempo.hold, timeline.LONGEST_SHOWN_HOLD)
    assert loop.out <= tempo.out
    assert loop.rest <= tempo.out


@given(st.integers(2, 10), st.data())
def test_a_piece_of_the_ease_is_the_ease(steps: int, data: st.DataObject) -> None:
    """At the middle of its time, the Bézier of a piece is where the whole ease is."""
    index = data.draw(st.integers(0, steps - 1))
    first, second = index / steps, (index + 1) / steps
    x1, y1, x2, y2 = segment_spline(first, second)
    assert x1 == pytest.approx(1 / 3)
    assert x2 == pytest.approx(2 / 3)
    middle = (eased_time(first) + eased_time(second)) / 2
    drawn = (3 * y1 + 3 * y2 + 1) / 8  # the cubic through 0, y1, y2, 1 at half its parameter, where x is 1/2
    assert first + (second - first) * drawn == pytest.approx(ease(middle), abs=1e-9)
