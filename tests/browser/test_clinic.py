"""The clinic app in a real browser against the real servers: what a therapist does must not get lost, whatever happens
to the network, the sign-in or a colleague; and the app offers nothing that the server would refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.chromium import until
from tests.servers import Live

Open = Callable[..., BrowserContext]
DANA, THEO, ALEX = "dana@clinic.example", "theo@clinic.example", "alex@clinic.example"


def sign_in(live: Live, context: BrowserContext, email: str = DANA) -> Page:
    password = live.demo()["therapist"]["password"]
    page = context.new_page()
    page.goto("/clinic/sign-in")
    fill_in_credentials(page, email, password)
    expect(page.get_by_role("table")).to_be_visible()
    return page


def fill_in_credentials(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def copy_a_template(page: Page, name: str = "Ischiofemoral") -> str:
    """The address of the copy, open in the builder."""
    page.goto("/clinic/templates")
    page.get_by_role("button", name=f"Use for a patient: {name}").click()
    page.wait_for_url("**/clinic/programs/**")
    expect(saved(page)).to_be_visible()
    return page.url


def saved(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="All saved")


def change_sets(page: Page, exercise: str, sets: int) -> None:
    page.get_by_role("button", name=f"Dose of {exercise}").click()
    page.get_by_role("spinbutton", name="Sets").fill(str(sets))
    page.get_by_role("button", name="Done", exact=True).click()


def program_of(page: Page, address: str) -> dict[str, Any]:
    program_id = urlsplit(address).path.rsplit("/", 1)[1]
    body: dict[str, Any] = page.request.get(f"/api/v1/programs/{program_id}").json()
    return body


def test_builder_without_a_network_keeps_every_change_and_sends_it_later(live: Live, desk: Open) -> None:
    context = desk()
    page = sign_in(live, context)
    address = copy_a_template(page)
    context.set_offline(True)
    change_sets(page, "Breathe and brace", 4)
    expect(page.get_by_text("On this computer only")).to_be_visible()
    page.close()  # the laptop is shut before the network is back

    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_role("button", name="Dose of Breathe and brace: 4 ×")).to_be_visible()
    expect(saved(again)).to_be_visible()
    assert program_of(again, address)["phases"][0]["prescriptions"][0]["dose"]["sets"] == 4


def test_builder_after_a_colleague_changed_the_program_asks_whose_version_counts(live: Live, desk: Open) -> None:
    dana = sign_in(live, desk())
    address = copy_a_template(dana)
    theo = sign_in(live, desk(), THEO)
    theo.goto(address)
    theo.get_by_label("Name of the program").fill("Theo's name")
    expect(saved(theo)).to_be_visible()
    until(theo, "!document.querySelector('.save.unsaved, .save.saving')")

    dana.get_by_label("Name of the program").fill("Dana's name")
    expect(dana.get_by_text("Somebody else changed this program.")).to_be_visible()
    assert program_of(theo, address)["name"] == "Theo's name"
    dana.get_by_role("button", name="Show theirs").click()
    expect(dana.get_by_label("Name of the program")).to_have_value("Theo's name")
    dana.get_by_role("button", name="Undo").click()
    expect(dana.get_by_label("Name of the program")).to_have_value("Dana's name")
    expect(saved(dana)).to_be_visible()
    assert program_of(dana, address)["name"] == "Dana's name"


def test_builder_with_an_expired_sign_in_saves_after_signing_in_over_the_page(live: Live, desk: Open) -> None:
    context = desk()
    page = sign_in(live, context)
    address = copy_a_template(page)
    # The page's own requests first: one of them, refused a moment too early, opens the dialog while the test still
    # types, and the words land in its e-mail field. This test is about a sign-in that ends before a save.
    expect(page.get_by_label("Name of the program")).to_be_visible()
    page.wait_for_load_state("networkidle")
    context.clear_cookies()
    page.get_by_label("Name of the program").fill("Typed while signed out")
    expect(page.get_by_role("heading", name="Please sign in again")).to_be_visible()
    fill_in_credentials(page, DANA, live.demo()["therapist"]["password"])
    expect(page.get_by_role("heading", name="Please sign in again")).to_have_count(0)
    expect(page.get_by_label("Name of the program")).to_have_value("Typed while signed out")
    expect(saved(page)).to_be_visible()
    assert program_of(page, address)["name"] == "Typed while signed out"


def test_builder_by_keyboard_moves_takes_out_and_undoes(live: Live, desk: Open) -> None:
    page = sign_in(live, desk())
    copy_a_template(page)
    names = page.locator(".phs .nm")
    before = names.all_text_contents()
    page.get_by_role("button", name=f"Move {before[1]}").focus()
    page.keyboard.press("ArrowUp")
    expect(names.first).to_have_text(before[1])
    # The focus comes back to what was moved with the next frame; a key before that goes to nobody.
    expect(page.get_by_role("button", name=f"Move {before[1]}")).to_be_focused()
    page.keyboard.press("Delete")
    expect(names.first).to_have_text(before[0])
    expect(page.get_by_role("button", name=f"Move {before[0]}")).to_be_focused()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(names).to_have_text(before)


def test_prescribing_over_a_precaution_needs_a_typed_reason(live: Live, desk: Open) -> None:
    page = sign_in(live, desk())
    page.goto("/clinic/patients/new")
    page.get_by_label("Name", exact=True).fill("Otis Stencil")
    page.get_by_label("Birth date").fill("1961-07-08")
    page.get_by_role("button", name="Add, then build the program").click()
    page.wait_for_url("**/clinic/templates?patient=**")
    patient = page.url.split("patient=")[1]
    page.goto(f"/clinic/patients/{patient}")
    page.get_by_role("button", name="Edit findings").click()
    page.get_by_role("group", name="Pinch in figure-4").get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="Pinch in figure-4")).to_be_visible()

    page.get_by_role("link", name="New plan").click()
    page.get_by_role("button", name="Use for a patient: Piriformis").click()
    page.get_by_role("button", name="4 Single-leg function").click()
    conflict = page.get_by_role("group", name="Precautions for Lying figure-4 stretch")
    expect(conflict).to_contain_text("Use the knee-to-opposite-shoulder stretch instead.")
    page.get_by_role("button", name="Prescribe").click()
    expect(page.get_by_role("alert")).to_contain_text("1 conflict to settle")
    expect(page.get_by_role("button", name="Prescribe now")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    conflict.get_by_label("Keep it anyway").fill("Tested in the clinic, no pinch")
    conflict.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="Prescribe").click()
    page.get_by_role("button", name="Prescribe now").click()
    expect(page.get_by_role("heading", name="Otis Stencil has a plan")).to_be_visible()
    [plan] = page.request.get(f"/api/v1/patients/{patient}/plans").json()["results"]
    assert [(one["rule"], one["reason"]) for one in plan["overrides"]] == [("R15", "Tested in the clinic, no pinch")]


def test_caseload_by_keyboard_and_a_search_that_survives_a_reload(live: Live, desk: Open) -> None:
    page = sign_in(live, desk())
    page.keyboard.press("j")
    page.keyboard.press("j")
    # The focus follows the key after the next frame: read before, it was still the first row's.
    until(page, "document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') === '3'")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=second, exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("table")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("rosa")
    page.wait_for_url("**/clinic?search=rosa")
    expect(page.get_by_role("row")).to_have_count(2)  # the heading and Rosa
    page.reload()
    expect(page.get_by_role("link", name="Rosa Sample")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)


def test_assistant_is_offered_nothing_the_server_would_refuse(live: Live, desk: Open) -> None:
    page = sign_in(live, desk(), ALEX)
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
    page.goto("/clinic?search=rosa")
    page.get_by_role("link", name="Rosa Sample").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page.get_by_role("button", name="Make the link")).to_be_visible()
    for name in ("Change plan", "Stop", "Edit findings"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto("/clinic/templates")
    expect(page.get_by_role("button", name="Look at it").first).to_be_visible()
    expect(page.get_by_role("button", name="Use for a patient")).to_have_count(0)
    page.goto("/clinic/clinic")
    expect(page.get_by_text("Only an owner can change this.")).to_be_visible()
    expect(page.get_by_role("button", name="Invite", exact=True)).to_have_count(0)
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_clinic_screens_have_no_accessibility_violation(live: Live, desk: Open, scheme: str) -> None:
    page = sign_in(live, desk(color_scheme=scheme))
    found: dict[str, list[str]] = {}

    def check(name: str, ready: Locator) -> None:
        expect(ready.first).to_be_visible()
        violations = Axe().run(page).response["violations"]
        if violations:
            found[name] = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]

    check("caseload", page.get_by_role("row"))
    page.goto("/clinic?search=rosa")
    page.get_by_role("link", name="Rosa Sample").click()
    check("patient", page.get_by_role("heading", name="Check-ins"))
    page.goto("/clinic/library?search=clam")
    page.locator(".ex-card").first.click()
    check("library", page.get_by_role("heading", name="Sources").or_(page.get_by_text("Sources", exact=True)))
    copy_a_template(page)
    page.get_by_role("button", name="Dose of Breathe and brace").click()
    check("builder", page.get_by_role("spinbutton", name="Sets"))
    page.get_by_role("button", name="Prescribe").click()
    check("prescribe", page.get_by_role("heading", name="For whom?"))
    page.goto("/clinic/clinic")
    check("clinic", page.get_by_role("heading", name="Team"))
    assert found == {}, json.dumps(found, indent=1)
