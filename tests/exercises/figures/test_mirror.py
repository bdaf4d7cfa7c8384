"""A figure solved for the left side is the same picture with x reversed, so mirroring a file is honest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from exercises.figures.anatomy import joint_places
from exercises.figures.camera import Camera
from exercises.figures.model import Animation, HandTarget, Pose
from exercises.figures.placement import Stage
from exercises.figures.vectors import Vec

from .cast import FRAMES, SLUGS, animation, stage

BASES = {"side": "side_worked", "side_worked": "side"}


def other(name: str) -> str:
    """The same name on the other side."""
    return {"_w": name[:-1] + "o", "_o": name[:-1] + "w"}.get(name[-2:], name)


def flipped(place: str | Vec) -> str | Vec:
    return other(place) if isinstance(place, str) else (place[0], -place[1], place[2])


def flipped_pose(pose: Pose) -> Pose:
    angles: Mapping[str, tuple[float, ...]] = {
        other(joint): (values[0], -values[1], -values[2]) if joint in ("pelvis", "trunk", "head") else values
        for joint, values in pose.angles.items()
    }
    hands = {
        {"w": "o", "o": "w"}[side]: HandTarget(flipped(hand.place), hand.elbow) for side, hand in pose.hands.items()
    }
    x, y, z = pose.go
    return Pose(angles, (x, -y, z), hands, pose.breath)


def mirrored(figure: Animation) -> Animation:
    """The exercise as it would be listed for the left leg."""
    azimuth, elevation = figure.camera
    return replace(
        figure,
        camera=(180 - azimuth, elevation),
        base=BASES.get(figure.base, figure.base),
        root=other(figure.root),
        start=flipped_pose(figure.start),
        end=flipped_pose(figure.end),
        pin={other(contact): height for contact, height in figure.pin.items()},
        slide={other(contact): height for contact, height in figure.slide.items()},
        attach={other(contact): flipped(target) for contact, target in figure.attach.items()},
        flat=frozenset({"w": "o", "o": "w"}[side] for side in figure.flat),
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_left_sided_figure_is_the_mirrored_picture(slug: str) -> None:
    figure = animation(slug)
    left = mirrored(figure)
    right_stage, left_stage = stage(slug), Stage(left)
    right_camera, left_camera = Camera.at(*figure.camera), Camera.at(*left.camera)
    for share in FRAMES:
        right_places = joint_places(right_stage.body_at(share))
        left_places = joint_places(left_stage.body_at(share))
        for joint, place in right_places.items():
            x, y = right_camera.project(place)
            twin = left_places[other(joint)]
            assert left_camera.project(twin) == pytest.approx((-x, y), abs=1e-6), (share, joint)
            assert left_camera.depth(twin) == pytest.approx(right_camera.depth(place), abs=1e-6), (share, joint)
