"""Every rule R01–R28 fires on what it names and on nothing less; unknown never fires; the strongest action wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import library_files
from programs import precautions, template_files
from programs.precaution_rules import Action, Facts, rules
from programs.precautions import Circumstances, Conflict, Exercise, Findings, check
from tests.programs.test_findings import WHOLE

TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)

LIBRARY = {
    e.slug: Exercise(
        id=e.slug,
        slug=e.slug,
        name=e.name,
        kind=e.kind,
        level=e.level,
        demands=frozenset(e.demands),
        muscles=frozenset(m.slug for m in e.muscles if m.role == "primary"),
    )
    for e in library_files.read().exercises
}
# The library has no exercise with these two demands; a clinic could write one.
OWN = {
    "own-lunge": Exercise("own-lunge", "own-lunge", "Open lunge", "stretch", 3, frozenset({"combined_ext_add_er"}),
                          frozenset({"iliopsoas"})),
    "own-cobra": Exercise("own-cobra", "own-cobra", "Cobra", "stretch", 3, frozenset({"spinal_extension"}),
                          frozenset({"rectus-abdominis"})),
}  # fmt: skip
ALL = LIBRARY | OWN


def program(*slugs: str, n: int = 1, from_day: int = 0) -> dict[str, Any]:
    return {"phases": [phase(*slugs, n=n, from_day=from_day)]}


def phase(*slugs: str, n: int = 1, from_day: int = 0) -> dict[str, Any]:
    return {
        "n": n,
        "from_day": from_day,
        "prescriptions": [{"id": f"id-{slug}", "key": f"key-{slug}", "exercise": slug} for slug in slugs],
    }


def judge(what: Mapping[str, Any], findings: Mapping[str, Any] | None = None, **circumstances: Any) -> list[Conflict]:
    return check(what, Findings.parse(findings or {}), Circumstances(today=TODAY, **circumstances), ALL)


def actions(conflicts: Iterable[Conflict], rule: str) -> dict[str | None, str]:
    """The rule's action by exercise; None for the phase as a whole."""
    return {
        None if c.prescription is None else c.prescription.removeprefix("id-"): c.action.value
        for c in conflicts
        if c.rule == rule
    }


def ago(days: int) -> str:
    return (TODAY - days * DAY).isoformat()


HIP_FLEXOR = "sup-half-kneel-hip-flexor-stretch"
FIGURE_4 = "pir-supine-figure-4"
OPPOSITE_SHOULDER = "pir-supine-knee-to-opposite-shoulder"
WALK = "sup-short-stride-walk"
EVERYTHING = ("sup-breath-brace", "qf-clam")

IFI = {"condition": "ifi_suspected"}

