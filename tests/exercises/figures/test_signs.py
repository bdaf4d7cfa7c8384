"""What a picture says beside the body: stretch or work, press, before and after, behind or in front."""

from __future__ import annotations

import re
from math import dist, hypot

import pytest

from exercises.figures import render
from exercises.figures.camera import Camera
from exercises.figures.drawing import Part
from exercises.figures.marks import arrows
from exercises.figures.palette import Tone
from exercises.figures.picture import Scene
from exercises.figures.skeleton import Body
from exercises.figures.validate import parse
from exercises.figures.vectors import offset
from exercises.figures.view import View

from .cast import FRAMES, SLUGS, animation, library, stage, stretched

STRETCHES = [slug for slug in SLUGS if stretched(slug)]
INSETS = [slug for slug in SLUGS if animation(slug).inset is not None]


def glow(slug: str) -> list[Part]:
    return Scene(animation(slug), stretched=stretched(slug)).view.glow


@pytest.mark.parametrize("slug", SLUGS)
def test_stretched_muscles_are_pulled_apart_and_working_ones_are_not(slug: str) -> None:
    scene = Scene(animation(slug), stretched=stretched(slug))
    parts = scene.view.glow + (scene.inset.view.glow if scene.inset else [])
    pulled = {part.name.removesuffix("_pull") for part in parts if part.name.endswith("_pull")}
    assert pulled == (set(animation(slug).glow) if library()[slug].kind == "stretch" else set())


def test_of_two_stretched_muscles_side_by_side_the_nearer_is_shown_from_the_side() -> None:
    """Four heads on one spot were a tangle; the inset shows both."""
    assert {part.name for part in glow("qf-quadruped-rockback-wide-feet")} == {"qf_w", "qf_w_pull"}


@pytest.mark.parametrize("slug", STRETCHES)
def test_both_heads_point_away_from_the_muscle_all_the_way(slug: str) -> None:
    """Also where a limb turns toward the eye: a head that flipped would say the opposite."""
    parts = {part.name: part for part in glow(slug)}
    camera = Camera.at(*animation(slug).camera)
    for share in FRAMES:
        body = stage(slug).body_at(share)
        for name in set(animation(slug).glow) & parts.keys():
            shape = parts[name].draw(body, camera).points
            middle = (sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape))
            heads = parts[f"{name}_pull"].draw(body, camera).points
            for tip, first, second in (heads[:3], heads[3:]):
                base = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
                assert dist(tip, base) == pytest.approx(4.6, abs=1e-6), (share, name)
                assert dist(tip, middle) > dist(base, middle) + 3, (share, name)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if library()[slug].kind == "neural"])
def test_a_nerve_glides_or_is_pulled_as_the_exercise_demands(slug: str) -> None:
    """Three heads toward the foot, or two that part."""
    demands = set(library()[slug].demands)
    [name] = animation(slug).glow
    assert (name == "nervepull_w") == ("sciatic_tension" in demands)
    assert (name == "nerve_w") == ("sciatic_glide" in demands)
    way = next(part for part in glow(slug) if part.name == f"{name}_way")
    camera = Camera.at(*animation(slug).camera)
    for share in FRAMES:
        body = stage(slug).body_at(share)
        knee = camera.project(body.at["knee_w"])
        points = way.draw(body, camera).points
        heads = [points[index : index + 3] for index in range(0, len(points), 3)]
        assert len(heads) == (2 if name == "nervepull_w" else 3)
        for (tip, first, second), above in zip(
            heads, (True, False) if len(heads) == 2 else (True, True, False), strict=True
        ):
            base = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
            toward_knee = dist(tip, knee) < dist(base, knee)
            # Toward the foot is toward the knee on the thigh and away from it below.
            assert toward_knee == (above and name == "nerve_w"), (share, tip)


def test_the_sign_of_a_stretch_is_its_shape_not_its_colour() -> None:
    """A grey printer and every kind of colour vision keep it: the heads are painted like the muscle itself."""
    tones = {part.name: part.tone for part in glow("ham-seated-hinge")}
    assert tones["ham_w_pull"] == tones["ham_w"] == Tone.MUSCLE


@pytest.mark.parametrize("kind", ["animated", "poster", "thumb"])
@pytest.mark.parametrize("slug", ["ham-supine-strap-raise", "pir-supine-figure-4"])
def test_all_three_files_tell_stretch_from_work(slug: str, kind: str) -> None:
    exercise = library()[slug]
    stretch, work = (render(exercise.figure, title="t", desc="d", stretched=flag) for flag in (True, False))
    muscles = [len(re.findall(r'class="(?:fm|fy)"', getattr(figure, kind))) for figure in (stretch, work)]
    assert muscles[0] > muscles[1]


def test_a_press_that_moves_nothing_ends_at_a_bar() -> None:
    slug = "pir-hooklying-abd-iso-belt"
    pressing = animation(slug)
    moving = parse({**library()[slug].figure, "stop": False})
    for drawn, bar in ((pressing, "ML"), (moving, "")):
        found = arrows(drawn, stage(slug), Camera.at(*drawn.camera))
        assert len(found) == 2
        assert [arrow.shaft.commands for arrow in found] == ["ML" + bar] * 2
    for arrow in arrows(pressing, stage(slug), Camera.at(*pressing.camera)):
        (ax, ay), (bx, by), first, second = arrow.shaft.points
        along = ((bx - ax), (by - ay))
        assert along[0] * (second[0] - first[0]) + along[1] * (second[1] - first[1]) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("slug", SLUGS)
