"""The summary for the clinic's own record: honest, plain, and the same as the golden files.

After a wanted change: GOLDEN=write pytest tests/patients/test_record_summary.py, then read the difference.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Membership, Role, User
from exercises.models import Exercise
from patients import flags, plans, safety
from patients.models import FlagKind, Patient, PatientStatus, Plan, Urgency
from patients.record import summary
from patients.record.cover import transfer
from tests.conftest import Cast
from tests.patients.phones import (
    TestPhone,
    checkin,
    exercise,
    local,
    make_plan,
    new_id,
    pain,
    prescriptions_of,
    session,
)

Api = Callable[..., APIClient]
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 24)
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def treated(api: Api, cast: Cast, clock: Any) -> Patient:
    """Four weeks of treatment with a bit of everything that a summary speaks of."""
    patient, therapist = cast.patient, cast.therapist
    colleague = User.objects.create_user("cora@cast.example", name="Cora Colleague")
    Membership.objects.create(user=colleague, clinic=cast.clinic, role=Role.THERAPIST)
    Patient.objects.filter(pk=patient.pk).update(record_number="A-17")
    phone = TestPhone(api(cast.patient_user), patient)
    clock.move_to(dt.datetime(2026, 10, 26, 9, tzinfo=dt.UTC))
    plan = make_plan(patient, therapist, starts_on=dt.date(2026, 10, 27))
    names = ("Clam", "Bridge", "Figure four", "Heel slide", "Side plank", "Hamstring curl")
    for one in Exercise.objects.all():
        phase, position = map(int, one.slug.split("-")[-2:])
        Exercise.objects.filter(pk=one.pk).update(name=f"{names[position]}{' with band' if phase == 2 else ''}")
    start = dt.date(2026, 10, 27)
    for n in range(28):
        date = start + n * DAY
        clock.move_to(dt.datetime.combine(date, dt.time(18), dt.UTC))
        _a_day(phone, plan, n, date)
        if n == 9:
            safety.unlock(patient, by=therapist, note="Swelling examined, no clot found")
        if n == 13:
            plans.revise(plan, by=therapist, phase=2, pain_rule={"limit": 4}, reason="Three green sessions in a row")
        if n == 16:
            plans.pause(plan, by=therapist, from_date=date, to_date=date + DAY, reason="Travelling")
    clock.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    flags.raise_flag(patient, FlagKind.SKIPS, Urgency.ROUTINE, {"key": "k"})
    transfer(patient, to=colleague, by=therapist, note="Away until spring")
    return Patient.objects.select_related("clinic", "responsible").get(pk=patient.pk)


def _a_day(phone: TestPhone, plan: Plan, n: int, date: dt.date) -> None:
    items: list[dict[str, Any]] = []
    if n == 0:
        items += [
            _outcome(date, "nprs", "baseline", {"now": 5, "average": 6, "worst": 8}),
            _outcome(date, "psfs", "baseline", {"activities": [{"text": "Sitting in the car", "score": 3}]}),
            {"type": "goal", "id": new_id(), "at": local(date), "text": "Drive to my\nsister", "done_at": None},
        ]
    if n == 9:
        items.append(checkin(local(date, 7), q_redflag=["RF4"], q_morning=4))
    if n == 24:
        items += [
            _outcome(date, "nprs", "w4", {"now": 2, "average": 3, "worst": 5}),
            _outcome(date, "groc", "w4", {"change": None}),
        ]
    if n % 3 != 2 and n < 26:
        done = [exercise(one) for one in prescriptions_of(plan)]
        if n % 4 == 0:
            done[0] |= {"sets_done": 0, "reps": [], "skipped": "pain" if n < 20 else "unsure"}
        score = max(2, 6 - n // 5)
        items.append(session(plan, local(date, 10), done, pain_before=score, pain_after=score))
    if n == 4:
        items.append(pain(local(date, 20 - 8), 7))
    if n < 26:
        phone.send(*items)


def _outcome(date: dt.date, instrument: str, timepoint: str, answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "outcome", "id": new_id(), "at": local(date), "instrument": instrument, "timepoint": timepoint,
        "version": 1, "answers": answers,
    }  # fmt: skip


@pytest.mark.parametrize("language", summary.LANGUAGES)
def test_summary_is_as_in_the_golden_file(api: Api, cast: Cast, clock: Any, language: str) -> None:
    patient = treated(api, cast, clock)
    answer = api(cast.assistant).get(f"/api/v1/patients/{patient.pk}/summary?lang={language}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    golden = GOLDEN / f"summary_{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= summary.WIDTH
    assert not re.search(r"[*#_`]|None|null", text)


def test_summary_of_somebody_who_told_nothing_says_so(api: Api, cast: Cast) -> None:
    patient = Patient.objects.create(
        clinic=cast.clinic, name="Nell Placeholder", birth_date=dt.date(1971, 3, 2), timezone="Europe/Madrid"
    )
    text = api(cast.therapist).get(f"/api/v1/patients/{patient.pk}/summary").content.decode()
    assert text == (
        "Summary of treatment with home exercises\n"
        "Example Physiotherapy, 24 Nov 2026\n"
        "\n"
        "Nell Placeholder, born 2 Mar 1971\n"
        "Condition: not known\n"
        "Side: not known\n"
        "Responsible: not known\n"
        "Status: not joined yet\n"
        "\n"
        "PLAN\n"
        "  No plan was prescribed.\n"
        "\n"
        "PAIN, 0 TO 10\n"
        "  No answer yet.\n"
        "\n"
        "WARNING SIGNS AND LOCKS\n"
        "  None.\n"
        "\n"
        "OPEN FLAGS\n"
        "  None.\n"
    )


def test_silent_phone_is_not_known_and_not_missed(api: Api, cast: Cast) -> None:
    make_plan(cast.patient, cast.therapist, starts_on=TODAY - 7 * DAY)
    text = api(cast.therapist).get(f"/api/v1/patients/{cast.patient.pk}/summary").content.decode()
    assert "7 days, 17 Nov 2026 to 23 Nov 2026: 7 due, not known yet what was done." in text
    assert "The phone has not reported everything for any date yet." in text
    Patient.objects.filter(pk=cast.patient.pk).update(known_until=TODAY - 3 * DAY)
    text = api(cast.therapist).get(f"/api/v1/patients/{cast.patient.pk}/summary").content.decode()
    assert "0 of 5 sessions, 0 %; 2 more not known yet." in " ".join(text.split())


def test_discharged_patient_has_the_reason_and_the_finished_plan(api: Api, cast: Cast) -> None:
    make_plan(cast.patient, cast.therapist, starts_on=TODAY - 7 * DAY)
    client, path = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}"
    client.post(f"{path}/discharge", {"reason": "Goals reached"})
    text = client.get(f"{path}/summary").content.decode()
    assert "Status: discharged on 24 Nov 2026: Goals reached" in text
    assert "Home program: finished, 17 Nov 2026 to 23 Nov 2026." in text
    assert "  24 Nov 2026: discharged by Dana Example.\n  Note: Goals reached" in text


def test_language_is_the_readers_own_unless_named_and_only_what_there_is(api: Api, cast: Cast) -> None:
    path = f"/api/v1/patients/{cast.patient.pk}/summary"
    cast.therapist.language = "es"
    cast.therapist.save(update_fields=["language"])
    client = api(cast.therapist)
    assert client.get(path).content.decode().startswith("Resumen")
    assert client.get(f"{path}?lang=en").content.decode().startswith("Summary")
    for wrong in ("lang=fi", "lang=", "language=es"):
        answer = client.get(f"{path}?{wrong}")
        assert answer.status_code == 400, wrong
        assert answer.json()["errors"][0]["attr"] in ("lang", "language")
    assert client.get(path, headers={"Accept": "text/plain"}).status_code == 200


def test_both_languages_have_the_same_words_and_places() -> None:
    def shape(words: Any, path: str = "") -> dict[str, Any]:
        if isinstance(words, dict):
            return {
                name: found for key, value in words.items() for name, found in shape(value, f"{path}.{key}").items()
            }
        if isinstance(words, list):
            return {path: len(words)}
        assert isinstance(words, str), path
        return {path: set(re.findall(r"{(\w+)}", words))}

    en, es = (summary.catalogue(language) for language in ("en", "es"))
    assert shape(en) == shape(es)
    assert set(en["flag_kind"]) == set(FlagKind.values)
    assert set(en["urgencies"]) == set(Urgency.values)
    told_otherwise = {PatientStatus.DISCHARGED.value, PatientStatus.MERGED.value}
    assert set(en["statuses"]) == set(PatientStatus.values) - told_otherwise


def test_what_people_typed_stays_inside_its_line(api: Api, cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(name="Rosa\r\n\r\nPLAN\n  Nothing {due}")
    text = api(cast.therapist).get(f"/api/v1/patients/{cast.patient.pk}/summary").content.decode()
    assert "Rosa PLAN Nothing {due}, born 17 May 1964" in text


def test_cost_of_a_summary_does_not_grow_with_history(api: Api, cast: Cast, clock: Any) -> None:
    client, path = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}/summary"
    plan = make_plan(cast.patient, cast.therapist, starts_on=TODAY - 20 * DAY)
    phone = TestPhone(api(cast.patient_user), cast.patient)
    counts = []
    for back in (1, 3):
        phone.send(*(session(plan, local(TODAY - (back + n) * DAY)) for n in range(2)))
        flags.raise_flag(cast.patient, list(FlagKind)[back], Urgency.ROUTINE, {"n": back})
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
