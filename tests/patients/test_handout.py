"""`POST /plans/{id}/handout`: the page of a plan, read back as a PDF, and the way onto a phone that stands on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients import handout, plans
from patients.models import Invitation, Lock, LockKind, Patient, PatientStatus, Plan, PlanDay
from programs.copying import copy_program
from programs.handout.sheet import Join, Sheet
from programs.handout.words import words
from programs.models import Program
from tests.conftest import Cast, give_access
from tests.patients.phones import TestPhone, checkin, local
from tests.pdfs import Pdf
from tests.programs.builders import DOSE
from tests.programs.handout.making import EVERY_DAY, drawn, english_left, program_of

Api = Callable[..., APIClient]
MONDAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
BIRTH_DATE = "1964-05-17"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def newcomer(cast: Cast) -> Patient:
    return Patient.objects.create(
        clinic=cast.clinic,
        name="Nell Placeholder",
        birth_date=dt.date(1964, 5, 17),
        timezone="Europe/Madrid",
        affected_side="left",
        responsible=cast.therapist,
    )


def program(cast: Cast) -> Program:
    return program_of(
        cast.clinic,
        [
            (drawn("qf-clam"), {"dose": DOSE | {"sets": 2, "reps": 10, "hold_s": 3}, "note": "With the red cushion."}),
            (drawn("ham-rdl"), {"frequency": {"kind": "interval", "every_days": 2, "times_per_day": 2}}),
            (drawn("sup-short-stride-walk"), {"frequency": {"kind": "per_week", "count": 3}}),
        ],
    )


def prescribed(cast: Cast, patient: Patient, program: Program, starts_on: dt.date = MONDAY, **more: Any) -> Plan:
    return plans.prescribe(program=program, patient=patient, starts_on=starts_on, by=cast.therapist, **more)


@pytest.fixture
def plan(cast: Cast, newcomer: Patient) -> Plan:
    return prescribed(cast, newcomer, program(cast))


def printed(client: APIClient, plan: Plan, **wanted: str | bool) -> Pdf:
    answer = client.post(f"/api/v1/plans/{plan.pk}/handout", wanted)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="handout.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    return Pdf(answer.content)


def refused(client: APIClient, plan: Plan, **wanted: str) -> tuple[int, str]:
    answer = client.post(f"/api/v1/plans/{plan.pk}/handout", wanted)
    return answer.status_code, answer.json()["errors"][0]["code"]


def sheet_of(plan: Plan) -> Sheet:
    found = Plan.objects.select_related("patient__clinic", "patient__responsible").get(pk=plan.pk)
    return handout.sheet(found, words("en"), Join("https://x.example/join/y", MONDAY + 60 * DAY))


def boxes(plan: Plan) -> list[str]:
    """An x for a box, a dot for a grey one."""
    [section] = sheet_of(plan).sections
    return ["".join("x" if due else "." for due in entry.due) for entry in section.entries]


# ---- The page --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("size", "mm"), [("A4", (210, 297)), ("Letter", (216, 279))])
def test_handout_says_everything_a_patient_needs(
    api: Api, cast: Cast, plan: Plan, size: str, mm: tuple[int, int]
) -> None:
    pdf = printed(api(cast.therapist), plan, size=size, lang="en")
    assert pdf.size_mm == mm
    for said in (
        "Exercises for Nell Placeholder",
        "Left side. Phase 1: Calm it down. From 23 November 2026.",
        "2 sets of 10, hold 3 s, left leg 3 days a week",
        "every 2 days, 2 times a day",
        "3 times a week, on days you choose",
        "Note from Dana Example: With the red cushion.",
        "Above 5: stop that exercise for today and tell Dana Example.",
        "Exercise M 23 T 24 W 25 T 26 F 27 S 28 S 29 M 30 T 1 W 2 T 3 F 4 S 5 S 6",
        "Dana Example, Example Physiotherapy",
    ):
        assert said in pdf.text, said
    assert [one.partition(".")[0] for one in pdf.alternatives] == [
        "Code to join on a phone", "Clam", "Weighted hip hinge", "Short-step walking",
    ]  # fmt: skip


def test_handout_in_spanish(api: Api, cast: Cast, plan: Plan) -> None:
    pdf = printed(api(cast.therapist), plan, lang="es")
    assert pdf.root["/Lang"] == "es"
    assert [one.partition(".")[0] for one in pdf.alternatives][1:3] == ["Almeja", "Bisagra de cadera con peso"]
    for said in (
        "Ejercicios para Nell Placeholder",
        "Lado izquierdo. Fase 1: Calm it down. Desde el 23 de noviembre de 2026.",
        "2 series de 10, mantén 3 s, pierna izquierda",
        "También en tu móvil",
        "L 23 M 24 X 25 J 26 V 27 S 28 D 29",
    ):
        assert said in pdf.text, said


def test_handout_is_by_default_in_the_patients_language_on_the_clinics_paper(api: Api, cast: Cast, plan: Plan) -> None:
    Patient.objects.filter(pk=plan.patient_id).update(language="es")
    cast.clinic.country = "US"
    cast.clinic.save()
    pdf = printed(api(cast.therapist), plan)
    assert pdf.size_mm == (216, 279)
    assert "Ejercicios para Nell Placeholder" in pdf.text


def test_handout_pain_rule_is_the_plans_in_the_therapists_words(api: Api, cast: Cast, newcomer: Patient) -> None:
    rule = {"limit": 3, "words": {"red": "Rest and ring Dana.", "stop": "Ring the clinic at once."}}
    pdf = printed(api(cast.therapist), prescribed(cast, newcomer, program(cast), pain_rule=rule))
    assert "Up to 3 of 10" in pdf.text
    assert "Above 3: Rest and ring Dana." in pdf.text
    assert "8 or more: ring the clinic at once." in pdf.text


@pytest.mark.parametrize("limit", [7, 8, 10])
def test_handout_allows_no_pain_of_eight_whatever_the_limit(
    api: Api, cast: Cast, newcomer: Patient, limit: int
) -> None:
    pdf = printed(api(cast.therapist), prescribed(cast, newcomer, program(cast), pain_rule={"limit": limit}))
    assert "Up to 7 of 10" in pdf.text
    assert "8 or more: stop the exercises for today" in pdf.text
    assert f"Above {limit}" not in pdf.text


def test_handout_unknown_side_is_not_called_both(api: Api, cast: Cast, newcomer: Patient) -> None:
    newcomer.affected_side = None
    newcomer.save()
    pdf = printed(api(cast.therapist), prescribed(cast, newcomer, program(cast)))
    assert "2 sets of 10, hold 3 s, affected side" in pdf.text
    assert "both sides" not in pdf.text.partition("Get help now")[0].partition("Weighted hip hinge")[0]


def test_handout_carries_the_precautions_that_the_phone_shows_and_none_of_one_day(
    api: Api, cast: Cast, plan: Plan
) -> None:
    patient = Patient.objects.get(pk=plan.patient_id)
    patient.findings = {"snapping": True}
    patient.save(update_fields=["findings"])
    give_access(cast.stranger, patient)
    phone = TestPhone(api(cast.stranger), patient)
    phone.send(checkin(local(MONDAY, 8), q_pain_worst=6))
    shown = [one["text"] for one in phone.plans()["cautions"]]
    of_today = "Do the gentle set today, or rest."
    lasting = "Stop a little before the pop. A painless pop is not an emergency."
    assert {of_today, lasting} <= set(shown)
    pdf = printed(api(cast.therapist), plan)
    assert f"Take care with this: • {lasting}" in pdf.text
    assert of_today not in pdf.text


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_handout_says_precautions_in_its_own_language_whatever_the_phone_speaks(
    api: Api, cast: Cast, plan: Plan, spoken: str
) -> None:
    Patient.objects.filter(pk=plan.patient_id).update(language=spoken, findings={"snapping": True})
    english, spanish = (printed(api(cast.therapist), plan, lang=lang) for lang in ("en", "es"))
    said = "Para un poco antes del chasquido. Un chasquido sin dolor no es una urgencia."
    assert f"Ten cuidado con esto: • {said}" in spanish.text
    assert "Take care with this: • Stop a little before the pop." in english.text
    assert "están en inglés" not in spanish.text
    assert spanish.languages == english.languages == set()


def test_handout_of_a_template_on_a_spanish_page_has_nothing_english_left(
    api: Api, cast: Cast, newcomer: Patient
) -> None:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)
    newcomer.findings = {"snapping": True}
    newcomer.save(update_fields=["findings"])
    template = Program.objects.get(slug="ifi-conservative-12wk")
    copied = copy_program(template, clinic=cast.clinic, by=cast.therapist, sealed=False)
    pdf = printed(api(cast.therapist), prescribed(cast, newcomer, copied), lang="es")
    assert "Lado izquierdo. Fase 1: Calmar y encontrar posturas seguras. Desde el 23 de noviembre" in pdf.text
    assert english_left(pdf) == []
    assert pdf.languages == set()


# ---- The way in ------------------------------------------------------------------------------------------------------
def test_handout_code_is_the_link_and_joins(api: Api, cast: Cast, plan: Plan) -> None:
    pdf = printed(api(cast.therapist), plan)
    [url] = pdf.links
    assert pdf.codes == [url]
    assert url in pdf.text.replace(" ", "")
    invitation = Invitation.objects.get(patient=plan.patient)
    assert (invitation.purpose, invitation.relation) == ("handout", "self")
    assert (invitation.expires_at - NOON) == dt.timedelta(days=60)
    assert "It works once, until 22 January 2027" in pdf.text
    token = url.rsplit("/join/", 1)[1]
    answer = api().post("/api/v1/join", {"token": token, "birth_date": BIRTH_DATE, "consent": True})
    assert answer.status_code == 201, answer.content
    assert answer.json()["patient"] == str(plan.patient_id)


def test_handout_ends_the_code_on_an_earlier_page_and_no_other_way_in(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    link = client.post(f"/api/v1/patients/{plan.patient_id}/invitation", {}).json()["url"]
    first, second = printed(client, plan).links.pop(), printed(client, plan).links.pop()

    def opens(url: str) -> int:
        body = {"token": url.rsplit("/", 1)[1], "birth_date": BIRTH_DATE}
        return api().post("/api/v1/join/check", body).status_code

    assert [opens(url) for url in (link, first, second)] == [200, 404, 200]


def test_handout_without_a_code_mints_nothing_and_ends_nothing(api: Api, cast: Cast, plan: Plan) -> None:
    printed(api(cast.therapist), plan)
    pdf = printed(api(cast.therapist), plan, code=False)
    assert (pdf.codes, pdf.links) == ([], set())
    assert Invitation.objects.get().voided_at is None
    assert "Exercises for Nell Placeholder" in pdf.text


def test_handout_is_in_the_access_log_without_health_details(api: Api, cast: Cast, plan: Plan) -> None:
    printed(api(cast.assistant), plan, size="A4", lang="es")
    invited, exported = (
        AccessRecord.objects.about("patient", plan.patient_id).order_by("created_at", "id").filter(actor=cast.assistant)
    )
    assert (invited.action, invited.detail["purpose"]) == ("invite", "handout")
    assert exported.action == "export"
    assert exported.detail == {"plan": str(plan.pk), "form": "handout", "size": "A4", "lang": "es"}


# ---- Who, and when not -----------------------------------------------------------------------------------------------
def test_handout_outsider_404_patient_403_and_nothing_is_minted(api: Api, cast: Cast, plan: Plan) -> None:
    address = f"/api/v1/plans/{plan.pk}/handout"
    assert api(cast.outsider).post(address, {}).status_code == 404
    assert api(cast.patient_user).post(address, {}).status_code == 403
    assert api().post(address, {}).status_code == 401
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("wanted", "attr"), [({"size": "A5"}, "size"), ({"lang": "de"}, "lang")])
def test_handout_wrong_wish_is_named_and_nothing_is_minted(
    api: Api, cast: Cast, plan: Plan, wanted: dict[str, str], attr: str
) -> None:
    answer = api(cast.therapist).post(f"/api/v1/plans/{plan.pk}/handout", wanted)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr)
    assert not Invitation.objects.exists()


def test_handout_of_a_stopped_plan_409_and_the_earlier_code_lives(api: Api, cast: Cast, plan: Plan) -> None:
    printed(api(cast.therapist), plan)
    plans.stop(plan, by=cast.therapist, reason="moved away")
    assert refused(api(cast.therapist), plan) == (409, "plan_ended")
    assert Invitation.objects.get().voided_at is None


def test_handout_under_a_red_flag_409_until_unlocked(api: Api, cast: Cast, plan: Plan) -> None:
    lock = Lock.objects.create(patient=plan.patient, kind=LockKind.RED_FLAG, since=NOON, from_date=MONDAY)
    assert refused(api(cast.therapist), plan) == (409, "locked")
    assert not Invitation.objects.exists()
    lock.until, lock.to_date = NOON, MONDAY
    lock.save()
    assert boxes(plan)[0] == "..x.x..x.x.x.."


def test_handout_of_a_merged_record_409(api: Api, cast: Cast, plan: Plan) -> None:
    Patient.objects.filter(pk=plan.patient_id).update(status=PatientStatus.MERGED)
    assert refused(api(cast.therapist), plan) == (409, "patient_closed")


# ---- Which boxes -----------------------------------------------------------------------------------------------------
def test_boxes_are_the_days_that_the_plan_has_laid_out(plan: Plan) -> None:
    due: dict[str, set[dt.date]] = {}
    for day in PlanDay.objects.filter(plan=plan, date__range=(MONDAY, MONDAY + 13 * DAY), open=True):
        for item in day.items:
            due.setdefault(item["key"], set()).add(day.date)
    keys = plan.revisions.get().program.phases.get().prescriptions.order_by("position").values_list("key", flat=True)
    expected = ["".join("x" if MONDAY + n * DAY in due[str(key)] else "." for n in range(14)) for key in keys]
    assert boxes(plan) == expected == ["x.x.x..x.x.x..", "x.x.x.x.x.x.x.", "xxxxxxxxxxxxxx"]


def test_boxes_begin_with_the_plan_when_it_is_to_come(cast: Cast, newcomer: Patient) -> None:
    plan = prescribed(cast, newcomer, program(cast), starts_on=MONDAY + 3 * DAY)
    assert sheet_of(plan).starts == MONDAY + 3 * DAY
    assert boxes(plan) == [".x..x.x.x..x.x", "x.x.x.x.x.x.x.", "xxxxxxxxxxxxxx"]


def test_boxes_go_on_from_today_in_the_patients_zone(plan: Plan) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC), tick=False):
        assert sheet_of(plan).starts == dt.date(2026, 11, 25)  # half past midnight in Madrid
        assert boxes(plan)[1] == "x.x.x.x.x.x.x."


def test_boxes_are_grey_in_a_pause(cast: Cast, plan: Plan) -> None:
    plans.pause(plan, by=cast.therapist, from_date=MONDAY + 2 * DAY, to_date=MONDAY + 6 * DAY, reason="holiday")
    assert boxes(plan) == ["x......x.x.x..", "x.......x.x.x.", "xx.....xxxxxxx"]


def test_boxes_change_with_a_revision_and_the_page_says_from_when(cast: Cast, plan: Plan) -> None:
    changed = program_of(cast.clinic, [(drawn("pir-hooklying-abd-band"), {"frequency": EVERY_DAY})])
    plans.revise(plan, by=cast.therapist, program=changed, effective_from=MONDAY + 7 * DAY)
    [section] = sheet_of(plan).sections
    assert boxes(plan) == ["x.x.x.........", "x.x.x.x.......", "xxxxxxx.......", ".......xxxxxxx"]
    assert [(entry.since, entry.till) for entry in section.entries] == [
        *[(None, MONDAY + 6 * DAY)] * 3,
        (MONDAY + 7 * DAY, None),
    ]


def test_a_revision_that_changes_nothing_prints_no_exercise_twice(cast: Cast, plan: Plan) -> None:
    plans.revise(plan, by=cast.therapist, pain_rule={"limit": 4}, effective_from=MONDAY + 7 * DAY)
    assert boxes(plan) == ["x.x.x..x.x.x..", "x.x.x.x.x.x.x.", "xxxxxxxxxxxxxx"]


def test_what_a_precaution_takes_out_is_not_printed(plan: Plan) -> None:
    key = str(plan.revisions.get().program.phases.get().prescriptions.order_by("position")[0].key)
    plan.excused = [{"key": key, "rule": "R01", "from": MONDAY.isoformat(), "to": None}]
    plan.save()
    assert [entry.exercise.name for entry in sheet_of(plan).sections[0].entries] == [
        "Weighted hip hinge",
        "Short-step walking",
    ]
    plan.excused[0]["to"] = (MONDAY + 2 * DAY).isoformat()
    plan.save()
    assert boxes(plan)[0] == "....x..x.x.x.."


def test_what_waits_for_a_release_is_not_printed(cast: Cast, newcomer: Patient) -> None:
    wanted = program_of(cast.clinic, [(drawn("qf-clam"), {}), (drawn("ham-rdl"), {"needs_release": True})])
    key = wanted.phases.get().prescriptions.get(position=1).key
    released = plans.Override("release", str(key), "Cleared by the surgeon")
    plan = prescribed(cast, newcomer, wanted, overrides=[released])
    assert len(boxes(plan)) == 2
    plan.overrides.all().delete()
    assert len(boxes(plan)) == 1
