"""The painter's order is that of the end of the motion; on the way it may be wrong only by little."""

from __future__ import annotations

import pytest

from exercises.figures import anatomy
from exercises.figures.drawing import Part
from exercises.figures.picture import Scene
from exercises.figures.shapes import Outline

from .cast import SLUGS, animation

#: Percent of body height by which a part may lie nearer than one painted over it. Most is 7.4 and shows nowhere.
DEEPEST_ERROR = 7.5
LIMBS = ("thigh", "shank", "foot", "arm", "fore", "hand", "trunk", "skull")


def overlap(a: Outline, b: Outline) -> bool:
    """Whether the boxes around two outlines share more than a sliver."""
    spans = []
    for axis in (0, 1):
        first, second = [point[axis] for point in a.points], [point[axis] for point in b.points]
        spans.append(min(max(first), max(second)) - max(min(first), min(second)))
    return min(spans) > 1


@pytest.mark.parametrize("slug", SLUGS)
def test_overlapping_parts_are_painted_in_nearly_their_true_order(slug: str) -> None:
    scene = Scene(animation(slug))
    view = scene.view
    painted = {part.name: rank for rank, part in enumerate(view.body)}
    for step in range(9):
        body = scene.stage.body_at(step / 8)
        here: list[Part] = [part for part in anatomy.parts(body, view.camera) if part.name.startswith(LIMBS)]
        drawn = {part.name: part.draw(body, view.camera) for part in here}
        for index, farther in enumerate(here):
            for nearer in here[index + 1 :]:
                wrong = painted[farther.name] > painted[nearer.name]
                if wrong and overlap(drawn[farther.name], drawn[nearer.name]):
                    assert nearer.depth - farther.depth < DEEPEST_ERROR, (
                        step,
                        farther.name,
                        nearer.name,
                    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_end_is_painted_in_its_true_order(slug: str) -> None:
    scene = Scene(animation(slug))
    depths = [part.depth for part in scene.view.body if not part.name.startswith("stub")]
    assert depths == sorted(depths)