def test_only_what_presses_without_moving_ends_at_a_bar(slug: str) -> None:
    figure = animation(slug)
    assert not figure.stopped or (figure.still and figure.forces)


def test_a_roll_stands_upright_around_the_pelvis() -> None:
    figure = animation("sup-pelvic-tilt")
    [spin] = figure.spins
    assert spin.upright
    side = Camera.at(0, 0)
    [arrow] = arrows(figure, stage("sup-pelvic-tilt"), side)
    x, y = side.project(stage("sup-pelvic-tilt").body_at(1.0).at["pelvis"])
    assert all(hypot(px - x, py - y) == pytest.approx(10, abs=0.4) for px, py in arrow.shaft.points)
    assert all(py < y for _, py in arrow.shaft.points), "over the pelvis"
    assert len(arrow.heads) == 2, "it rocks to and fro"


def test_the_start_of_a_limb_can_be_left_out() -> None:
    slug = "sup-single-leg-bridge"
    with_ghost = Scene(parse({**library()[slug].figure, "unghosted": []})).view.ghosts()
    ghosts = {part.name for part in Scene(animation(slug)).view.ghosts()}
    assert {"thigh_o", "shank_o", "foot_o"} & {part.name for part in with_ghost}
    assert not {"thigh_o", "shank_o", "foot_o"} & ghosts
    assert "trunk" in ghosts


def test_the_stick_has_a_ghost_like_the_body_that_carries_it() -> None:
    view = Scene(animation("sup-hip-hinge-drill")).view
    assert [part.name for part in view.ghosts() if part.tone is Tone.STICK] == ["prop0_stick"]
    poster = render(library()["sup-hip-hinge-drill"].figure, title="t", desc="d").poster
    assert poster.count('class="lz"') == 1


def test_the_bar_holds_the_ankles_of_the_nordic_down_all_the_way() -> None:
    [bar] = [prop for prop in animation("ham-nordic").props if prop.kind == "footbar"]
    x, near, far, height = bar.values
    for share in FRAMES:
        body = stage("ham-nordic").body_at(share)
        for side in ("w", "o"):
            ankle = body.at[f"ankle_{side}"]
            assert ankle[0] == pytest.approx(x, abs=3)
            assert near < ankle[1] < far
            assert 0 < height - ankle[2] < 2.2 + 2.6, "the pad touches the ankle"


def waist_height(body: Body) -> float:
    """How high the underside of the drawn trunk lies at the waist of somebody on the back."""
    side = Camera.at(0, 0)
    [trunk] = [part for part in Scene(animation("sup-pelvic-tilt")).view.body if part.name == "trunk"]
    middle = side.project(offset(body.at["waist"], body.frame["waist"], (0.0, 0.0, 3.0)))[0]
    outline = trunk.draw(body, side)
    # Of the quadratic curves only the points on the outline count, not their controls.
    on_it, points = [], iter(outline.points)
    for command in outline.commands:
        if command != "Z":
            on_it.append([next(points) for _ in range(2 if command == "Q" else 1)][-1])
    return min(-y for x, y in on_it if abs(x - middle) < 2)


def test_the_low_back_of_the_pelvic_rock_is_hollow_and_then_flat() -> None:
    arched, flat = (waist_height(stage("sup-pelvic-tilt").body_at(share)) for share in (0.0, 1.0))
    assert arched - flat > 2.5
    assert flat < 0.8, "on the mat"


@pytest.mark.parametrize(("slug", "line"), [("sup-pelvic-tilt", "back"), ("sup-breath-brace", "belly")])
def test_the_line_of_before_is_dashed_over_the_body_in_both_large_files(slug: str, line: str) -> None:
    inset = animation(slug).inset
    assert inset is not None
    assert inset.before == line
    figure = render(library()[slug].figure, title="t", desc="d")
    assert figure.poster.count('class="lw"') == 1
    assert figure.animated.count('class="lw"') == 2, "in the moving and in the still group"
    assert 'class="lw"' not in figure.thumb


def test_a_band_around_the_thighs_is_behind_the_trunk_when_seen_from_behind() -> None:
    """It once lay over the buttocks, as if it were a belt."""
    figure = animation("pir-seated-abd-band")
    order = [part.name for part in Scene(figure)._seen_from((-90, 6)).things]
    assert order.index("prop2_loop") < order.index("trunk")
    front = [part.name for part in Scene(figure).view.things]
    assert front.index("prop2_loop") > front.index("trunk")


@pytest.mark.parametrize("slug", INSETS)
def test_an_inset_leaves_out_only_what_never_comes_into_it(slug: str) -> None:
    scene = Scene(animation(slug), stretched=stretched(slug))
    wanted, inset = animation(slug).inset, scene.inset
    assert wanted is not None
    assert inset is not None
    kept = {part.name for part in [*inset.view.things, *inset.view.glow]}
    whole = View(scene.animation, scene.stage, inset.view.camera, stretched=scene.stretched)
    if wanted.span < 50:
        whole.without_arms_and_head()
    if not wanted.furniture:
        whole.without_furniture()
    for part in [*whole.things, *whole.glow]:
        if part.name not in kept:
            for share in FRAMES:
                for point in part.draw(stage(slug).body_at(share), inset.view.camera).points:
                    assert dist(point, inset.centre) > wanted.span / 2, (part.name, share)


def test_the_cleft_shows_only_from_behind() -> None:
    figure = animation("sup-mini-squat")
    names = [{part.name for part in Scene(figure)._seen_from((azimuth, 8)).body} for azimuth in (-90, 90)]
    assert "cleft" in names[0]
    assert "cleft" not in names[1]