# rule, phase, findings, circumstances, exercises in the phase, expected action by exercise
Row = tuple[str, int, dict[str, Any], dict[str, Any], tuple[str, ...], dict[str | None, str]]
FIRES: list[Row] = [
    ("R01", 1, {}, IFI, (HIP_FLEXOR, FIGURE_4, "own-lunge", "qf-clam"),
     {HIP_FLEXOR: "block", FIGURE_4: "warn", "own-lunge": "block"}),
    ("R01", 2, {}, {"condition": "ifi_confirmed"}, ("qf-seated-er-iso-ball",), {"qf-seated-er-iso-ball": "warn"}),
    ("R02", 3, {}, IFI, (HIP_FLEXOR, FIGURE_4, "own-lunge", "pir-long-sit-cross-twist"),
     {HIP_FLEXOR: "warn", FIGURE_4: "warn", "own-lunge": "block"}),
    ("R02", 4, {}, IFI, (HIP_FLEXOR,), {HIP_FLEXOR: "warn"}),
    ("R03", 1, {"painful_gait": True}, IFI, (WALK,), {None: "warn"}),
    ("R03", 1, {"long_stride": True}, IFI, (WALK,), {None: "warn"}),
    ("R04", 1, {"snapping": True}, {}, ("qf-clam",), {None: "warn"}),
    ("R05", 1, {"radiating": True}, {}, ("ham-supine-strap-raise", "nm-sciatic-slider-supine", "qf-clam"),
     {"ham-supine-strap-raise": "block", "nm-sciatic-slider-supine": "warn"}),
    ("R05", 1, {"tingling_7d": True}, {}, (OPPOSITE_SHOULDER,), {OPPOSITE_SHOULDER: "warn"}),
    ("R06", 1, {"spread_further": True}, {}, EVERYTHING, dict.fromkeys(EVERYTHING, "block")),
    ("R06", 1, {"new_weakness": True}, {}, EVERYTHING, dict.fromkeys(EVERYTHING, "block")),
    ("R07", 3, {"pht_stage": 1}, {}, ("ham-rdl", "ham-nordic", "ham-supine-9090-knee-extension"),
     {"ham-rdl": "block", "ham-nordic": "block", "ham-supine-9090-knee-extension": "warn"}),
    ("R07", 1, {"pht_stage": 2}, IFI, ("ham-table-hinge",), {"ham-table-hinge": "block"}),
    ("R08", 1, {"pht_stage": 3}, {}, ("ham-nordic", "ham-rdl"), {"ham-nordic": "release", "ham-rdl": "warn"}),
    ("R09", 1, {"pop_or_bruise": True}, {}, EVERYTHING, dict.fromkeys(EVERYTHING, "block")),
    ("R10", 1, {"surgery": {"on": ago(41)}}, {}, ("sup-hip-flexion-iso", "sup-bridge", "qf-clam"),
     {"sup-hip-flexion-iso": "block", "sup-bridge": "block"}),
    ("R10", 1, {"surgery": {"weight_bearing_cleared": False}}, {}, ("sup-step-up",), {"sup-step-up": "block"}),
    ("R11", 1, {"surgery": {"on": ago(42)}}, {}, ("sup-hip-flexion-iso", "ham-nordic", HIP_FLEXOR, "sup-bridge"),
     {"sup-hip-flexion-iso": "release", "ham-nordic": "block", HIP_FLEXOR: "warn"}),
    ("R11", 1, {"surgery": {"on": ago(83)}}, {}, ("sup-step-up",), {"sup-step-up": "release"}),
    ("R12", 1, {"hip_replacement": {"approach": "posterior", "precautions": True}}, {},
     (OPPOSITE_SHOULDER, FIGURE_4, "qf-prone-foot-fall-out-ir"),
     {OPPOSITE_SHOULDER: "block", FIGURE_4: "release", "qf-prone-foot-fall-out-ir": "warn"}),
    ("R13", 1, {"hip_replacement": {"approach": "anterolateral", "precautions": True}}, {},
     (HIP_FLEXOR, "own-lunge"), {HIP_FLEXOR: "warn", "own-lunge": "block"}),
    ("R14", 1, {"groin_pinch": True}, {}, ("qf-supine-knee-to-armpit",), {"qf-supine-knee-to-armpit": "warn"}),
    ("R14", 1, {"fai": True}, {}, ("qf-supine-9090-ir-strap",), {"qf-supine-9090-ir-strap": "warn"}),
    ("R14", 1, {"labral_tear": True}, {}, ("qf-seated-er-band",), {"qf-seated-er-band": "warn"}),
    ("R15", 1, {"faber_pinch": True}, {}, (FIGURE_4, "qf-clam"), {FIGURE_4: "block"}),
    ("R16", 1, {"lateral_hip_pain": True}, {}, ("sup-side-plank-knees",), {"sup-side-plank-knees": "warn"}),
    ("R17", 1, {"lbp": ["bending"]}, {}, ("nm-sciatic-tensioner-seated", "pir-supine-crossed-knee-pull"),
     {"nm-sciatic-tensioner-seated": "block", "pir-supine-crossed-knee-pull": "warn"}),
    ("R18", 1, {"lbp": ["arching"]}, {}, ("own-cobra", HIP_FLEXOR), {"own-cobra": "block", HIP_FLEXOR: "warn"}),
    ("R19", 1, {"sitting_pain": 4}, {}, ("qf-seated-er-band",), {"qf-seated-er-band": "warn"}),
    ("R19", 1, {"sitting_tolerance_min": 14}, {}, ("qf-seated-er-band",), {"qf-seated-er-band": "warn"}),
    ("R20", 1, {"fall_12m": True}, {}, ("sup-single-leg-stance",), {"sup-single-leg-stance": "release"}),
    ("R20", 1, {"dizziness": True}, {}, ("sup-single-leg-stance",), {"sup-single-leg-stance": "release"}),
    ("R20", 1, {"cannot_stand_5s": True}, {}, ("sup-single-leg-stance",), {"sup-single-leg-stance": "release"}),
    ("R21", 1, {"high_bp": True}, {}, ("ham-heel-dig-iso",), {"ham-heel-dig-iso": "release"}),
    ("R21", 1, {"heart_event": ago(42)}, {}, ("ham-nordic",), {"ham-nordic": "release"}),
    ("R21", 1, {"hernia": True}, {}, ("ham-heel-dig-iso",), {"ham-heel-dig-iso": "release"}),
    ("R21", 1, {"eye_surgery": True}, {}, ("ham-heel-dig-iso",), {"ham-heel-dig-iso": "release"}),
    ("R22", 1, {"osteoporosis": True}, {}, ("nm-sciatic-tensioner-seated", "sup-step-up"),
     {"nm-sciatic-tensioner-seated": "block", "sup-step-up": "warn"}),
    ("R22", 1, {"fragility_fracture": ago(10)}, {}, ("ham-nordic",), {"ham-nordic": "warn"}),
    ("R23", 1, {"hypermobility": True}, {}, ("ham-doorway",), {"ham-doorway": "warn"}),
    ("R23", 1, {"dysplasia": True}, {}, (FIGURE_4,), {FIGURE_4: "warn"}),
    ("R24", 1, {"pregnant_weeks": 13}, {}, ("ham-prone-curl-iso",), {"ham-prone-curl-iso": "warn"}),
    ("R25", 1, {"knee": True}, {}, ("qf-quadruped-bent-knee-press", "ham-nordic", "sup-side-plank"),
     {"qf-quadruped-bent-knee-press": "warn", "ham-nordic": "warn"}),
    ("R25", 1, {"wrist": True}, {}, ("qf-quadruped-bent-knee-press", "ham-nordic", "sup-side-plank"),
     {"qf-quadruped-bent-knee-press": "warn"}),
    ("R25", 1, {"shoulder": True}, {}, ("qf-quadruped-bent-knee-press", "ham-nordic", "sup-side-plank"),
     {"qf-quadruped-bent-knee-press": "warn", "sup-side-plank": "warn"}),
    ("R26", 1, {"injection": {"kind": "steroid", "on": ago(14)}}, {}, ("sup-step-up", "qf-clam-band", "qf-clam"),
     {"sup-step-up": "release", "qf-clam-band": "release"}),
    ("R26", 1, {"injection": {"kind": "botulinum", "on": ago(0)}}, {}, ("ham-standing-curl",),
     {"ham-standing-curl": "release"}),
    ("R27", 1, {}, {"worst_pain_today": 6}, ("sup-breath-brace", "qf-clam", "ham-rdl"),
     {"qf-clam": "warn", "ham-rdl": "warn"}),
    ("R28", 1, {}, {"birth_date": dt.date(2008, 11, 25)}, EVERYTHING, dict.fromkeys(EVERYTHING, "block")),
]  # fmt: skip


