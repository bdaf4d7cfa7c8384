"""NPRS, PSFS and GROC: scores, missing items, change that matters, and when they are asked.

Published rules that the cases below are taken from (no published sheet with filled-in numbers was found, so the numbers
are our own and the rule is theirs):

- PSFS, the form of Stratford et al. 1995 (Physiotherapy Canada 47:258-263), as reprinted with permission at
  precisionphysio.com.au/the-patient-specific-functional-scale: "Total score = sum of the activity scores/number of
  activities"; minimum detectable change (90 % CI) 2 points for the average, 3 points for a single activity; up to five
  lines on the form; at follow-up the activities named at first are read out and scored again.
- NPRS, Salaffi et al. 2004 (doi 10.1016/j.ejpain.2003.09.004, PMID 15207508, n = 825), abstract: one point or 15.0 % is
  "slightly better", -2.0 points or -33.0 % "much better"; Farrar et al. 2001 (Pain 94:149-158): 2 points or 30 %.
  CLINICAL.md D.1 takes -2/-30 % and -1/-15 %.
- GROC: Kamper et al. 2009 (PMID 20046623), 11 points from -5 to +5; CLINICAL.md D.5 takes 2 (2.5 of 11 in Bobos et al.
  2020, doi 10.1016/j.jor.2020.01.047).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from patients import outcomes
from patients.models import Entry
from patients.outcomes import Answer, Change, Course, Incomplete, Meaning, Score, judge, schedule, score
from tests.conftest import Cast
from tests.patients.phones import TestPhone, local, make_plan, new_id, void

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

Api = Callable[..., APIClient]


def psfs(**scores: int | None) -> dict[str, Any]:
    return {"activities": [{"text": text, "score": points} for text, points in scores.items()]}


def answer(instrument: str, answers: dict[str, Any], timepoint: str = "baseline", date: dt.date = TODAY) -> Answer:
    return Answer(uuid.uuid4(), date, instrument, timepoint, answers)


def change(instrument: str, before: dict[str, Any], now: dict[str, Any]) -> Change:
    return judge(answer(instrument, now, "w4"), [answer(instrument, before, date=TODAY - 28 * DAY)]).change


# ---- scores ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"sit": 4, "walk": 5, "drive": 3}, 4.0),  # sum ÷ number
        ({"sit": 2, "walk": 3, "drive": 5}, 3.3),
        ({"a": 0, "b": 10, "c": 5, "d": 5, "e": 1}, 4.2),
        ({"sit": 4, "walk": 6, "drive": None}, 5.0),  # the number of activities that have a score
        ({"sit": 0}, 0.0),  # "up to three": fewer are an answer too
    ],
)
def test_psfs_is_the_sum_by_the_number_of_activities(scores: dict[str, int | None], expected: float) -> None:
    assert score("psfs", psfs(**scores)) == Score(expected)


@pytest.mark.parametrize(
    ("instrument", "answers", "why"),
    [
        ("nprs", {"now": 3, "average": None, "worst": 7}, Incomplete.AVERAGE_MISSING),
        ("nprs", {"now": 3, "worst": 7}, Incomplete.AVERAGE_MISSING),
        ("nprs", {}, Incomplete.AVERAGE_MISSING),
        ("nprs", {"average": 11}, Incomplete.NOT_READABLE),
        ("nprs", {"average": 4.5}, Incomplete.NOT_READABLE),
        ("nprs", {"average": True}, Incomplete.NOT_READABLE),
        ("nprs", {"average": float("nan")}, Incomplete.NOT_READABLE),
        ("nprs", {"average": float("inf")}, Incomplete.NOT_READABLE),
        ("nprs", {"average": 4, "worst": "bad"}, Incomplete.NOT_READABLE),
        ("psfs", {}, Incomplete.TOO_FEW_ACTIVITIES),
        ("psfs", {"activities": []}, Incomplete.TOO_FEW_ACTIVITIES),
        ("psfs", psfs(sit=None, walk=None), Incomplete.TOO_FEW_ACTIVITIES),
        ("psfs", psfs(sit=11), Incomplete.NOT_READABLE),
        ("psfs", {"activities": "sit"}, Incomplete.NOT_READABLE),
        ("psfs", {"activities": [{"score": 4}]}, Incomplete.NOT_READABLE),
        ("psfs", {"activities": [3]}, Incomplete.NOT_READABLE),
        ("psfs", psfs(a=1, b=2, c=3, d=4, e=5, f=6), Incomplete.NOT_READABLE),
        ("psfs", {"activities": [{"text": "Sit", "score": 1}, {"text": "sit ", "score": 9}]}, Incomplete.NOT_READABLE),
        ("groc", {"change": None}, Incomplete.CHANGE_MISSING),
        ("groc", {"change": 6}, Incomplete.NOT_READABLE),
    ],
)
def test_what_cannot_be_scored_says_why(instrument: str, answers: dict[str, Any], why: Incomplete) -> None:
    assert score(instrument, answers) == Score(None, why)
    assert judge(answer(instrument, answers, "w4"), []).change == Change()


def test_nprs_is_the_average_of_the_week_and_needs_neither_of_the_others() -> None:
    assert score("nprs", {"now": 2, "average": 5, "worst": 8}) == Score(5.0)
    assert score("nprs", {"now": None, "average": 5.0}) == Score(5.0)


values = st.none() | st.booleans() | st.integers(-6, 11) | st.floats(width=16) | st.sampled_from(["", "sit", "walk"])
named = st.fixed_dictionaries({}, optional={"text": values, "score": values})
anything = values | st.lists(named | values, max_size=6)


@given(
    instrument=st.sampled_from(outcomes.INSTRUMENTS),
    answers=st.dictionaries(st.sampled_from(["now", "average", "worst", "activities", "change"]), anything),
    baseline=st.dictionaries(st.sampled_from(["average", "activities", "change"]), anything),
)
def test_whatever_a_phone_sends_gets_a_score_or_a_reason(
    instrument: str, answers: dict[str, Any], baseline: dict[str, Any]
) -> None:
    scored = score(instrument, answers)
    assert (scored.value is None) is (scored.incomplete is not None)
    assert judge(answer(instrument, answers, "w4"), [answer(instrument, baseline)]).score == scored
    outcomes.activity_names(answers)


# ---- change that matters --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "now", "meaning"),
    [
        (8, 6, Meaning.MUCH_BETTER),  # two points
        (10, 8, Meaning.MUCH_BETTER),
        (3, 2, Meaning.MUCH_BETTER),  # one point, but 33 %
        (1, 0, Meaning.MUCH_BETTER),
        (4, 3, Meaning.SLIGHTLY_BETTER),  # 25 %
        (7, 6, Meaning.SLIGHTLY_BETTER),  # one point, 14 %
        (10, 9, Meaning.SLIGHTLY_BETTER),
        (0, 0, Meaning.SAME),
        (5, 5, Meaning.SAME),
        (5, 6, Meaning.SAME),
        (1, 2, Meaning.SAME),  # 100 % more of nearly nothing
        (5, 7, Meaning.WORSE),
        (0, 2, Meaning.WORSE),
    ],
)
def test_nprs_change(before: int, now: int, meaning: Meaning) -> None:
    assert change("nprs", {"average": before}, {"average": now}) == Change(now - before, meaning)


@given(before=st.integers(0, 10), now=st.integers(0, 10))
def test_less_pain_never_means_worse(before: int, now: int) -> None:
    order = [Meaning.MUCH_BETTER, Meaning.SLIGHTLY_BETTER, Meaning.SAME, Meaning.WORSE]
    ranks = [
        order.index(meaning)
        for after in range(now, 11)
        if (meaning := change("nprs", {"average": before}, {"average": after}).meaning) is not None
    ]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("now", "points", "meaning"),
    [
        ({"sit": 6, "walk": 7, "drive": 5}, 2.0, Meaning.MUCH_BETTER),
        ({"sit": 6, "walk": 7, "drive": 4}, 1.7, Meaning.SAME),
        ({"sit": 2, "walk": 3, "drive": 1}, -2.0, Meaning.WORSE),
        ({"sit": 10, "walk": 5, "drive": 3}, 2.0, Meaning.MUCH_BETTER),  # the average counts, not each
        ({"sit": 6, "walk": 7, "drive": None}, 2.0, Meaning.MUCH_BETTER),  # over what was answered both times
        ({"sit": 6, "drive": 5, "garden": 0}, 2.0, Meaning.MUCH_BETTER),  # a new activity is no change of the old
        ({" SIT": 6, "walk": 7, "drive": 5}, 2.0, Meaning.MUCH_BETTER),  # however it was typed
        ({"sit": 6}, 2.0, Meaning.SAME),  # a single activity needs three points
        ({"sit": 7}, 3.0, Meaning.MUCH_BETTER),
        ({"garden": 9}, None, None),
    ],
)
def test_psfs_change_is_over_the_activities_of_the_baseline(
    now: dict[str, int | None], points: float | None, meaning: Meaning | None
) -> None:
    assert change("psfs", psfs(sit=4, walk=5, drive=3), psfs(**now)) == Change(points, meaning)


@pytest.mark.parametrize(
    ("points", "meaning"),
    [(5, "much_better"), (2, "much_better"), (1, "same"), (0, "same"), (-1, "same"), (-2, "worse"), (-5, "worse")],
)
def test_groc_is_a_change_already(points: int, meaning: str) -> None:
    assert judge(answer("groc", {"change": points}, "w8"), []).change == Change(points, Meaning(meaning))


def test_change_is_against_the_last_scored_baseline_before_it() -> None:
    first = answer("nprs", {"average": 8}, date=TODAY - 200 * DAY)
    second = answer("nprs", {"average": 5}, date=TODAY - 28 * DAY)
    empty = answer("nprs", {"average": None}, date=TODAY - 27 * DAY)
    later = answer("nprs", {"average": 1}, date=TODAY + DAY)
    now = answer("nprs", {"average": 4}, "w4")
    assert judge(now, [later, first, empty, second]).change.value == -1.0
    assert judge(now, [later, empty]).change == Change()
    assert judge(second, [first, second]).change == Change(), "a baseline has no change"


# ---- when -----------------------------------------------------------------------------------------------------------
START = TODAY


def states(today: dt.date, answers: list[Answer] | None = None, ended_on: dt.date | None = None) -> dict[str, str]:
    asked = schedule(Course(START, ended_on), answers or [], today)
    return {f"{one.timepoint} {one.instrument}": one.state.value for one in asked}


def test_schedule_is_baseline_and_weeks_4_8_12_24_and_groc_has_no_baseline() -> None:
    asked = schedule(Course(START, None), [], START)
    assert [(one.timepoint, one.instrument) for one in asked] == [
        ("baseline", "nprs"),
        ("baseline", "psfs"),
        *((timepoint, one) for timepoint in ("w4", "w8", "w12", "w24") for one in ("nprs", "psfs", "groc")),
    ]
    for one in asked:
        weeks = int(one.timepoint.removeprefix("w")) if one.timepoint != "baseline" else 0
        assert one.first <= START + weeks * 7 * DAY <= one.last
    ordered = {one.timepoint: (one.first, one.last) for one in asked}
    spans = list(ordered.values())
    assert all(before[1] < after[0] for before, after in pairwise(spans)), "windows do not overlap"


def test_each_day_of_a_course_asks_for_one_timepoint_at_most() -> None:
    for n in range(-30, 200):
        due = {name.split()[0] for name, state in states(START + n * DAY).items() if state == "due"}
        assert len(due) <= 1


def test_states_follow_the_calendar() -> None:
    assert states(START - 15 * DAY)["baseline nprs"] == "coming"
    assert states(START - 14 * DAY)["baseline nprs"] == "due"
    assert states(START + 20 * DAY)["baseline psfs"] == "due"
    assert states(START + 21 * DAY)["baseline psfs"] == "missed"
    assert states(START + 21 * DAY)["w4 groc"] == "due"
    assert states(START + 35 * DAY)["w4 groc"] == "missed"
    assert states(START + 35 * DAY)["w24 groc"] == "coming"


def test_what_has_a_score_is_done_and_what_has_none_can_be_given_again() -> None:
    half = answer("nprs", {"now": 3}, date=START)
    assert states(START, [half])["baseline nprs"] == "due"
    assert states(START, [half, answer("nprs", {"average": 3}, date=START)])["baseline nprs"] == "done"
    assert states(START, [answer("nprs", {"average": 3}, date=START)])["baseline psfs"] == "due"
    late = answer("groc", {"change": 2}, "w4", START + 40 * DAY)
    assert states(START + 41 * DAY, [late])["w4 groc"] == "done"
    of_another_treatment = answer("nprs", {"average": 3}, date=START - 15 * DAY)
    assert states(START, [of_another_treatment])["baseline nprs"] == "due"


def test_nothing_new_is_asked_after_the_end() -> None:
    ended = states(START + 60 * DAY, [answer("nprs", {"average": 3}, date=START)], ended_on=START + 30 * DAY)
    assert set(ended) == {"baseline nprs", "baseline psfs", *(f"w4 {one}" for one in outcomes.INSTRUMENTS)}
    assert schedule(None, [], START) == []


@pytest.mark.parametrize(
    ("plans", "starts", "ends"),
    [
        ([(0, None)], 0, None),
        ([(0, 40), (40, None)], 0, None),  # the next phase as another plan: one treatment
        ([(0, 40), (68, None)], 0, None),
        ([(0, 40), (69, None)], 69, None),  # more than four weeks apart
        ([(0, None), (60, 70)], 0, None),
        ([(0, 90), (10, 20)], 0, 90),
        ([(0, 0), (5, None)], 5, None),  # withdrawn before it began
    ],
)
def test_treatment_is_plans_that_follow_each_other(
    plans: list[tuple[int, int | None]], starts: int, ends: int | None
) -> None:
    def date(n: int | None) -> dt.date | None:
        return None if n is None else START + n * DAY

    rows = [(START + first * DAY, date(last)) for first, last in plans]
    assert outcomes.course_of(rows) == Course(START + starts * DAY, date(ends))
    assert outcomes.course_of(reversed(rows)) == outcomes.course_of(rows)


def test_without_a_plan_nothing_is_asked() -> None:
    assert outcomes.course_of([]) is None


# ---- through the API ------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def phone(cast: Cast, api: Api) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def outcome(instrument: str, answers: dict[str, Any], timepoint: str = "baseline", date: dt.date = TODAY) -> Any:
    return {
        "type": "outcome", "id": new_id(), "at": local(date), "instrument": instrument, "timepoint": timepoint,
        "answers": answers,
    }  # fmt: skip


def goal(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "goal", "id": new_id(), "at": local(TODAY - DAY), "text": text, "done_at": None} | fields


def listed(client: APIClient, cast: Cast, path: str = "outcomes") -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/patients/{cast.patient.pk}/{path}")
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


SCORE = ("instrument", "timepoint", "score", "incomplete", "change", "meaning")


def test_clinic_and_phone_see_the_same_scores(api: Api, cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist, starts_on=TODAY - 28 * DAY)
    then = TODAY - 28 * DAY
    phone.send(
        outcome("nprs", {"now": 4, "average": 6, "worst": 8}, date=then),
        outcome("psfs", psfs(sit=4, walk=5, drive=3), date=then),
        outcome("nprs", {"now": 2, "average": 4, "worst": 6}, "w4"),
        outcome("psfs", psfs(sit=6, walk=8, drive=None), "w4"),
        outcome("groc", {"change": None}, "w4"),
    )
    expected = [
        ("groc", "w4", None, "change_missing", None, None),
        ("nprs", "baseline", 6.0, None, None, None),
        ("nprs", "w4", 4.0, None, -2.0, "much_better"),
        ("psfs", "baseline", 4.0, None, None, None),
        ("psfs", "w4", 7.0, None, 2.5, "much_better"),
    ]
    documents = listed(api(cast.assistant), cast)
    assert sorted(tuple(one[name] for name in SCORE) for one in documents) == expected
    groc = next(one for one in documents if one["instrument"] == "groc")
    assert groc["answers"] == {"change": None}, "what cannot be scored is there all the same"
    progress = phone.client.get("/api/v1/me/progress").json()
    assert sorted(tuple(one[name] for name in SCORE) for one in progress["outcomes"]["scores"]) == expected
    assert progress["outcomes"]["due"] == [{"instrument": "groc", "timepoint": "w4"}]
    assert progress["outcomes"]["activities"] == ["sit", "walk", "drive"]


def test_staff_enter_the_same_and_it_is_scored_the_same(api: Api, cast: Cast) -> None:
    client = api(cast.assistant)
    body = {"instrument": "psfs", "timepoint": "baseline", "answers": psfs(sit=2, walk=4)}
    response = client.post(f"/api/v1/patients/{cast.patient.pk}/outcomes", body, format="json")
    assert response.status_code == 201, response.content
    assert (response.json()["score"], response.json()["entered_by"]) == (3.0, "Ash Assistant")
    assert listed(client, cast)[0]["score"] == 3.0


def test_amended_answer_has_the_new_score_and_a_withdrawn_one_none(api: Api, cast: Cast, phone: TestPhone) -> None:
    item = outcome("nprs", {"average": 6})
    phone.send(item)
    phone.send(item | {"answers": {"average": 5}, "edited_at": local(TODAY, 10)})
    assert [one["score"] for one in listed(api(cast.therapist), cast)] == [5.0]
    phone.send(void(item["id"], local(TODAY, 11)))
    assert listed(api(cast.therapist), cast) == []
    assert phone.client.get("/api/v1/me/progress").json()["outcomes"]["scores"] == []


@pytest.mark.parametrize("instrument", ["lefs", "ihot12", "hoos12", "ohs", "visa_h", "promis_pf", "ears", "NPRS", ""])
def test_no_instrument_beyond_the_three_is_taken(api: Api, cast: Cast, phone: TestPhone, instrument: str) -> None:
    """CLINICAL.md D.6: no licensed questionnaire before its letter is on file. The phone's item is held, never lost."""
    assert phone.statuses(outcome(instrument, {"items": [1]})) == ["held"]
    body = {"instrument": instrument, "timepoint": "baseline", "answers": {"items": [1]}}
    client = api(cast.therapist)
    assert client.post(f"/api/v1/patients/{cast.patient.pk}/outcomes", body, format="json").status_code == 400
    assert not Entry.objects.filter(kind="outcome").exists()
    assert set(outcomes.SCORING) == {"nprs", "psfs", "groc"}


