"""Days as rows: laid out by prescribing, kept up by the hourly task, checked and rebuilt by the command."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.management import call_command
from rest_framework.test import APIClient

from patients import adherence, days, people, plans, rebuilding
from patients.models import Patient, Plan, PlanDay, PlanOverride
from patients.tasks import lay_out_days
from tests.conftest import Cast
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
    prescriptions_of,
    session,
    void,
)

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


def rows(plan: Plan, *names: str) -> list[tuple[object, ...]]:
    return list(PlanDay.objects.filter(plan=plan).order_by("date").values_list(*names))


def test_prescribing_lays_out_the_past_and_28_days_ahead(cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, TWICE_DAILY], starts_on=TODAY - 3 * DAY)
    assert rows(plan, "date", "due", "sessions_due") == [(TODAY + n * DAY, 3, 2) for n in range(-3, 29)]


def test_silent_days_exist_without_anyone_logging(cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, THREE_A_WEEK], starts_on=TODAY)
    for n in range(1, 9):
        with time_machine.travel(NOW + n * DAY, tick=False):
            lay_out_days()
    assert max(rows(plan, "date")) == (TODAY + 36 * DAY,)
    week = rows(plan, "due", "sessions_due")[:7]
    assert week == [*[(1, 1)] * 6, (4, 1)]
    assert days.local_today(cast.patient) == TODAY


def test_hourly_task_costs_one_look_when_all_is_laid_out(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    for _ in range(3):
        make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert days.lay_out_due() == 0


def test_hourly_task_reaches_each_zone_at_its_own_midnight(cast: Cast) -> None:
    Patient.objects.filter(pk=cast.other_patient.pk).update(timezone="Pacific/Auckland")
    cast.other_patient.refresh_from_db()
    with time_machine.travel(NOW - dt.timedelta(hours=1), tick=False):  # 23:00 in Auckland
        madrid = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY)
        auckland = make_plan(cast.other_patient, cast.therapist, [DAILY], starts_on=TODAY)
    last = {plan: max(rows(plan, "date")) for plan in (madrid, auckland)}
    assert days.lay_out_due() == 1  # midnight in Auckland
    assert max(rows(madrid, "date")) == last[madrid]
    assert max(rows(auckland, "date")) > last[auckland]


def test_hourly_task_goes_on_when_one_plan_cannot_be_laid_out(cast: Cast) -> None:
    broken = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY)
    fine = make_plan(cast.other_patient, cast.therapist, [DAILY], starts_on=TODAY)
    prescription = prescriptions_of(broken)[0]
    prescription.frequency = {"kind": "now and then"}
    prescription.save(update_fields=["frequency"])
    with time_machine.travel(NOW + DAY, tick=False):
        assert days.lay_out_due() == 1
    assert max(rows(fine, "date")) == (TODAY + 29 * DAY,)
    assert max(rows(broken, "date")) == (TODAY + 28 * DAY,)


def test_week_cut_by_a_stop_is_judged_the_night_after(cast: Cast, phone: TestPhone) -> None:
    """Stopped on a day that has a log already: that day is the last, so the week ends tomorrow."""
    plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=TODAY - 4 * DAY)
    phone.send(session(plan, local(TODAY, 8)))
    plans.stop(Plan.objects.get(pk=plan.pk), by=cast.therapist, reason="moved away")
    assert rows(plan, "due") == [(0,)] * 4 + [(1,)]
    with time_machine.travel(NOW + DAY, tick=False):
        lay_out_days()
        assert rebuilding.rebuild(check=True) == []
    assert rows(plan, "due") == [(0,)] * 4 + [(2,)]  # 5 × 3 ÷ 7 = 2.14


def test_optional_exercise_is_due_while_its_finding_is_true_and_the_past_stays(cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 2 * DAY, optional_if="radiating")
    assert {due for (due,) in rows(plan, "due")} == {0}
    Patient.objects.filter(pk=cast.patient.pk).update(findings={"radiating": True})
    days.lay_out(plan)
    assert rows(plan, "due") == [(0,)] * 2 + [(1,)] * 29
    Patient.objects.filter(pk=cast.patient.pk).update(findings={})
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        days.lay_out(plan)
        assert rows(plan, "due") == [(0,)] * 2 + [(1,)] * 3 + [(0,)] * 29
        assert rebuilding.rebuild(check=True) == []


def test_optional_exercise_follows_the_check_ins(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 2 * DAY, optional_if="radiating")
    answer = checkin(local(TODAY, 8), q_radiate=3)
    phone.send(answer)
    assert rows(plan, "due") == [(0,)] * 2 + [(1,)] * 29
    phone.send(void(answer["id"], local(TODAY, 9)))
    assert {due for (due,) in rows(plan, "due")} == {0}
    assert rebuilding.rebuild(check=True) == []


def test_another_affected_side_asks_for_both_from_today_only(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - DAY)
    phone.send(session(plan, local(TODAY - DAY, 8)), session(plan, local(TODAY, 8)))
    assert rows(plan, "done", "partly")[:2] == [(1, 0), (1, 0)]
    people.change(Patient.objects.get(pk=cast.patient.pk), by=cast.therapist, affected_side="both")
    assert rows(plan, "done", "partly")[:2] == [(1, 0), (0, 1)]
    assert rebuilding.rebuild(check=True) == []


def test_release_is_due_only_with_a_clinicians_word(cast: Cast) -> None:
    program = make_daily_program(cast.patient, [DAILY, DAILY], needs_release=True)
    first = program.phases.get(n=1).prescriptions.order_by("position")[0]
    every = [(one.key) for phase in program.phases.all() for one in phase.prescriptions.all()]
    overrides = [plans.Override("release", str(key), "Cleared by the surgeon") for key in every]
    plan = plans.prescribe(
        program=program, patient=cast.patient, starts_on=TODAY, by=cast.therapist, overrides=overrides
    )
    assert rows(plan, "due")[0] == (2,)
    PlanOverride.objects.filter(plan=plan).exclude(key=first.key).delete()
    days.lay_out(plan)
    assert rows(plan, "due")[0] == (1,)


def test_several_plans_count_their_own_and_share_the_pain(cast: Cast, phone: TestPhone) -> None:
    one = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY)
    two = make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY)
    phone.send(session(one, local(TODAY, 8), effort=6), session(two, local(TODAY, 9), pain_before=5, effort=3))
    assert rows(one, "due", "done", "pain_max", "pain_last", "effort")[0] == (1, 1, 5, 2, 6)
    assert rows(two, "due", "done", "pain_max", "pain_last", "effort")[0] == (2, 2, 5, 2, 3)


# ---- the command ----------------------------------------------------------------------------------------------------
def run(*arguments: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("rebuild_days", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, out.getvalue()


def test_rebuild_days_names_and_repairs_every_kind_of_difference(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, THREE_A_WEEK], starts_on=TODAY - 10 * DAY)
    phone.send(session(plan, local(TODAY - 2 * DAY, 8)))
    assert run("--check") == (0, "Every day is what its log says.\n")
    names = ("date", "items", "open", "week", "due", "done", "pain_max", "dose_over", "known")
    right = rows(plan, *names)

    day = PlanDay.objects.filter(plan=plan)
    day.filter(date=TODAY - 2 * DAY).update(done=0, pain_max=9, dose_over=7, known=True)
    day.filter(date=TODAY - 3 * DAY).update(items=[])
    day.filter(date=TODAY - 4 * DAY).update(open=False)
    day.filter(date=TODAY - 5 * DAY).update(week=None)
    day.filter(date=TODAY - 6 * DAY).delete()
    wrong = rows(plan, *names)
    code, said = run("--check")
    assert code == 1
    for what in (
        *("done is 0", "pain_max is 9", "dose_over is 7", "known is True"),
        *("items is", "open is False", "week is None", "the day is None"),
    ):
        assert what in said, said
    assert rows(plan, *names) == wrong, "a check changes nothing"

    assert run()[0] == 0
    assert rows(plan, *names) == right
    assert run("--check")[0] == 0


def test_rebuild_days_names_a_day_that_should_not_be(cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 10 * DAY)
    Plan.objects.filter(pk=plan.pk).update(ended_on=TODAY - DAY)
    code, said = run("--check")
    assert code == 1
    assert f"{TODAY}: the day is 'laid out', should be None" in said
    run()
    assert max(rows(plan, "date")) == (TODAY - 2 * DAY,)


# ---- adherence ------------------------------------------------------------------------------------------------------
def test_adherence_ends_yesterday_and_is_null_without_anything_due(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 8 * DAY)

    def now(window: int) -> float | None:
        patient = Patient.objects.get(pk=cast.patient.pk)
        return adherence.adherence(PlanDay.objects.filter(plan=plan), patient.known_until, TODAY, window)

    assert now(7) is None, "silence is unknown, not missed"
    phone.send(session(plan, local(TODAY, 8)), pending=2)
    assert now(7) is None, "today is not judged"
    phone.send(session(plan, local(TODAY - 2 * DAY, 8)), pending=1)
    assert now(7) == 1.0, "what is unknown is in neither sum"
    phone.send(pending=0)
    assert now(7) == pytest.approx(1 / 7, abs=0.001)
    assert now(28) == pytest.approx(1 / 8, abs=0.001)


def test_extra_sessions_and_skips_do_not_raise_adherence(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 2 * DAY)
    one = prescriptions_of(plan)[0]
    phone.send(
        *(session(plan, local(TODAY - DAY, hour)) for hour in (8, 12, 20)),
        session(plan, local(TODAY - 2 * DAY, 8), [exercise(one, sets_done=0, skipped="time")]),
    )
    assert rows(plan, "sessions_due", "sessions_done", "extra", "skipped")[:2] == [(1, 0, 0, 1), (1, 1, 2, 0)]
    assert adherence.adherence(PlanDay.objects.all(), TODAY - DAY, TODAY, 7) == 0.5