@pytest.mark.parametrize("row", FIRES, ids=lambda row: f"{row[0]}-{'-'.join([*row[2], *row[3]])}-phase{row[1]}")
def test_rule_fires_on_what_it_names(row: Row) -> None:
    rule, n, findings, circumstances, slugs, expected = row
    assert actions(judge(program(*slugs, n=n), findings, **circumstances), rule) == expected


def test_every_rule_names_demands_of_the_vocabulary() -> None:
    known = {term.slug for term in library_files.read().demands} | {"*"}
    for rule in rules():
        assert {demand for case in rule.cases for demand in case.demands} | set(rule.recommends) <= known


def test_every_rule_has_a_firing_test() -> None:
    assert {row[0] for row in FIRES} == {rule.id for rule in rules()} == {f"R{n:02}" for n in range(1, 29)}


@pytest.mark.parametrize(
    ("rule", "n", "findings", "circumstances"),
    [
        ("R01", 3, {}, IFI),
        ("R01", 1, {}, {"condition": "piriformis"}),
        ("R02", 2, {}, IFI),
        ("R03", 1, {"painful_gait": True}, {"condition": "piriformis"}),
        ("R03", 1, {"painful_gait": False, "long_stride": False}, IFI),
        ("R05", 1, {"radiating": False}, {}),
        ("R07", 1, {"pht_stage": 3}, {}),
        ("R07", 1, {}, {"condition": "proximal_hamstring"}),  # the stage is not known
        ("R08", 1, {"pht_stage": 4}, {}),
        ("R10", 1, {"surgery": {"on": ago(42), "weight_bearing_cleared": True}}, {}),
        ("R10", 1, {"surgery": {"on": ago(-1)}}, {}),
        ("R11", 1, {"surgery": {"on": ago(84)}}, {}),
        ("R11", 1, {"surgery": {"on": ago(41)}}, {}),
        ("R12", 1, {"hip_replacement": {"approach": "posterior", "precautions": False}}, {}),
        ("R12", 1, {"hip_replacement": {"approach": "posterior"}}, {}),
        ("R13", 1, {"hip_replacement": {"approach": "posterior", "precautions": True}}, {}),
        ("R17", 1, {"lbp": ["arching"]}, {}),
        ("R18", 1, {"lbp": []}, {}),
        ("R19", 1, {"sitting_pain": 3, "sitting_tolerance_min": 15}, {}),
        ("R21", 1, {"heart_event": ago(43), "eye_surgery": ago(-1)}, {}),
        ("R22", 1, {"fragility_fracture": ago(43)}, {}),
        ("R24", 1, {"pregnant_weeks": 12.9}, {}),
        ("R25", 1, {"knee": False}, {}),
        ("R26", 1, {"injection": {"kind": "steroid", "on": ago(15)}}, {}),
        ("R26", 1, {"injection": {"kind": "local anaesthetic", "on": ago(1)}}, {}),
        ("R26", 1, {"injection": {"on": ago(1)}}, {}),
        ("R27", 1, {}, {"worst_pain_today": 5}),
        ("R28", 1, {}, {"birth_date": dt.date(2008, 11, 24)}),
    ],
)
def test_rule_does_not_fire_one_step_beside(
    rule: str, n: int, findings: dict[str, Any], circumstances: dict[str, Any]
) -> None:
    assert actions(judge(program(*ALL, n=n), findings, **circumstances), rule) == {}