def test_schedule_says_what_is_asked_when(api: Api, cast: Cast, phone: TestPhone) -> None:
    path = f"/api/v1/patients/{cast.patient.pk}/outcomes/schedule"
    client = api(cast.assistant)
    assert client.get(path).json() == {"due": []}
    make_plan(cast.patient, cast.therapist, starts_on=TODAY)
    phone.send(outcome("nprs", {"average": 6}))
    due = client.get(path).json()["due"]
    assert due[:3] == [
        {"instrument": "nprs", "timepoint": "baseline", "from": "2026-11-10", "to": "2026-12-14", "state": "done"},
        {"instrument": "psfs", "timepoint": "baseline", "from": "2026-11-10", "to": "2026-12-14", "state": "due"},
        {"instrument": "nprs", "timepoint": "w4", "from": "2026-12-15", "to": "2026-12-28", "state": "coming"},
    ]
    assert len(due) == 14
    assert client.get(path, {"window": 3}).status_code == 400


def test_goals_in_the_patients_own_words_with_what_they_said_before(api: Api, cast: Cast, phone: TestPhone) -> None:
    item, other = goal("Sit through a film"), goal("Cycle to work")
    phone.send(item, other)
    phone.send(item | {"text": "Sit through a long film", "edited_at": local(TODAY - DAY, 20)})
    done_at = local(TODAY, 9)
    phone.send(item | {"text": "Sit through a long film", "done_at": done_at, "edited_at": local(TODAY, 9)})
    by_id = {one["id"]: one for one in listed(api(cast.therapist), cast, "goals")}
    assert by_id[item["id"]]["text"] == "Sit through a long film"
    assert by_id[item["id"]]["done_at"] == done_at
    assert by_id[item["id"]]["earlier"] == [
        {"text": "Sit through a film", "done_at": None},
        {"text": "Sit through a long film", "done_at": None},
    ]
    assert by_id[other["id"]]["earlier"] == []
    goals = phone.client.get("/api/v1/me/progress").json()["goals"]
    assert sorted(goals, key=lambda one: str(one["text"])) == [
        {"id": other["id"], "text": "Cycle to work", "done_at": None},
        {"id": item["id"], "text": "Sit through a long film", "done_at": done_at},
    ]


def test_lists_cost_the_same_however_long(api: Api, cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist, starts_on=TODAY - 28 * DAY)
    clinic = api(cast.therapist)

    def costs() -> list[int]:
        found = []
        for client, path in (
            (clinic, f"/api/v1/patients/{cast.patient.pk}/outcomes"),
            (clinic, f"/api/v1/patients/{cast.patient.pk}/goals"),
            (phone.client, "/api/v1/me/progress"),
        ):
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            found.append(len(captured))
        return found

    phone.send(outcome("nprs", {"average": 6}), goal("one"))
    costs()  # the first look within an hour is written down
    before = costs()
    for n in range(20):
        phone.send(outcome("nprs", {"average": 6}, "w4", TODAY - n * DAY), goal(f"goal {n}"))
    assert costs() == before
    # user · patient · days · plans and check-ins of the facts · outcomes · plans · goals
    assert before[2] <= 9
