"""Flags from the log and the days: raised once, with evidence; resolved ones come back only with something new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from patients import days, plans
from patients.models import Flag, Patient
from patients.review import due
from tests.conftest import Cast
from tests.patients.phones import (
    DAILY,
    TestPhone,
    checkin,
    exercise,
    local,
    make_plan,
    pain,
    prescriptions_of,
    session,
    void,
)
from tests.patients.review.conftest import Home

pytestmark = pytest.mark.django_db
Homes = Callable[..., Home]


def resolve(home: Home, flag: dict[str, Any]) -> None:
    answer = home.staff.post(f"/api/v1/flags/{flag['id']}/resolve", {"note": "Talked about it."}, format="json")
    assert answer.status_code == 200, answer.content


# ---- Pain -----------------------------------------------------------------------------------------------------------
def test_pain_above_the_limit_is_flagged_with_exercise_and_moment(home: Homes) -> None:
    h = home()
    row = prescriptions_of(h.plan)[1]
    red = h.did(1, (2, 6, 2), pain_before=3, pain_after=6)
    h.send()
    [flag] = h.flags("pain_above_rule")
    assert flag["urgency"] == "48h"
    assert {(one["moment"], one["pain"], one["limit"], one["exercise"]) for one in flag["evidence"]} == {
        ("during", 6, 5, row.exercise.name),
        ("after", 6, 5, None),
    }
    assert {one["session"] for one in flag["evidence"]} == {red["id"]}
    assert flag["next_step"]


def test_amber_is_no_flag(home: Homes) -> None:
    h = home()
    h.did(1, (5, 5, 5), pain_before=3, pain_after=5)
    h.send()
    assert h.flags() == []


def test_severe_pain_is_flagged_for_today_and_alerts_the_staff(home: Homes) -> None:
    h = home()
    h.phone.send(pain(local(h.today, 0, 5), 9))
    [flag] = h.flags("pain_above_rule")
    assert (flag["urgency"], flag["evidence"][0]["moment"], flag["evidence"][0]["pain"]) == ("same_day", "stop", 9)
    assert flag["alert"] is not None


def test_what_stops_is_flagged_and_alerts_in_the_write_that_stores_it(home: Homes) -> None:
    """Also when it is withdrawn at once: nobody looked in between, and somebody must know."""
    h = home()
    severe = pain(local(h.today, 0, 5), 9)
    h.phone.send(severe)
    flag = Flag.objects.get(patient=h.patient, kind="pain_above_rule")
    assert (flag.urgency, flag.alerts.count()) == ("same_day", 1)
    h.phone.send(void(severe["id"], local(h.today, 0, 6)))
    assert h.flags("pain_above_rule")[0]["evidence"][0]["withdrawn"] is True
    assert (
        h.staff.post(f"/api/v1/patients/{h.patient.pk}/unlock", {"note": "Called."}, format="json").status_code == 200
    )
    flag.refresh_from_db()
    assert flag.acknowledged_by is not None


def test_severe_pain_without_a_plan_is_flagged_too(cast: Cast, api: Callable[..., APIClient]) -> None:
    phone = TestPhone(api(cast.patient_user), cast.patient)
    phone.send(pain(local(days.local_today(cast.patient), 0, 5), 8))
    rows = api(cast.therapist).get("/api/v1/flags", {"kind": "pain_above_rule"}).json()["results"]
    assert [row["patient"] for row in rows] == [str(cast.patient.pk)]


def test_the_same_evidence_is_told_once_and_resolved_stays_resolved(home: Homes) -> None:
    h = home()
    h.did(2, (6, 1, 1))
    h.send()
    [flag] = h.flags("pain_above_rule")
    assert len(flag["evidence"]) == 1
    h.did(1)
    h.send()
    assert len(h.flags("pain_above_rule")[0]["evidence"]) == 1
    resolve(h, flag)
    h.woke(0)
    h.send()
    assert h.flags("pain_above_rule") == []
    h.did(1, (7, 1, 1), hour=20)
    h.send()
    [again] = h.flags("pain_above_rule")
    assert [one["pain"] for one in again["evidence"]] == [7]


def test_a_withdrawn_answer_stays_evidence_and_says_so(home: Homes) -> None:
    h = home()
    red = h.did(1, (7, 1, 1))
    h.send()
    assert "withdrawn" not in h.flags("pain_above_rule")[0]["evidence"][0]
    h.phone.send(void(red["id"], local(h.today, 0, 30)))
    [flag] = h.flags("pain_above_rule")
    assert flag["evidence"][0]["withdrawn"] is True


def test_accepting_a_step_back_withdraws_no_answer(home: Homes) -> None:
    h = home()
    h.did(1, (7, 1, 1))
    h.send()
    [before] = h.flags("pain_above_rule")
    [step] = h.opinions()
    assert h.staff.post(f"/api/v1/suggestions/{step['id']}/accept", {}, format="json").status_code == 200
    h.woke(0)
    h.send()
    [after] = h.flags("pain_above_rule")
    assert after["evidence"] == before["evidence"]


def test_a_rising_usual_morning_is_a_trend_until_it_is_back(home: Homes) -> None:
    h = home(weeks=5)
    for back in range(24, 13, -1):
        h.woke(back, 1)
    for back in range(13, 0, -1):
        h.woke(back, 4)
    sent = list(h.items)
    h.send()
    [flag] = h.flags("pain_trend")
    assert [(one["from"], one["to"]) for one in flag["evidence"]] == [(1, 4)]
    # The last week's mornings corrected to what they were two weeks before.
    for item in sent[-7:]:
        h.items.append({**item, "answers": {"q_morning": 1}, "edited_at": local(h.today, 0, 1)})
    h.send()
    assert h.flags("pain_trend") == []


# ---- Leg symptoms ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        ({"q_radiate": 3, "q_leg_30min": "yes"}, "same_day"),
        ({"q_radiate": 3, "q_leg_30min": None}, "same_day"),  # unanswered: red, and told
        ({"q_radiate": 3, "q_leg_30min": "no"}, "48h"),
        ({"q_radiate": 1, "q_numb_new": "yes"}, "same_day"),
        ({"q_radiate": 1, "q_weak": "yes"}, "same_day"),
        ({"q_radiate": 1, "q_weak": "not_sure"}, "48h"),
        ({"q_radiate": 1, "q_tingle": 2}, None),
        ({"q_radiate": 0}, None),
    ],
)
def test_leg_symptoms_further_down(home: Homes, answers: dict[str, Any], urgency: str | None) -> None:
    h = home()
    h.woke(1, q_radiate=1, q_tingle=0, q_weak="no", q_numb_new="no")
    h.woke(0, hour=0, **answers)
    h.send()
    assert [flag["urgency"] for flag in h.flags("leg_symptoms")] == ([] if urgency is None else [urgency])


# ---- Sessions -------------------------------------------------------------------------------------------------------
def test_no_stop_without_somebody_who_is_told(home: Homes) -> None:
    """The first check-in ever has nothing to be compared with; its answer locks the exercises all the same."""
    h = home()
    h.woke(0, hour=0, q_radiate=4, q_leg_30min="yes")
    h.send()
    assert [lock["kind"] for lock in h.phone.plans()["locks"]] == ["stop"]
    [flag] = h.flags("leg_symptoms")
    assert (flag["urgency"], flag["evidence"][0]["lasted"]) == ("same_day", "yes")


def test_a_week_without_a_session_is_silence_without_anyone_logging(home: Homes, cast: Cast) -> None:
    h = home()
    for back in range(14, 7, -1):
        h.did(back)
    h.send()
    # The last session was eight days ago: since then seven dates have gone by.
    [flag] = h.flags("silent")
    evidence = flag["evidence"][0]
    assert (evidence["since"], evidence["days"]) == (h.date(8).isoformat(), 7)
    assert evidence["adherence_before"] == 1.0


def test_six_quiet_days_are_no_silence(home: Homes) -> None:
    h = home()
    for back in range(14, 6, -1):
        h.did(back)
    h.send()
    assert h.flags("silent") == []


def test_a_session_ends_the_silence(home: Homes) -> None:
    h = home()
    h.did(10)
    h.send()
    assert h.flags("silent")
    h.did(1)
    h.send()
    assert h.flags("silent") == []
    assert Flag.objects.get(patient=h.patient, kind="silent").resolved_by is None


def test_a_pause_is_no_silence(home: Homes, cast: Cast) -> None:
    h = home()
    plans.pause(h.plan, by=cast.therapist, from_date=h.date(13), to_date=None, reason="Holiday")
    assert h.flags("silent") == []


def test_the_night_makes_a_silent_patient_due_for_review(home: Homes) -> None:
    """Nobody logs, nobody looks: the layout of the next day is what makes the rules look again."""
    h = home()
    due.run()
    assert not Patient.objects.filter(pk=h.patient.pk, review_due_at__isnull=False).exists()
    noon = dt.datetime.combine(h.today + dt.timedelta(days=1), dt.time(12), dt.UTC)
    assert days.lay_out_due(noon) >= 1
    assert Patient.objects.filter(pk=h.patient.pk, review_due_at__isnull=False).exists()


def test_skips_that_a_therapist_can_answer_pile_up(home: Homes) -> None:
    h = home()
    rows = prescriptions_of(h.plan)
    for back, reason in ((5, "pain"), (4, "pain"), (3, "unsure"), (2, "time")):
        h.items.append(
            session(
                h.plan,
                local(h.date(back), 18),
                [exercise(rows[0], sets_done=0, reps=[], pain=None, skipped=reason), exercise(rows[1])],
            )
        )
    h.send()
    [flag] = h.flags("skips")
    [evidence] = flag["evidence"]
    assert (evidence["exercise"], evidence["reasons"]) == (rows[0].exercise.name, {"pain": 2, "unsure": 1})


def test_lack_of_time_is_no_question_about_an_exercise(home: Homes) -> None:
    h = home()
    rows = prescriptions_of(h.plan)
    for back in (5, 4, 3, 2):
        h.items.append(
            session(h.plan, local(h.date(back), 18), [exercise(rows[0], sets_done=0, reps=[], skipped="time")])
        )
    h.send()
    assert h.flags("skips") == []


def test_far_more_than_was_asked_is_overdoing(home: Homes) -> None:
    h = home()
    for back in range(7, 0, -1):
        h.did(back)
        h.did(back, hour=20)
    h.send()
    [flag] = h.flags("overdoing")
    assert flag["evidence"][0]["ratio"] == 2.0


# ---- Benefit --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("weeks", "week"), [(6, 6), (11, 6), (12, 12)])
def test_no_benefit_by_week_six_and_twelve(home: Homes, weeks: int, week: int) -> None:
    h = home(weeks)
    for back in range(7 * weeks, 7 * weeks - 5, -1):
        h.woke(back, 5)
    for back in range(5, 0, -1):
        h.woke(back, 4)
    h.send()
    [flag] = h.flags("no_benefit")
    assert [(one["week"], one["pain_from"], one["pain_to"]) for one in flag["evidence"]] == [(week, 5.0, 4.0)]
    assert ("physician" in flag["next_step"]) is (week == 12)


@pytest.mark.parametrize(("weeks", "now"), [(6, 3), (5, 5)])
def test_benefit_or_too_early_is_no_flag(home: Homes, weeks: int, now: int) -> None:
    h = home(weeks)
    for back in range(7 * weeks, 7 * weeks - 5, -1):
        h.woke(back, 5)
    for back in range(5, 0, -1):
        h.woke(back, now)
    h.send()
    assert h.flags("no_benefit") == []


def test_a_gain_of_function_is_benefit_too(home: Homes) -> None:
    h = home(6)
    for back, score in ((42, 3), (1, 6)):
        h.items.append(
            {
                "type": "outcome",
                "id": pain(local(h.today), 0)["id"],
                "at": local(h.date(back)),
                "instrument": "psfs",
                "timepoint": "baseline" if back == 42 else "w8",
                "answers": {"activities": [{"text": name, "score": score} for name in ("sit", "walk", "drive")]},
            }
        )
    for back in (42, 41, 40, 39, 4, 3, 2, 1):
        h.woke(back, 5)
    h.send()
    assert h.flags("no_benefit") == []


@pytest.mark.parametrize(("now", "flagged"), [(6, True), (5, True), (4, False), (None, False)])
def test_outcomes_speak_where_pain_is_not_logged_every_day(home: Homes, now: int | None, flagged: bool) -> None:
    h = home(6)
    for back, timepoint, average in ((42, "baseline", 6), (15, "w4", now)):
        h.items.append(
            {
                "type": "outcome",
                "id": pain(local(h.today), 0)["id"],
                "at": local(h.date(back)),
                "instrument": "nprs",
                "timepoint": timepoint,
                "answers": {"now": 3, "average": average, "worst": 8},
            }
        )
    h.woke(2, 5)
    h.send()
    found = [(one["week"], one["pain_from"], one["pain_to"]) for f in h.flags("no_benefit") for one in f["evidence"]]
    assert found == ([(6, 6.0, float(now or 0))] if flagged else [])


def test_nobody_asked_is_no_evidence(home: Homes) -> None:
    h = home(6)
    h.did(1, pain_before=None, pain_after=None)
    h.send()
    assert h.flags("no_benefit") == []


# ---- All together ---------------------------------------------------------------------------------------------------
def test_the_rank_is_stored_and_explained_by_its_reasons(home: Homes, cast: Cast) -> None:
    h = home()
    h.did(1, (6, 1, 1))
    h.send()
    due.run()  # as the worker does: the caseload only reads what is stored
    row = next(
        row for row in h.staff.get("/api/v1/caseload").json()["results"] if row["patient"]["id"] == str(h.patient.pk)
    )
    assert row["attention_rank"] > 0
    assert [one["kind"] for one in row["flags"]] == ["pain_above_rule"]


def test_a_review_that_fails_for_one_patient_keeps_no_other_from_theirs(home: Homes, cast: Cast) -> None:
    h = home()
    h.did(1, (6, 1, 1))
    h.send()
    broken = make_plan(cast.other_patient, cast.therapist, [DAILY])
    # A rule that nobody can read: as data from a later version might be.
    broken.revisions.update(pain_rule={})
    Patient.objects.filter(pk=cast.other_patient.pk).update(review_due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    due.run()
    assert h.flags("pain_above_rule")
    # It is tried again, and does not stand before the others until then.
    waits_until = Patient.objects.get(pk=cast.other_patient.pk).review_due_at
    assert waits_until is not None
    assert waits_until > timezone.now()


def test_checkins_without_a_session_raise_no_pain_flag(home: Homes) -> None:
    h = home()
    h.items.append(checkin(local(h.date(1), 7), q_morning=7))
    h.send()
    assert h.flags("pain_above_rule") == []