# Properties

IS_KNOWN = st.dictionaries(st.sampled_from(sorted(WHOLE)), st.none()).map(
    lambda chosen: {name: WHOLE[name] for name in chosen}
)
BOOLEANS = sorted(name for name, value in WHOLE.items() if isinstance(value, bool))
FINDINGS = st.builds(
    lambda whole, flags: whole | flags,
    IS_KNOWN,
    st.dictionaries(st.sampled_from(BOOLEANS), st.booleans()),
)
CIRCUMSTANCES = st.fixed_dictionaries(
    {},
    optional={
        "condition": st.sampled_from(["ifi_suspected", "ifi_confirmed", "piriformis", "lt_resection"]),
        "birth_date": st.dates(dt.date(1950, 1, 1), dt.date(2015, 1, 1)),
        "worst_pain_today": st.integers(0, 10),
    },
)
SLUGS = st.lists(st.sampled_from(sorted(ALL)), min_size=1, max_size=6, unique=True)


def test_unknown_never_fires() -> None:
    for n in range(1, 6):
        assert judge(program(*ALL, n=n)) == []


@given(FINDINGS, CIRCUMSTANCES, st.integers(1, 4), st.data())
def test_unknown_learning_less_never_makes_a_rule_fire(
    findings: dict[str, Any], circumstances: dict[str, Any], n: int, data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(findings)))) if findings else set()
    fewer = {name: value for name, value in findings.items() if name in kept}
    assert fired(fewer, circumstances, n) <= fired(findings, circumstances, n)


def fired(findings: dict[str, Any], circumstances: dict[str, Any], n: int) -> set[str]:
    facts = facts_of(findings, circumstances, n)
    return {rule.id for rule in rules() if rule.fires(facts)}


