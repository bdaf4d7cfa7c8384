"""Ready for the next phase: what is fulfilled, since when, and what a therapist ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from patients import plans
from programs.criteria import known, measured
from programs.models import Phase
from programs.template_files import FOLDER
from tests.conftest import Cast
from tests.patients.phones import checkin, local
from tests.patients.review.conftest import Home

pytestmark = pytest.mark.django_db
Homes = Callable[..., Home]


def ask(home: Home, *criteria: str) -> None:
    """The phase in force asks for these to be left."""
    program = home.plan.revisions.latest("n").program
    Phase.objects.filter(program=program, n=1).update(exit=list(criteria))


def by_text(home: Home) -> dict[str, dict[str, Any]]:
    return {one["text"]: one for one in home.readiness()["criteria"]}


def weekly(home: Home, back: int, **answers: Any) -> None:
    home.items.append({**checkin(local(home.date(back), 8), **answers), "kind": "weekly"})


def test_each_sentence_of_criteria_yaml_stands_in_a_template() -> None:
    """A typing error here would silently make a measured criterion a therapist's."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml"))
    assert [text for text in known() if f"- {text}\n" not in texts] == []


def test_what_no_checkin_can_answer_is_a_therapists(home: Homes) -> None:
    assert measured("Surgeon OK") is None
    h = home()
    ask(h, "Surgeon OK")
    assert by_text(h)["Surgeon OK"]["met"] is None
    assert h.readiness()["ready"] is False


def test_a_criterion_holds_on_two_checkins_three_days_apart(home: Homes) -> None:
    h = home()
    ask(h, "Average pain <= 3")
    for back in (6, 5, 4):
        h.woke(back, 3)
    h.send()
    # The average needs three mornings, so it is first answered on the last of them.
    one = by_text(h)["Average pain <= 3"]
    assert (one["met"], one["since"], one["value"]) == (False, h.date(4).isoformat(), "3")
    for back in (3, 2):
        h.woke(back, 3)
    h.send()
    assert by_text(h)["Average pain <= 3"]["met"] is False
    h.woke(1, 3)
    h.send()
    assert by_text(h)["Average pain <= 3"]["met"] is True
    assert h.readiness()["ready"] is True


def test_a_no_in_between_starts_again(home: Homes) -> None:
    h = home()
    ask(h, "No leg symptoms below the knee")
    h.woke(8, q_radiate=1)
    h.woke(4, q_radiate=4, q_leg_30min="no")
    h.woke(2, q_radiate=1)
    h.woke(1, q_radiate=1)
    h.send()
    one = by_text(h)["No leg symptoms below the knee"]
    assert (one["met"], one["since"]) == (False, h.date(2).isoformat())


def test_the_limit_is_kept_over_the_whole_phase_not_since_its_last_change(home: Homes) -> None:
    h = home()
    text = "Pain limit kept in >= 80% of sessions"
    for back in range(10, 4, -1):
        h.did(back, (7, 1, 1))
    h.send()
    h.staff.post(f"/api/v1/plans/{h.plan.pk}/revisions", {"pain_rule": {"limit": 5}, "reason": "x"}, format="json")
    ask(h, text)
    h.woke(0, hour=0)
    h.send()
    assert by_text(h)[text]["facts"] == {"limit_kept": 0.0}


@pytest.mark.parametrize(("span", "met"), [("15_30", False), ("30_60", True)])
def test_a_range_fulfils_a_number_with_its_lower_end(home: Homes, span: str, met: bool) -> None:
    h = home()
    ask(h, "Sit 20 min with pain <= 3")
    for back in (8, 1):
        weekly(h, back, q_sit_time=span, q_sit_pain=3)
    h.send()
    assert by_text(h)["Sit 20 min with pain <= 3"]["met"] is met


def test_tingling_does_not_settle_what_asks_about_exercise_only(home: Homes) -> None:
    h = home()
    text = "No tingling during exercise for 1 week"
    ask(h, text)
    for back in range(12, 0, -1):
        h.woke(back, q_tingle=1)
    h.send()
    assert by_text(h)[text]["met"] is None
    h.items.append(checkin(local(h.today, 0, 5), q_tingle=0))
    h.send()
    assert by_text(h)[text]["met"] is None


