"""GET /me/plans: the document, its size, its cost, and when it is answered 304."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Clinic
from exercises.models import Exercise
from patients import days, plans
from patients.models import Lock, Patient
from programs.copying import copy_program
from programs.models import Program
from tests.conftest import Cast, give_access
from tests.patients.phones import (
    DAILY,
    THREE_A_WEEK,
    TWICE_DAILY,
    TestPhone,
    checkin,
    exercise,
    local,
    make_daily_program,
    make_plan,
    pain,
    prescriptions_of,
    session,
)
from tests.programs.builders import make_exercise

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def states(document: dict[str, Any], date: dt.date, plan: int = 0) -> list[str]:
    days_ = {day["date"]: day for day in document["plans"][plan]["days"]}
    return [item["state"] for item in days_[date.isoformat()]["items"]]


def queries(client: APIClient, **headers: str) -> tuple[Any, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/api/v1/me/plans", headers=headers)
    return response, [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def ifi(cast: Cast) -> Program:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)
    return Program.objects.get(slug="ifi-conservative-12wk")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_impingement_template_fits_into_twelve_kilobytes_and_eight_queries(
    cast: Cast, phone: TestPhone, ifi: Program, language: str
) -> None:
    """Two phases lie in the window: the one in force and, from a revision of next week, the next."""
    cast.patient.language = language
    cast.patient.save(update_fields=["language"])
    plan = plans.prescribe(program=ifi, patient=cast.patient, starts_on=TODAY - 10 * DAY, by=cast.therapist)
    plans.revise(plan, by=cast.therapist, phase=2, effective_from=TODAY + 7 * DAY)
    phone.send(session(plan, local(TODAY, 8)))
    # 1 user · 2 patient with clinic and stamps · 3 revisions with phases · 4 prescriptions with exercises
    # 5 equipment, demands, muscles · 6 days with their log · 7 check-ins · (the session comes from the cache, else 8;
    # with a lock in force, the locks)
    response, sql = queries(phone.client, **{"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert len(sql) <= 7, "\n".join(sql)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) <= 12 * 1024
    document = json.loads(gzip.decompress(response.content))
    assert len(document["plans"][0]["phases"]) == 4
    assert [len(phase["prescriptions"]) for phase in document["plans"][0]["phases"]] == [8, 8, 0, 0]
    assert {one["lang"] for one in (*document["plans"][0]["phases"], *document["exercises"].values())} == {language}


def test_document_holds_what_api_md_names(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, TWICE_DAILY], starts_on=TODAY - 2 * DAY)
    first, second = prescriptions_of(plan)
    Exercise.objects.filter(pk=first.exercise_id).update(
        figure_src="a" * 64, figure_poster="b" * 64, figure_thumb="c" * 64
    )
    document = phone.plans()
    assert document["patient"] == str(cast.patient.pk)
    assert document["until"] == (TODAY + 13 * DAY).isoformat()
    assert document["therapist"] == "Dana Example"
    assert document["side"] == cast.patient.affected_side
    assert document["clinic"] == {
        **{"name": "Example Physiotherapy", "phone": "+34 910 000 000", "hours": "", "emergency": "112"}
    }
    assert document["locks"] == []
    assert len(document["red_flags"]) == 17
    assert set(document["red_flags"][0]) == {"id", "ask", "urgency", "text"}
    [shown] = document["plans"]
    revision = plan.revisions.get()
    assert (shown["id"], shown["revision"], shown["starts_on"]) == (str(plan.pk), str(revision.pk), "2026-11-22")
    assert shown["pain_rule"] == revision.pain_rule
    assert [(phase["n"], phase["current"], len(phase["prescriptions"])) for phase in shown["phases"]] == [
        *[(1, True, 2), (2, False, 0)]
    ]
    assert shown["phases"][0]["prescriptions"][0] == {
        "id": str(first.pk),
        "key": str(first.key),
        "exercise": str(first.exercise_id),
        "dose": first.dose | {"side": "left"},
        "frequency": DAILY,
        "optional_if": None,
        "needs_release": False,
        "easier_allowed": True,
        "note": "",
    }
    assert [day["date"] for day in shown["days"]] == [(TODAY + n * DAY).isoformat() for n in range(-2, 14)]
    assert shown["days"][2]["items"] == [
        {"prescription": str(first.pk), "slot": 1, "state": "due"},
        {"prescription": str(second.pk), "slot": 1, "state": "due"},
        {"prescription": str(second.pk), "slot": 2, "state": "due"},
    ]
    assert document["exercises"][str(first.exercise_id)] == {
        "slug": first.exercise.slug,
        "name": first.exercise.name,
        "kind": "strengthen",
        "steps": ["Lie on your side.", "Lift the knee."],
        "cue": "",
        "mistake": "",
        "caution": "",
        "equipment": [],
        "figure": {
            "src": f"/figures/{'a' * 64}.svg",
            "poster": f"/figures/{'b' * 64}.svg",
            "thumb": f"/figures/{'c' * 64}.svg",
        },
        "lang": "en",
    }
    assert len(document["exercises"]) == 2


@pytest.mark.parametrize(("side", "shown"), [("left", "left"), ("both", "both"), (None, "both")])
def test_affected_side_is_resolved(cast: Cast, phone: TestPhone, side: str | None, shown: str) -> None:
    cast.patient.affected_side = side
    cast.patient.save(update_fields=["affected_side"])
    make_plan(cast.patient, cast.therapist, [DAILY])
    assert phone.plans()["plans"][0]["phases"][0]["prescriptions"][0]["dose"]["side"] == shown


def test_states_follow_the_log(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY] * 4)
    one, two, three, _ = prescriptions_of(plan)
    logged = [exercise(one), exercise(two, sets_done=1), exercise(three, sets_done=0, reps=[], skipped="time")]
    phone.send(session(plan, local(TODAY, 8), logged))
    assert states(phone.plans(), TODAY) == ["done", "partly", "skipped", "due"]


def test_exercises_of_n_a_week_are_offered_until_they_are_met(cast: Cast, phone: TestPhone) -> None:
    start = TODAY - 2 * DAY
    plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=start)
    document = phone.plans()
    assert [states(document, start + n * DAY) for n in range(8)] == [[], [], *[["due"]] * 6]
    for n in range(3):
        phone.send(session(plan, local(start + n * DAY, 8)))
    document = phone.plans()
    assert [states(document, start + n * DAY) for n in range(8)] == [*[["done"]] * 3, *[[]] * 4, ["due"]]


def test_pause_and_lock_show_as_excused(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY])
    plans.pause(plan, by=cast.therapist, from_date=TODAY + DAY, to_date=TODAY + 2 * DAY, reason="holiday")
    document = phone.plans()
    assert [states(document, TODAY + n * DAY) for n in range(4)] == [["due"], ["excused"], ["excused"], ["due"]]
    phone.send(checkin(local(TODAY, 9), q_redflag=["RF4"]))
    document = phone.plans()
    assert [states(document, TODAY + n * DAY) for n in range(14)] == [["excused"]] * 14
    [lock] = document["locks"]
    assert (lock["kind"], lock["until"], lock["id"]) == ("red_flag", None, str(Lock.objects.get().pk))


def test_plan_that_ended_is_not_shown_and_one_that_will_start_is(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY])
    later = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY + 3 * DAY)
    plans.stop(plan, by=cast.therapist, reason="done")
    [shown] = phone.plans()["plans"]
    assert (shown["id"], len(shown["days"])) == (str(later.pk), 11)


def test_new_program_from_next_week_brings_its_prescriptions_now(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 3 * DAY)
    program = make_daily_program(cast.patient, [TWICE_DAILY])
    plans.revise(plan, by=cast.therapist, program=program, effective_from=TODAY + 5 * DAY)
    [shown] = phone.plans()["plans"]
    known = {one["id"] for phase in shown["phases"] for one in phase["prescriptions"]}
    used = {item["prescription"] for day in shown["days"] for item in day["items"]}
    assert used == known
    assert len(known) == 2
    assert [phase["current"] for phase in shown["phases"]] == [True, False, False]
    exercises = {one["exercise"] for phase in shown["phases"] for one in phase["prescriptions"]}
    assert exercises == set(phone.plans()["exercises"])


def test_cautions_are_the_rules_words_for_the_patient(cast: Cast, phone: TestPhone) -> None:
    cast.patient.findings = {"snapping": True}
    cast.patient.save(update_fields=["findings"])
    make_plan(cast.patient, cast.therapist, [DAILY])
    cautions = {one["rule"]: one for one in phone.plans()["cautions"]}
    assert cautions["R04"]["text"] == "Stop a little before the pop. A painless pop is not an emergency."
    assert not {"R05", "R27"} & set(cautions)


def test_cautions_follow_what_the_patient_answers(cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist, [DAILY])
    phone.send(checkin(local(TODAY, 8), q_tingle=1, q_pain_worst=6))
    cautions = {one["rule"]: one for one in phone.plans()["cautions"]}
    assert cautions["R27"]["text"] == "Do the gentle set today, or rest."


def test_the_librarys_words_are_in_the_patients_language_and_typed_ones_as_they_were_typed(
    cast: Cast, phone: TestPhone
) -> None:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)
    cast.patient.condition, cast.patient.findings = "ifi_confirmed", {"snapping": True}
    cast.patient.save(update_fields=["condition", "findings"])
    template = Program.objects.get(slug="ifi-conservative-12wk")
    program = copy_program(template, clinic=cast.clinic, by=cast.therapist, sealed=False)
    program.phases.filter(n=2).update(name="Wie besprochen")
    typed = program.phases.get(n=1).prescriptions.order_by("position").first()
    assert typed is not None
    typed.exercise = make_exercise("own", owner=cast.clinic, name="Puente de Ana")
    typed.save(update_fields=["exercise"])
    plans.prescribe(program=program, patient=cast.patient, starts_on=TODAY, by=cast.therapist)

    def shown() -> tuple[list[tuple[str, str]], dict[str, Any], dict[str, Any]]:
        document = phone.plans()
        phases = [(phase["name"], phase["lang"]) for phase in document["plans"][0]["phases"]]
        cautions = {one["rule"]: one for one in document["cautions"]}
        return phases, cautions, {one["slug"]: one for one in document["exercises"].values()}

    phases, cautions, exercises = shown()
    assert phases[:2] == [("Calm and find safe positions", "en"), ("Wie besprochen", "")]
    assert (cautions["R04"]["lang"], exercises["sup-glute-set"]["lang"]) == ("en", "en")
    tag = phone.client.get("/api/v1/me/plans").headers["ETag"]
    assert phone.client.patch("/api/v1/me", {"language": "es"}, format="json").status_code == 200
    assert phone.client.get("/api/v1/me/plans", headers={"If-None-Match": tag}).status_code == 200
    phases, cautions, exercises = shown()
    assert phases[:2] == [("Calmar y encontrar posturas seguras", "es"), ("Wie besprochen", "")]
    assert cautions["R04"] == {
        "rule": "R04",
        "text": "Para un poco antes del chasquido. Un chasquido sin dolor no es una urgencia.",
        "cap": "Trabajar en el recorrido justo antes del chasquido",
        "lang": "es",
    }
    stored = Exercise.objects.get(slug="sup-glute-set")
    said = exercises["sup-glute-set"]
    assert (said["lang"], len(said["steps"])) == ("es", len(stored.steps))
    assert not {said["name"], said["cue"], said["mistake"], *said["steps"]} & {stored.name, stored.cue, *stored.steps}
    assert (exercises["own"]["name"], exercises["own"]["steps"][0]) == ("Puente de Ana", "Lie on your side.")


# ---- 304 ------------------------------------------------------------------------------------------------------------
def test_unchanged_plan_is_304_in_three_queries_also_for_a_weak_tag(cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist)
    response = phone.client.get("/api/v1/me/plans")
    assert response.headers["Cache-Control"] == "private, no-cache"
    for tag in (response.headers["ETag"], "W/" + response.headers["ETag"], f'"other", {response.headers["ETag"]}'):
        again, sql = queries(phone.client, **{"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == response.headers["ETag"]
        # 1 user · 2 patient with clinic and stamps · (the session comes from the cache, else 3)
        assert len(sql) <= 3, "\n".join(sql)


@pytest.mark.parametrize(
    "change",
    ["session", "pain", "stop", "pause", "revise", "record", "clinic", "exercise", "lock", "midnight"],
)
def test_whatever_the_document_shows_changes_its_tag(cast: Cast, phone: TestPhone, change: str) -> None:
    plan = make_plan(cast.patient, cast.therapist)
    before = phone.client.get("/api/v1/me/plans").headers["ETag"]
    patient = Patient.objects.get(pk=cast.patient.pk)
    match change:
        case "session" | "pain" | "lock":
            item = {
                "session": lambda: session(plan, local(TODAY, 8)),
                "pain": lambda: pain(local(TODAY, 8), 9),
                "lock": lambda: checkin(local(TODAY, 8), q_redflag=["RF1.urine"]),
            }[change]()
            phone.send(item)
        case "stop":
            plans.stop(plan, by=cast.therapist, reason="")
        case "pause":
            plans.pause(plan, by=cast.therapist, from_date=TODAY, to_date=None, reason="")
        case "revise":
            plans.revise(plan, by=cast.therapist, phase=2)
        case "record":
            patient.affected_side = "right"
            patient.save(update_fields=["affected_side"])
        case "clinic":
            Clinic.objects.filter(pk=cast.clinic.pk).update(phone="+34 910 000 001")
        case "exercise":
            shown = prescriptions_of(plan)[0].exercise
            shown.cue = "Slowly."
            shown.save(update_fields=["cue"])
    with time_machine.travel(NOW + (DAY if change == "midnight" else dt.timedelta()), tick=False):
        response = phone.client.get("/api/v1/me/plans", headers={"if-none-match": before})
    assert response.status_code == 200
    assert response.headers["ETag"] != before


def test_unchanged_after_an_empty_sync(cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist)
    before = phone.client.get("/api/v1/me/plans").headers["ETag"]
    phone.send()
    assert phone.client.get("/api/v1/me/plans", headers={"if-none-match": before}).status_code == 304


# ---- whose ----------------------------------------------------------------------------------------------------------
def test_plans_by_account(cast: Cast, api: Callable[..., APIClient]) -> None:
    path = "/api/v1/me/plans"
    assert api().get(path).status_code == 401
    assert api(cast.therapist).get(path).status_code == 403
    assert api(cast.stranger).get(path).status_code == 404
    assert api(cast.carer).get(path).json()["patient"] == str(cast.patient.pk)
    assert api(cast.patient_user).get(f"{path}?patient={cast.other_patient.pk}").status_code == 404
    assert api(cast.patient_user).get(f"{path}?patient=x").status_code == 400
    assert api(cast.patient_user).get(f"{path}?who=x").status_code == 400


def test_plans_of_a_carer_for_two_must_name_one(cast: Cast, api: Callable[..., APIClient]) -> None:
    give_access(cast.carer, cast.other_patient)
    carer = api(cast.carer)
    response = carer.get("/api/v1/me/plans")
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, "patient")
    named = carer.get(f"/api/v1/me/plans?patient={cast.other_patient.pk}")
    assert named.json()["patient"] == str(cast.other_patient.pk)


def test_patient_without_a_plan_gets_an_empty_list(cast: Cast, phone: TestPhone) -> None:
    document = phone.plans()
    assert (document["plans"], document["exercises"], document["cautions"]) == ([], {}, [])


def test_days_are_in_the_patients_zone(cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist, starts_on=TODAY - 3 * DAY)
    cast.patient.timezone = "Pacific/Auckland"
    cast.patient.save(update_fields=["timezone"])
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC), tick=False):
        assert days.local_today(cast.patient) == TODAY + DAY
        assert phone.plans()["until"] == (TODAY + 14 * DAY).isoformat()