def facts_of(findings: dict[str, Any], circumstances: dict[str, Any], n: int) -> Facts:
    about = Circumstances(today=TODAY, **circumstances)
    return precautions._facts(phase(n=n), 0, Findings.parse(findings), about)


@given(FINDINGS, CIRCUMSTANCES, SLUGS, st.integers(1, 4))
def test_strongest_action_per_demand_wins(
    findings: dict[str, Any], circumstances: dict[str, Any], slugs: list[str], n: int
) -> None:
    """Told again from the rules: who is weaker on every demand is not listed, who is the strongest always is."""
    conflicts = judge(program(*slugs, n=n), findings, **circumstances)
    for slug in slugs:
        said = {c.rule: c.action for c in conflicts if c.prescription == f"id-{slug}"}
        claims = _claims(ALL[slug], findings, circumstances, n)
        strongest = max(
            (action for pairs in claims.values() for _, action in pairs), key=lambda a: a.rank, default=None
        )
        assert max(said.values(), key=lambda a: a.rank, default=None) == strongest
        everything = any(demand == "*" for pairs in claims.values() for demand, _ in pairs)
        for rule, pairs in claims.items():
            wins = [
                action
                for demand, action in pairs
                if all(other.rank <= action.rank for row in claims.values() for d, other in row if d == demand)
                and (action is Action.BLOCK or not everything)
            ]
            assert said.get(rule) == max(wins, key=lambda a: a.rank, default=None)


def _claims(
    exercise: Exercise, findings: dict[str, Any], circumstances: dict[str, Any], n: int
) -> dict[str, list[tuple[str, Action]]]:
    """What each rule would ask for on this exercise if it were the only rule."""
    facts = facts_of(findings, circumstances, n)
    claims: dict[str, list[tuple[str, Action]]] = {}
    for rule in rules():
        for case in rule.cases:
            if case.when(facts):
                asked = [(d, a) for d, a in case.demands.items() if d == "*" or d in exercise.demands]
                asked += [(f"level of {rule.id}", a) for a, level in case.levels.items() if exercise.level >= level]
                if asked:
                    claims.setdefault(rule.id, []).extend(asked)
    return claims


@given(FINDINGS, CIRCUMSTANCES, SLUGS, st.integers(1, 4))
def test_alternatives_never_conflict_and_are_alike(
    findings: dict[str, Any], circumstances: dict[str, Any], slugs: list[str], n: int
) -> None:
    for conflict in judge(program(*slugs, n=n), findings, **circumstances):
        assert len(conflict.alternatives) <= 5
        for alternative in conflict.alternatives:
            assert conflict.prescription is not None
            instead_of = ALL[conflict.prescription.removeprefix("id-")]
            assert alternative.slug not in slugs
            assert ALL[alternative.slug].kind == instead_of.kind
            assert ALL[alternative.slug].muscles & instead_of.muscles
            about_it = judge(program(alternative.slug, n=n), findings, **circumstances)
            assert [c for c in about_it if c.prescription is not None] == []


@given(FINDINGS, CIRCUMSTANCES, SLUGS)
def test_every_conflict_says_something_and_names_its_source(
    findings: dict[str, Any], circumstances: dict[str, Any], slugs: list[str]
) -> None:
    for conflict in judge(program(*slugs), findings, **circumstances):
        assert conflict.sentence
        assert conflict.source
        assert conflict.certainty in ("high", "moderate", "low", "opinion")


# Rulings


def test_surgery_rules_are_judged_at_each_phases_planned_start() -> None:
    post_op = {
        "phases": [phase("sup-hip-flexion-iso", n=n, from_day=d) for n, d in ((1, 0), (2, 14), (3, 42), (4, 84))]
    }
    conflicts = judge(post_op, {"surgery": {"on": ago(0)}}, starts_on=TODAY)
    assert [(c.phase, c.rule, c.action.value) for c in conflicts] == [
        (1, "R10", "block"), (2, "R10", "block"), (3, "R11", "release"),
    ]  # fmt: skip