def test_a_therapists_word_counts_at_once_and_can_be_taken_back(home: Homes) -> None:
    h = home()
    ask(h, "Surgeon OK", "Average pain <= 3")
    address = f"/api/v1/plans/{h.plan.pk}/criteria"
    said = {"phase": 1, "text": "Surgeon OK", "met": True, "note": "Letter of Monday."}
    answer = h.staff.post(address, said, format="json")
    assert answer.status_code == 200, answer.content
    one = answer.json()["criteria"][0]
    assert (one["met"], one["source"], one["tick"]["by"], one["tick"]["note"]) == (
        *(True, "therapist", "Dana Example", "Letter of Monday."),
    )
    h.staff.post(address, {**said, "met": None}, format="json")
    assert by_text(h)["Surgeon OK"]["met"] is None


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [({"text": "Can fly"}, 400, "invalid"), ({"phase": 2}, 409, "phase_changed"), ({"met": "perhaps"}, 400, "invalid")],
)
def test_a_word_about_what_is_not_asked_is_refused(
    home: Homes, changed: dict[str, Any], status: int, code: str
) -> None:
    h = home()
    ask(h, "Surgeon OK")
    said = {"phase": 1, "text": "Surgeon OK", "met": True, **changed}
    answer = h.staff.post(f"/api/v1/plans/{h.plan.pk}/criteria", said, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_an_assistant_does_not_tick(home: Homes, cast: Cast, api: Callable[..., APIClient]) -> None:
    h = home()
    ask(h, "Surgeon OK")
    said = {"phase": 1, "text": "Surgeon OK", "met": True}
    assert api(cast.assistant).post(f"/api/v1/plans/{h.plan.pk}/criteria", said, format="json").status_code == 403
    assert api(cast.outsider).get(f"/api/v1/plans/{h.plan.pk}/readiness").status_code == 404


def test_all_fulfilled_suggests_the_next_phase_and_accepting_moves_there(home: Homes) -> None:
    h = home()
    ask(h, "Average pain <= 3")
    for back in range(7, 0, -1):
        h.woke(back, 2)
        h.did(back)
    h.send()
    [one] = h.suggestions(kind="next_phase")
    assert (one["reason"], one["change"]["phase"], one["change"]["phase_name"]) == ("ready", 2, "Phase 2")
    criteria = [row for row in one["evidence"] if row["kind"] == "criteria"]
    assert [(row["text"], row["met"]) for row in criteria] == [("Average pain <= 3", True)]
    answer = h.staff.post(f"/api/v1/suggestions/{one['id']}/accept", {"note": "All three fine."}, format="json")
    assert answer.status_code == 200, answer.content
    revision = h.plan.revisions.latest("n")
    assert (revision.phase, revision.reason, str(revision.pk)) == (2, "All three fine.", answer.json()["revision"])
    assert h.readiness()["phase"] == 2


def test_past_the_planned_end_it_is_suggested_with_what_is_missing(home: Homes) -> None:
    h = home(weeks=3)
    ask(h, "Surgeon OK")
    h.did(1)
    h.send()
    [one] = h.suggestions(kind="next_phase")
    assert one["reason"] == "past_planned_end"
    assert [row["met"] for row in one["evidence"] if row["kind"] == "criteria"] == [None]


def test_before_the_planned_end_nothing_is_suggested_while_something_is_missing(home: Homes) -> None:
    h = home(weeks=2)
    ask(h, "Surgeon OK")
    h.did(1)
    h.send()
    assert h.suggestions(kind="next_phase") == []


def test_a_pause_freezes_the_advance_as_long_as_it_lasts(home: Homes, cast: Cast) -> None:
    h = home(weeks=3)
    h.did(1)
    h.send()
    assert [one["reason"] for one in h.suggestions(kind="next_phase")] == ["past_planned_end"]
    plans.pause(h.plan, by=cast.therapist, from_date=h.today, to_date=None, reason="Flu.")
    assert h.suggestions() == []
    assert (h.readiness()["frozen"], h.readiness()["ready"]) == ("paused", False)
    plans.resume(h.plan, by=cast.therapist, on=h.today)
    assert h.readiness()["frozen"] is None
    assert [one["reason"] for one in h.suggestions(kind="next_phase")] == ["past_planned_end"]


def test_a_regress_freezes_the_advance(home: Homes) -> None:
    h = home(weeks=3)
    h.did(1, (7, 1, 1))
    h.send()
    assert h.suggestions(kind="next_phase") == []
    assert h.readiness()["frozen"] == "regress"


def test_accepting_the_regress_does_not_thaw_it(home: Homes) -> None:
    h = home(weeks=3)
    h.did(1, (7, 1, 1))
    h.send()
    [regress] = h.opinions()
    assert h.staff.post(f"/api/v1/suggestions/{regress['id']}/accept", {}, format="json").status_code == 200
    assert h.suggestions(kind="next_phase") == []
    assert h.readiness()["frozen"] == "regress"


def test_a_red_flag_freezes_the_advance(home: Homes) -> None:
    h = home(weeks=3)
    h.did(1)
    h.items.append(checkin(local(h.today, 0, 10), q_redflag=["RF4"]))
    h.send()
    assert h.suggestions(kind="next_phase") == []
    assert h.readiness()["frozen"] == "red_flag"


@pytest.mark.parametrize("why", ["surgery", "release", "level_5"])
def test_never_by_itself(home: Homes, cast: Cast, why: str) -> None:
    h = home(weeks=3)
    program = h.plan.revisions.latest("n").program
    first = Phase.objects.get(program=program, n=2).prescriptions.first()
    assert first is not None
    if why == "surgery":
        cast.patient.findings = {"surgery": {"on": h.date(100).isoformat()}}
        cast.patient.save()
    elif why == "release":
        Phase.objects.get(program=program, n=2).prescriptions.filter(pk=first.pk).update(needs_release=True)
    else:
        first.exercise.level = 5
        first.exercise.save()
    h.did(1)
    h.send()
    assert h.suggestions(kind="next_phase") == []
    assert h.readiness()["never_suggested"] == why


def test_a_plan_that_does_not_run_is_in_no_phase(home: Homes, cast: Cast) -> None:
    h = home()
    h.staff.post(f"/api/v1/plans/{h.plan.pk}/stop", {"reason": "Done."}, format="json")
    answer = h.staff.get(f"/api/v1/plans/{h.plan.pk}/readiness")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "plan_not_running")
