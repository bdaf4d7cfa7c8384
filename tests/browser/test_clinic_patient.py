"""The patient's page: what the rules made of a bad day is answered with the keyboard, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.chromium import eventually
from tests.servers import Live

Open = Callable[..., BrowserContext]
THEO, ALEX = "theo@clinic.example", "alex@clinic.example"
ASKED = "Is it fine to sit on a cushion?"


def a_bad_day(desk: ClinicDesk) -> Invited:
    """On paper: yesterday one session of four days in which Bridge hurt more than the limit allows, and a question."""
    patient = desk.invite("Pia", "Bridge", days_ago=4)
    [plan] = desk.get(f"/patients/{patient.id}/plans")["results"]
    [item] = desk.get(f"/programs/{plan['program']}")["phases"][0]["prescriptions"]
    yesterday = dt.datetime.now(ZoneInfo("Europe/Madrid")) - dt.timedelta(days=1)
    at = yesterday.replace(hour=9, minute=0, second=0, microsecond=0).isoformat()
    bridge = {"id": str(uuid.uuid4()), "prescription": item["id"], "sets_done": item["dose"]["sets"], "pain": 7}
    session = {
        "type": "session",
        "id": str(uuid.uuid4()),
        "plan": plan["id"],
        "performed_at": at,
        "exercises": [bridge],
    }
    message = {"type": "message", "id": str(uuid.uuid4()), "at": at, "body": ASKED, "about": None}
    stored = desk.post(f"/patients/{patient.id}/paper", {"items": [session, message]})
    assert [one["status"] for one in stored["results"]] == ["stored", "stored"], stored
    return patient


def violations(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]


def test_a_bad_day_is_answered_with_the_keyboard(live: Live, desk: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = a_bad_day(clinic)
    page = context.new_page()
    page.goto(f"/clinic/patients/{patient.id}")

    # The suggestion has the focus, with the rows that made it; a key typed into its note is a letter, no answer.
    card = page.get_by_role("region", name="Bridge: back to 2 sets, and rest it one day")
    expect(card).to_be_focused()
    expect(card).to_contain_text("Bridge: pain 7 yesterday, limit 5")
    note = card.get_by_label("Note for the record")
    note.fill("")
    note.press_sequentially("Talked on the phone: a break helps")
    page.reload()
    expect(note).to_have_value("Talked on the phone: a break helps")
    expect(card).to_be_focused()
    context.set_offline(True)
    page.keyboard.press("a")
    expect(card.get_by_role("alert")).to_be_visible()
    context.set_offline(False)
    expect(note).to_have_value("Talked on the phone: a break helps")
    page.keyboard.press("a")
    said = page.get_by_text("Accepted: Bridge: 2 sets, from tomorrow.").last
    expect(said).to_be_visible()
    expect(card).to_have_count(0)
    [done] = clinic.get("/suggestions", patient=patient.id, status="accepted")["results"]
    [plan] = clinic.get(f"/patients/{patient.id}/plans")["results"]
    assert (done["note"], done["revision"]) == ("Talked on the phone: a break helps", plan["revisions"][-1]["id"])

    # The flag is settled with a note.
    flag = page.get_by_role("listitem").filter(has_text="Pain 7 in Bridge yesterday")
    flag.get_by_role("button", name="Settle").click()
    page.get_by_label("Note", exact=True).fill("Load taken back")
    page.keyboard.press("Control+Enter")
    expect(flag).to_have_count(0)
    assert [one["kind"] for one in clinic.get("/flags", patient=patient.id)["results"]] == ["message_waiting"]

    # The message is answered, and counts as read.
    expect(page.get_by_role("button", name="Message, 1 new")).to_be_visible()
    with page.expect_response("**/seen"):
        page.keyboard.press("m")
    panel = page.get_by_role("region", name="Messages with Pia")
    expect(panel.get_by_role("listitem")).to_contain_text([ASKED])
    expect(page.get_by_role("button", name="Messages", exact=False).first).not_to_contain_text("new")
    panel.get_by_label("Write to Pia").fill("Yes, a firm one.")
    page.keyboard.press("Control+Enter")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    expect(panel.get_by_label("Write to Pia")).to_have_value("")
    newest: dict[str, Any] = clinic.get(f"/patients/{patient.id}/messages")["results"][0]
    assert (newest["body"], newest["from"]["side"], newest["mine"]) == ("Yes, a firm one.", "clinic", True)

    # Any number opens its sum: paper made one date known, three wait for the phone, and before the plan there was none.
    page.get_by_role("button", name="7 days: 100%. Show the sum").click()
    dialog = page.get_by_role("dialog", name="How 100% in 7 days comes about")
    expect(dialog.get_by_text("1 of 1 session done. 3 are not known yet")).to_be_visible()
    for state, rows in (("done", 1), ("not known yet", 3), ("no plan", 3)):
        expect(dialog.get_by_role("cell", name=state, exact=True)).to_have_count(rows)
    assert violations(page) == []


def signs(desk: ClinicDesk, patient: Invited, *ticked: str) -> None:
    at = dt.datetime.now(ZoneInfo("Europe/Madrid")).isoformat(timespec="seconds")
    item = {"type": "checkin", "id": str(uuid.uuid4()), "at": at, "kind": "morning", "version": 1}
    stored = desk.post(f"/patients/{patient.id}/paper", {"items": [{**item, "answers": {"q_redflag": list(ticked)}}]})
    assert [one["status"] for one in stored["results"]] == ["stored"], stored


def test_a_sign_that_locks_after_the_page_was_loaded_stays_listed_until_it_is_unlocked(live: Live, desk: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = clinic.invite("Lou", "Bridge", days_ago=1)
    signs(clinic, patient, "RF7")
    page = context.new_page()
    page.goto(f"/clinic/patients/{patient.id}")
    flag = page.get_by_role("listitem").filter(has_text="Warning sign answered")
    flag.get_by_role("button", name="Settle").click()
    signs(clinic, patient, "RF8")  # an assistant enters the next sheet meanwhile
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note", exact=True).fill("Sees the doctor on Monday")
    dialog.get_by_role("button", name="Settle").click()
    expect(dialog).to_have_count(0)
    expect(flag).to_contain_text("sudden pop and bruising")  # what came meanwhile
    assert violations(page) == []
    flag.get_by_role("button", name="Unlock exercises").click()
    dialog.get_by_label("Note", exact=True).fill("Seen by the doctor, no tear")
    dialog.get_by_role("button", name="Unlock exercises").click()
    expect(flag).to_have_count(0)
    assert clinic.get("/flags", patient=patient.id, kind="red_flag")["results"] == []


def test_an_assistant_answers_messages_and_decides_nothing(live: Live, desk: Open) -> None:
    patient = a_bad_day(ClinicDesk(live, desk()))
    context = desk()
    ClinicDesk(live, context, ALEX)
    page = context.new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status in (403, 404) else None)
    page.goto(f"/clinic/patients/{patient.id}?panel=messages")
    panel = page.get_by_role("region", name="Messages with Pia")
    panel.get_by_label("Write to Pia").fill("Dana calls you.")
    panel.get_by_role("button", name="Send").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("A therapist or an owner decides about it.")).to_be_visible()
    for name in ("Accept", "Settle", "More", "I have seen it"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Summary to copy", "Reminders and what went out"])
    assert refused == []


ASKED_APART = (
    "suggestions",
    "messages",
    "merges",
    "check",
    "readiness",
    "adherence",
    "outcomes/schedule",
    "clinic/staff",
)


def test_what_cannot_be_loaded_never_reads_as_nothing_there(live: Live, desk: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = a_bad_day(clinic)
    today = dt.datetime.now(ZoneInfo("Europe/Madrid")).date()
    theo = next(one for one in clinic.get("/clinic/staff")["results"] if one["email"] == THEO)
    cover = {"staff": theo["id"], "from": today.isoformat(), "to": (today + dt.timedelta(days=3)).isoformat()}
    clinic.patch(f"/patients/{patient.id}", {"cover": cover})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in ASKED_APART:
        page.route(re.compile(rf"/api/v1/.*{path}(\?.*)?$"), lambda route: route.abort())
    page.goto(f"/clinic/patients/{patient.id}")

    nothing = page.get_by_text("Nothing on record.")
    alerts = page.get_by_role("alert").filter(has_text="Try again")
    # One for suggestions, messages and merges, and one in each of precautions, readiness, adherence, outcomes, record.
    expect(alerts).to_have_count(6)
    expect(nothing).to_have_count(0)
    expect(page.get_by_text("somebody, ")).to_be_visible()
    assert violations(page) == []

    page.unroute_all()
    while alerts.count() > 0:
        left = alerts.count()
        alerts.first.get_by_role("button", name="Try again").click()
        expect(alerts).not_to_have_count(left)
    expect(nothing).to_be_visible()
    expect(page.get_by_role("region", name="Bridge: back to 2 sets, and rest it one day")).to_be_visible()
    expect(page.get_by_text("Theo", exact=False).last).to_be_visible()

    # Ending the cover fails: said, nothing lost, and done the second time.
    page.get_by_role("button", name="Record").click()
    page.get_by_role("menuitem", name="Cover").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="End the cover")).to_be_enabled()
    context.set_offline(True)
    dialog.get_by_role("button", name="End the cover").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    context.set_offline(False)
    dialog.get_by_role("button", name="End the cover").click()
    expect(page.get_by_text("Nobody stands in any more.")).to_be_visible()
    assert clinic.get(f"/patients/{patient.id}")["cover"] is None
    assert faults == []


def test_what_is_known_later_moves_no_button_under_a_finger(live: Live, desk: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = clinic.post("/patients", {"name": "Ida Placeholder", "birth_date": "1958-02-11"})
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/patients/[^/]+/plans(\?.*)?$"), hold)
    page.goto(f"/clinic/patients/{patient['id']}")
    button = page.get_by_role("button", name="Edit findings")
    expect(button).to_be_visible()
    eventually(page, lambda: held, "the plans are asked for")
    before = button.bounding_box()
    for route in held:
        route.continue_()
    expect(page.get_by_text("Nothing on record.")).to_be_visible()
    assert button.bounding_box() == before