def test_surgery_rules_of_a_plan_that_begins_later_or_with_a_later_phase() -> None:
    post_op = {
        "phases": [phase("sup-hip-flexion-iso", n=n, from_day=d) for n, d in ((1, 0), (2, 14), (3, 42), (4, 84))]
    }
    later = judge(post_op, {"surgery": {"on": ago(30)}}, starts_on=TODAY + 12 * DAY)
    assert [(c.phase, c.rule) for c in later] == [(1, "R11"), (2, "R11")]
    third = judge(post_op, {"surgery": {"on": ago(50)}}, starts_on=TODAY, start_phase=3)
    assert [(c.phase, c.rule) for c in third] == [(1, "R11"), (2, "R11"), (3, "R11")]


def test_running_phase_is_judged_alone_and_as_of_today() -> None:
    post_op = {"phases": [phase("sup-hip-flexion-iso", n=n, from_day=d) for n, d in ((1, 0), (2, 14), (3, 42))]}
    running = judge(post_op, {"surgery": {"on": ago(20)}}, starts_on=TODAY - 20 * DAY, running_phase=3)
    assert [(c.phase, c.rule) for c in running] == [(3, "R10")]


def test_all_other_rules_are_as_of_today_in_every_phase() -> None:
    injected = {"injection": {"kind": "steroid", "on": ago(10)}}
    what = {"phases": [phase("sup-step-up", n=1), phase("sup-step-up", n=2, from_day=70)]}
    assert [(c.phase, c.rule) for c in judge(what, injected, starts_on=TODAY)] == [(1, "R26"), (2, "R26")]


def test_cap_of_r01_does_not_speak_of_walking() -> None:
    walk = replace(ALL[WALK], demands=frozenset({"hip_extension_end_range"}))
    (conflict,) = check(program(WALK), Findings(), Circumstances(today=TODAY, condition="ifi_suspected"), {WALK: walk})
    assert (conflict.rule, conflict.cap) == ("R01", None)
    (other,) = judge(program(HIP_FLEXOR), condition="ifi_suspected")
    assert other.cap is not None
    assert other.cap.startswith("Thigh never behind trunk line")


def test_cap_of_r10_gives_the_surgeons_limit() -> None:
    (conflict,) = judge(program("sup-bridge"), {"surgery": {"on": ago(3), "hip_flexion_max": 70}})
    assert conflict.cap == "Weight-bearing and hip-bend limit exactly as typed by the surgeon: hip bend at most 70°"


def test_text_never_recommends_what_another_rule_blocks() -> None:
    pinch = {"faber_pinch": True}
    (alone,) = judge(program(FIGURE_4), pinch)
    assert alone.sentence == "Use the knee-to-opposite-shoulder stretch instead."
    both = judge(program(FIGURE_4), pinch | {"hip_replacement": {"approach": "posterior", "precautions": True}})
    sentences = {c.rule: c.sentence for c in both}
    assert sentences["R15"] == "Applies here: sit-bone or back-of-hip pinch in figure-4 / FABER."
    assert precautions.cautions([c for c in both if c.rule == "R15"]) == []


def test_text_of_r15_recommends_what_the_exercise_it_names_asks_for() -> None:
    (rule,) = [rule for rule in rules() if rule.id == "R15"]
    assert set(rule.recommends) == ALL[OPPOSITE_SHOULDER].demands


def test_text_about_walking_is_not_said_where_leg_load_is_blocked() -> None:
    limp = {"painful_gait": True, "surgery": {"weight_bearing_cleared": False}}
    (stride,) = [c for c in judge(program("qf-clam"), limp, condition="ifi_confirmed") if c.rule == "R03"]
    assert (stride.text, stride.sentence) == (None, "Shorter stride, feet under hips, toes ahead")


def test_text_of_how_to_exercise_is_not_said_where_everything_is_blocked() -> None:
    conflicts = judge(program("ham-rdl", WALK), {"new_weakness": True, "pht_stage": 1, "snapping": True})
    assert {c.rule for c in conflicts} == {"R06", "R07"}
    assert [row["rule"] for row in precautions.cautions(conflicts)] == ["R06"]


