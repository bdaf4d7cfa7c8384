"""Whatever a therapist builds: PUT keeps it, GET gives it back, and a second PUT of the answer changes nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from programs.models import Phase, Prescription, Program
from tests.conftest import Cast
from tests.programs.builders import make_exercise, make_program

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20).map(str.strip)
NAME = TEXT.filter(bool)

DOSES = st.fixed_dictionaries(
    {
        "sets": st.integers(1, 20),
        "reps": st.integers(1, 100),
        "hold_s": st.none() | st.integers(1, 7200),
        "rest_s": st.integers(0, 1800),
        "load": st.sampled_from(["none", "bodyweight", "isometric", "band", "ankle_weight", "dumbbell"]),
        "load_kg": st.none() | st.sampled_from([0.5, 2, 12.25]),
        "effort": st.none() | st.integers(0, 10),
        "side": st.sampled_from(["both", "left", "right", "affected", "alternating"]),
        "tempo": st.none() | st.just([2, 1.5, 3]),
    }
)
FREQUENCIES = st.one_of(
    st.builds(
        lambda days, times: {"kind": "weekdays", "days": sorted(days), "times_per_day": times},
        st.sets(st.integers(1, 7), min_size=1),
        st.integers(1, 12),
    ),
    st.builds(
        lambda every, times: {"kind": "interval", "every_days": every, "times_per_day": times},
        st.integers(1, 28),
        st.integers(1, 12),
    ),
    st.builds(lambda count: {"kind": "per_week", "count": count}, st.integers(1, 14)),
)


def prescriptions(exercises: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "exercise": st.sampled_from(exercises),
            "dose": DOSES,
            "frequency": FREQUENCIES,
            "optional_if": st.none() | st.sampled_from(["radiating", "sitting_pain"]),
            "needs_release": st.booleans(),
            "easier_allowed": st.booleans(),
            "note": TEXT,
        },
        optional={"id": st.uuids().map(str), "key": st.uuids().map(str)},
    )


@st.composite
def programs(draw: st.DrawFn, exercises: list[str]) -> dict[str, Any]:
    ends = sorted(draw(st.sets(st.integers(1, 365), max_size=4)))
    phases = [
        {
            "n": n,
            "name": draw(NAME),
            "from_day": start,
            "to_day": end,
            "entry": draw(st.lists(NAME, max_size=2)),
            "exit": draw(st.lists(NAME, max_size=2)),
            "prescriptions": draw(st.lists(prescriptions(exercises), max_size=4)),
        }
        for n, (start, end) in enumerate(zip([0, *ends], ends, strict=False), start=1)
    ]
    # Ids in a new place, as after dragging: the document is what it says, whatever was stored before.
    draw(st.randoms(use_true_random=False)).shuffle(phases)
    return {
        "name": draw(NAME),
        "template": draw(st.booleans()),
        "pain_limit": draw(st.integers(0, 10)),
        "evidence": draw(TEXT),
        "entry": draw(st.lists(NAME, max_size=2)),
        "phases": phases,
    }


def without_made(given_: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with only what was given: ids and keys that the server made are left out."""
    phases = []
    for wanted, phase in zip(sorted(given_["phases"], key=lambda one: one["n"]), answer["phases"], strict=True):
        rows = [
            {name: row[name] for name in wanted_row}
            for wanted_row, row in zip(wanted["prescriptions"], phase["prescriptions"], strict=True)
        ]
        phases.append({name: phase[name] for name in wanted} | {"prescriptions": rows})
    return {name: answer[name] for name in given_} | {"phases": phases}


@pytest.fixture
def draft(cast: Cast) -> tuple[Program, APIClient, list[str]]:
    client = APIClient()
    client.force_login(cast.therapist, backend="django.contrib.auth.backends.ModelBackend")
    exercises = [str(make_exercise(f"own-{i}", owner=cast.clinic).pk) for i in range(3)]
    return make_program(cast.clinic), client, exercises


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_put_round_trip(draft: tuple[Program, APIClient, list[str]], data: st.DataObject) -> None:
    program, client, exercises = draft
    url = f"/api/v1/programs/{program.pk}"
    wanted = data.draw(programs(exercises))
    version = client.get(url).json()["version"]
    response = client.put(url, wanted, headers={"If-Match": f'"{version}"'})
    assert response.status_code == 200, response.json()
    answer = response.json()
    assert without_made(wanted, answer) == wanted | {"phases": sorted(wanted["phases"], key=lambda one: one["n"])}
    assert client.get(url).json() == answer
    again = client.put(url, answer, headers={"If-Match": response["ETag"]}).json()
    assert again == answer | {"version": version + 2}
    assert Phase.objects.filter(program=program).count() == len(wanted["phases"])
    rows = Prescription.objects.filter(phase__program=program)
    assert rows.count() == sum(len(phase["prescriptions"]) for phase in wanted["phases"])
    assert all(isinstance(row.key, uuid.UUID) for row in rows)
