"""The pain rule applied to the log: what is suggested, with which evidence, and what accepting does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from patients import days, plans, rebuilding
from patients.models import Flag, Plan, PlanPause
from programs.models import Prescription
from tests.conftest import Cast
from tests.patients.phones import DAILY, checkin, exercise, local, make_plan, prescriptions_of, session, void
from tests.patients.review.conftest import ONE_DAY, Home

pytestmark = pytest.mark.django_db
Homes = Callable[..., Home]


def quiet_week(home: Home, until: int = 1, pain: int = 2) -> None:
    """Ten usual mornings and a session on each date before, none of which hurt."""
    for back in range(until + 9, until - 1, -1):
        home.woke(back, pain)
        home.did(back)


def test_three_good_sessions_suggest_one_step(home: Homes) -> None:
    h = home()
    quiet_week(h)
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["reason"]) == ("progress", "three_good_sessions")
    assert one["change"]["what"] == "reps"
    assert one["change"]["to"] == {**one["change"]["from"], "reps": 12}
    sessions = [row for row in one["evidence"] if row["kind"] == "session"]
    assert [row["colour"] for row in sessions] == ["green"] * 3
    assert [row["date"] for row in sessions] == [h.date(back).isoformat() for back in (3, 2, 1)]
    assert next(row for row in one["evidence"] if row["kind"] == "adherence")["value"] == 1.0


def test_accepting_makes_a_revision_with_the_reason_and_the_changed_dose(home: Homes) -> None:
    h = home()
    quiet_week(h)
    h.send()
    [one] = h.opinions()
    before = {str(p.key): p.dose for p in prescriptions_of(h.plan)}
    answer = h.staff.post(f"/api/v1/suggestions/{one['id']}/accept", {"note": "Going well."}, format="json")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["note"]) == ("accepted", "Going well.")
    revision = h.plan.revisions.latest("n")
    assert (str(revision.pk), revision.n, revision.reason) == (answer.json()["revision"], 2, "Going well.")
    assert revision.effective_from == h.today
    after = {str(p.key): p.dose for p in prescriptions_of(h.plan)}
    key = one["exercise"]["key"]
    assert after[key] == one["change"]["to"]
    assert {k: v for k, v in after.items() if k != key} == {k: v for k, v in before.items() if k != key}
    assert h.plan.revisions.get(n=1).program_id != revision.program_id


def test_one_step_a_week(home: Homes) -> None:
    h = home()
    quiet_week(h)
    h.send()
    h.staff.post(f"/api/v1/suggestions/{h.opinions()[0]['id']}/accept", {}, format="json")
    assert [one["kind"] for one in h.opinions()] == []
    again = h.staff.post(f"/api/v1/suggestions/{h.opinions(status='accepted')[0]['id']}/accept", {}, format="json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "suggestion_closed")


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ({"pains": (3, 3, 3)}, "not_yet"),  # a second amber
        ({"effort": None}, "not_yet"),
        ({"effort": 9}, "not_yet"),
    ],
)
def test_what_does_not_meet_progress_is_hold(home: Homes, last: dict[str, Any], reason: str) -> None:
    h = home()
    for back in range(10, 3, -1):
        h.woke(back)
        h.did(back)
    h.did(3, (3, 1, 1))
    h.did(2)
    h.did(1, **last)
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["reason"], one["change"]["what"]) == ("hold", reason, "nothing")


def test_a_red_session_of_the_same_week_holds_and_is_among_the_evidence(home: Homes) -> None:
    h = home()
    for back in range(10, 0, -1):
        h.woke(back)
        h.did(back, (7, 1, 1) if back == 5 else (1, 1, 1))
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["reason"]) == ("hold", "not_yet")
    reds = {row["kind"]: row["date"] for row in one["evidence"] if row.get("colour") == "red"}
    assert reds == {"session": h.date(5).isoformat(), "during": h.date(5).isoformat()}


def test_a_red_session_of_another_plan_holds_this_one_too(home: Homes, cast: Cast) -> None:
    """D.2: "no red in 7 days" is said of the person; two plans may run at once."""
    h = home()
    quiet_week(h)
    other = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=h.date(10))
    [painful] = prescriptions_of(other)
    h.items.append(session(other, local(h.date(2), 20), [exercise(painful, pain=6)], pain_before=2, pain_after=2))
    h.send()
    said = {one["plan"]: one for one in h.opinions()}
    assert (said[str(h.plan.pk)]["kind"], said[str(h.plan.pk)]["reason"]) == ("hold", "not_yet")
    red = [row for row in said[str(h.plan.pk)]["evidence"] if row.get("colour") == "red"]
    assert [(row["kind"], row["date"], row["pain"]) for row in red] == [("during", h.date(2).isoformat(), 6)]
    assert (said[str(other.pk)]["kind"], said[str(other.pk)]["reason"]) == ("regress", "red_session")


def test_fewer_than_three_sessions_hold(home: Homes) -> None:
    h = home(weeks=1)
    h.did(2)
    h.did(1)
    h.send()
    assert [(one["kind"], one["reason"]) for one in h.opinions()] == [("hold", "not_enough_sessions")]


def test_nothing_logged_suggests_nothing(home: Homes) -> None:
    h = home(weeks=1)
    assert h.opinions() == []


def test_a_red_exercise_takes_a_set_away_after_a_day_of_rest(home: Homes) -> None:
    h = home()
    quiet_week(h, until=2)
    red = h.did(1, (1, 7, 2))
    h.send()
    [one] = h.opinions()
    key = str(prescriptions_of(h.plan)[1].key)
    assert (one["kind"], one["reason"], one["exercise"]["key"]) == ("regress", "red_session", key)
    assert one["change"]["what"] == "sets"
    assert one["change"]["to"]["sets"] == one["change"]["from"]["sets"] - 1
    assert one["change"]["rest_days"] == 1
    during = [row for row in one["evidence"] if row["kind"] == "during" and row["colour"] == "red"]
    assert [(row["pain"], row["limit"], row["key"], row["id"]) for row in during] == [(7, 5, key, f"{red['id']}:{key}")]

    prescription = one["exercise"]["prescription"]
    h.staff.post(f"/api/v1/suggestions/{one['id']}/accept", {}, format="json")
    assert not PlanPause.objects.exists()
    [plan] = h.phone.plans()["plans"]
    [today] = [day for day in plan["days"] if day["date"] == h.today.isoformat()]
    assert {item["state"] for item in today["items"] if item["prescription"] == prescription} == {"excused"}
    assert {item["state"] for item in today["items"] if item["prescription"] != prescription} == {"due"}
    h.suggestions()  # another review keeps the rest
    assert rebuilding.rebuild(check=True) == []
    assert [row["rule"] for row in Plan.objects.get(pk=h.plan.pk).excused] == ["rest"]
    revision = h.plan.revisions.latest("n")
    assert (revision.effective_from, revision.reason) == (h.date(-1), "Pain rule: a red session.")


def test_a_red_morning_rests_two_days(home: Homes) -> None:
    h = home()
    quiet_week(h, until=2)
    h.did(1, (4, 1, 1))
    h.woke(0, 6)
    h.send()
    [one] = h.opinions()
    # No exercise was red by itself: the one that hurt most is named.
    assert (one["kind"], one["exercise"]["key"]) == ("regress", str(prescriptions_of(h.plan)[0].key))
    assert one["change"]["rest_days"] == 2
    morning = next(row for row in one["evidence"] if row["kind"] == "morning" and row["colour"] == "red")
    assert (morning["pain"], morning["reference"], morning["date"]) == (6, 2, h.today.isoformat())


def test_red_today_does_not_wait_for_the_morning_but_progress_does(home: Homes) -> None:
    h = home()
    quiet_week(h, until=3)
    h.did(0, (7, 1, 1), hour=0)
    h.send()
    assert [one["kind"] for one in h.opinions()] == ["regress"]


def test_a_green_session_of_today_is_not_judged_before_its_morning(home: Homes) -> None:
    h = home(weeks=1)
    h.did(2)
    h.did(1)
    h.did(0, hour=0)
    h.send()
    assert [one["reason"] for one in h.opinions()] == ["not_enough_sessions"]


def test_a_second_red_on_the_same_exercise_takes_the_easier_one(home: Homes) -> None:
    h = home()
    exercise_row = prescriptions_of(h.plan)[0].exercise
    easier = prescriptions_of(h.plan)[2].exercise
    exercise_row.easier = easier
    exercise_row.save()
    quiet_week(h, until=6)
    h.did(5, (6, 1, 1))
    for back in (4, 3, 2):
        h.did(back)
    h.did(1, (7, 1, 1))
    h.send()
    [one] = h.opinions()
    assert one["change"]["what"] == "exercise"
    assert one["change"]["exercise"] == {"id": str(easier.pk), "name": easier.name}
    h.staff.post(f"/api/v1/suggestions/{one['id']}/accept", {}, format="json")
    now = prescriptions_of(h.plan)[0]
    assert now.exercise_id == easier.pk
    # Another exercise is another thread.
    assert str(now.key) != one["exercise"]["key"]


def test_three_ambers_regress(home: Homes) -> None:
    h = home()
    quiet_week(h, until=4)
    for back in (3, 2, 1):
        h.did(back, (1, 4, 1))
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["reason"]) == ("regress", "three_ambers")
    assert one["exercise"]["key"] == str(prescriptions_of(h.plan)[1].key)
    assert one["change"]["rest_days"] == 0


def test_where_nothing_can_be_taken_away_the_plan_rests(home: Homes) -> None:
    h = home()
    for row in prescriptions_of(h.plan):
        Prescription.objects.filter(pk=row.pk).update(dose={**row.dose, "sets": 1, "load_kg": None})
    quiet_week(h, until=4)
    for back in (3, 2, 1):
        h.did(back, (1, 4, 1))
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["change"]["what"], one["change"]["rest_days"]) == ("regress", "rest", 1)
    assert one["exercise"] is None
    h.staff.post(f"/api/v1/suggestions/{one['id']}/accept", {}, format="json")
    pause = PlanPause.objects.get(plan=h.plan)
    assert (pause.from_date, pause.to_date) == (h.today, h.today)


def test_a_usual_morning_two_higher_than_two_weeks_ago_regresses(home: Homes) -> None:
    h = home(weeks=5)
    for back in range(24, 13, -1):
        h.woke(back, 1)
    for back in range(13, 0, -1):
        h.woke(back, 3)
        h.did(back)
    h.send()
    assert [(one["kind"], one["reason"]) for one in h.opinions()] == [("regress", "baseline_up")]


def test_a_dismissed_suggestion_comes_back_only_with_new_facts(home: Homes) -> None:
    h = home()
    quiet_week(h, until=3)
    h.did(2, (7, 1, 1))
    h.send()
    [one] = h.opinions()
    answer = h.staff.post(f"/api/v1/suggestions/{one['id']}/dismiss", {"note": "New shoes."}, format="json")
    assert answer.json()["status"] == "dismissed"
    assert answer.json()["revision"] is None
    assert h.plan.revisions.count() == 1
    h.woke(0)
    h.send()
    assert h.opinions() == []
    h.did(1, (8, 1, 1), hour=9)
    h.send()
    assert [row["kind"] for row in h.opinions()] == ["regress"]


def test_a_corrected_session_takes_its_suggestion_back(home: Homes) -> None:
    h = home()
    quiet_week(h, until=2)
    red = h.did(1, (7, 1, 1))
    h.send()
    assert [one["kind"] for one in h.opinions()] == ["regress"]
    h.phone.send(void(red["id"], local(h.today, 0, 30)))
    assert [one["kind"] for one in h.opinions()] == ["progress"]
    assert [one["kind"] for one in h.opinions(status="superseded")] == ["regress"]


def test_never_by_itself_after_surgery(home: Homes, cast: Cast) -> None:
    h = home()
    quiet_week(h)
    h.send()
    cast.patient.findings = {"surgery": {"on": h.date(100).isoformat()}}
    cast.patient.save()
    h.woke(0)
    h.send()
    assert [(one["kind"], one["reason"]) for one in h.opinions()] == [("hold", "after_surgery")]


def test_never_by_itself_what_needs_a_release_or_is_of_level_5(home: Homes) -> None:
    h = home()
    for row in prescriptions_of(h.plan):
        row.exercise.level = 5
        row.exercise.save()
    quiet_week(h)
    h.send()
    assert [(one["kind"], one["reason"]) for one in h.opinions()] == [("hold", "nothing_to_step")]


def test_a_usual_pain_at_the_limit_needs_a_limit_first(home: Homes) -> None:
    h = home()
    quiet_week(h, pain=5)
    h.send()
    assert [(one["kind"], one["reason"]) for one in h.opinions()] == [("hold", "limit_needed")]
    [flag] = h.flags("pain_above_rule")
    assert [row["moment"] for row in flag["evidence"]] == ["limit"]
    answer = h.staff.post(
        f"/api/v1/plans/{h.plan.pk}/revisions",
        {"pain_rule": {"limit": 7}, "reason": "Long-standing pain."},
        format="json",
    )
    assert answer.status_code == 201, answer.content
    assert "limit_needed" not in [one["reason"] for one in h.opinions()]
    # Nobody's answer was withdrawn, and nothing is left to be done about the limit.
    assert h.flags("pain_above_rule") == []
    stored = Flag.objects.get(kind="pain_above_rule")
    assert (stored.resolved_by, "withdrawn" in stored.evidence[0]) == (None, False)


def test_what_is_red_under_the_new_limit_outlives_the_question_for_one(home: Homes) -> None:
    """The flag that asked for a limit takes up the red ones in the very review that would have closed it."""
    h = home()
    quiet_week(h, until=3, pain=5)
    h.did(2, (1, 7, 1))
    h.send()
    assert {row["moment"] for row in h.flags("pain_above_rule")[0]["evidence"]} == {"limit"}
    h.staff.post(f"/api/v1/plans/{h.plan.pk}/revisions", {"pain_rule": {"limit": 6}}, format="json")
    [flag] = h.flags("pain_above_rule")
    assert ("during", 7) in {(row["moment"], row["pain"]) for row in flag["evidence"]}


def test_a_baseline_at_the_limit_is_refused_without_a_limit(home: Homes) -> None:
    h = home()
    address = f"/api/v1/plans/{h.plan.pk}/revisions"
    refused = h.staff.post(address, {"pain_rule": {"baseline": 5}}, format="json")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["attr"] == "pain_rule.limit"
    assert h.staff.post(address, {"pain_rule": {"baseline": 5, "limit": 6}}, format="json").status_code == 201


def test_a_stop_suggests_nothing(home: Homes) -> None:
    h = home()
    quiet_week(h)
    h.send()
    h.items.append(checkin(local(h.today, 0, 10), q_redflag=["RF4"]))
    h.send()
    assert h.opinions() == []


def test_leg_symptoms_stop_a_suggestion_whenever_the_last_session_was(home: Homes) -> None:
    h = home()
    quiet_week(h, until=3)
    h.send()
    assert [one["kind"] for one in h.opinions()] == ["progress"]
    h.woke(0, q_numb_new="yes", hour=0)
    h.send()
    assert h.opinions() == []


def test_where_no_exercise_was_red_the_hardest_of_those_that_hurt_most_steps_back(home: Homes) -> None:
    h = home()
    hardest = prescriptions_of(h.plan)[1]
    hardest.dose = {**hardest.dose, "effort": 7}
    hardest.save()
    for back in range(6, 0, -1):
        h.did(back, pain_after=6 if back == 1 else 2)
    h.send()
    [one] = h.opinions()
    assert (one["kind"], one["exercise"]["key"]) == ("regress", str(hardest.key))


def test_a_plan_that_has_ended_suggests_nothing(home: Homes, cast: Cast) -> None:
    h = home()
    quiet_week(h)
    h.send()
    assert h.opinions()
    plans.stop(h.plan, by=cast.therapist, reason="Moved away.")
    assert h.opinions() == []


def test_a_paused_plan_suggests_nothing_and_afterwards_what_is_still_true(home: Homes, cast: Cast) -> None:
    h = home(weeks=3)
    h.did(1, (7, 1, 1))
    h.send()
    [regress] = h.opinions()
    plans.pause(h.plan, by=cast.therapist, from_date=h.today, to_date=h.today + ONE_DAY, reason="Away.")
    assert h.suggestions() == []
    late = h.staff.post(f"/api/v1/suggestions/{regress['id']}/accept", {}, format="json")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "suggestion_closed")
    assert len(h.flags("pain_above_rule")) == 1  # what hurt is looked at all the same
    with time_machine.travel(dt.datetime.now(dt.UTC) + 2 * ONE_DAY):
        days.lay_out_due()
        [back] = h.opinions()
    assert (back["kind"], back["reason"], back["exercise"]) == ("regress", "red_session", regress["exercise"])


def test_a_pause_that_has_not_begun_holds_nothing_back(home: Homes, cast: Cast) -> None:
    h = home()
    quiet_week(h)
    h.send()
    plans.pause(h.plan, by=cast.therapist, from_date=h.today + ONE_DAY, to_date=None, reason="Holiday.")
    assert [one["kind"] for one in h.opinions()] == ["progress"]


@pytest.mark.parametrize("who", ["assistant", "outsider", "patient_user"])
def test_only_therapists_of_the_clinic_decide(home: Homes, cast: Cast, api: Callable[..., APIClient], who: str) -> None:
    h = home()
    quiet_week(h)
    h.send()
    [one] = h.opinions()
    answer = api(getattr(cast, who)).post(f"/api/v1/suggestions/{one['id']}/accept", {}, format="json")
    assert answer.status_code == (404 if who == "outsider" else 403)
    assert [row["id"] for row in h.opinions()] == [one["id"]]