def test_needs_release_is_a_release_unless_a_rule_already_asks_for_more() -> None:
    gated = program("sup-hip-flexion-iso")
    gated["phases"][0]["prescriptions"][0]["needs_release"] = True
    (conflict,) = judge(gated)
    assert (conflict.rule, conflict.action, conflict.key) == (
        precautions.NEEDS_RELEASE, Action.RELEASE, "key-sup-hip-flexion-iso",
    )  # fmt: skip
    assert {c.rule for c in judge(gated, {"surgery": {"on": ago(50)}})} == {"R11"}
    assert precautions.cautions([conflict]) == []


def test_unanswered_are_blocks_and_releases_without_a_reason() -> None:
    conflicts = judge(program(FIGURE_4, "ham-nordic", OPPOSITE_SHOULDER), {"faber_pinch": True, "pht_stage": 3})
    assert {(c.rule, c.key) for c in precautions.unanswered(conflicts, set())} == {
        ("R15", f"key-{FIGURE_4}"), ("R08", "key-ham-nordic"),
    }  # fmt: skip
    left = precautions.unanswered(conflicts, {("R15", f"key-{FIGURE_4}"), ("R08", f"key-{FIGURE_4}")})
    assert [(c.rule, c.key) for c in left] == [("R08", "key-ham-nordic")]


def test_excused_are_unanswered_items_and_on_a_day_of_strong_pain_all_above_level_1() -> None:
    blocked = judge(program(FIGURE_4, "qf-clam"), {"faber_pinch": True})
    assert precautions.excused(blocked, set()) == {f"key-{FIGURE_4}"}
    assert precautions.excused(blocked, {("R15", f"key-{FIGURE_4}")}) == set()
    painful = judge(program("sup-breath-brace", "qf-clam"), worst_pain_today=7)
    assert precautions.excused(painful, set()) == {"key-qf-clam"}


def test_gentle_day_holds_beside_an_answered_release_for_the_same_level() -> None:
    both = judge(program("qf-clam-band"), {"injection": {"kind": "steroid", "on": ago(2)}}, worst_pain_today=8)
    assert {(c.rule, c.action.value) for c in both} == {("R26", "release"), ("R27", "warn")}
    assert precautions.excused(both, {("R26", "key-qf-clam-band")}) == {"key-qf-clam-band"}


@pytest.mark.parametrize(
    ("slug", "circumstances", "findings"),
    [
        ("ifi-conservative-12wk", {"condition": "ifi_confirmed"}, {}),
        ("piriformis-syndrome-12wk", {"condition": "piriformis"}, {}),
        ("proximal-hamstring-tendinopathy-24wk", {"condition": "proximal_hamstring"}, {}),
        ("post-lt-resection-24wk", {"condition": "lt_resection"}, {"surgery": {"on": ago(0)}}),
    ],
)
def test_templates_break_no_rule_of_their_own_condition(
    slug: str, circumstances: dict[str, Any], findings: dict[str, Any]
) -> None:
    template = next(t for t in template_files.read(library_files.read()) if t.slug == slug)
    document = {
        "phases": [
            {
                "n": p.n,
                "from_day": p.from_day,
                "prescriptions": [
                    {"id": i.exercise, "key": i.exercise, "exercise": i.exercise, "needs_release": i.needs_release}
                    for i in p.prescriptions
                ],
            }
            for p in template.phases
        ]
    }
    gated = {(p.n, i.exercise) for p in template.phases for i in p.prescriptions if i.needs_release}
    conflicts = judge(document, findings, **circumstances)
    assert {(c.phase, c.key) for c in conflicts if c.action is not Action.WARN} == gated


def test_conflict_json_is_the_contracts_shape() -> None:
    (conflict,) = judge(program(FIGURE_4), {"faber_pinch": True})
    body = conflict.as_json()
    assert {name: body[name] for name in ("rule", "action", "prescription", "key", "sentence", "cap", "certainty")} == {
        "rule": "R15",
        "action": "block",
        "prescription": f"id-{FIGURE_4}",
        "key": f"key-{FIGURE_4}",
        "sentence": "Use the knee-to-opposite-shoulder stretch instead.",
        "cap": None,
        "certainty": "low",
    }
    assert body["finding"] == "sit-bone or back-of-hip pinch in figure-4 / FABER"
    assert body["demands"] == ["combined_flex_abd_er"]
    assert body["source"].endswith("[V]")
    assert body["alternatives"][0].keys() == {"id", "slug", "name"}
