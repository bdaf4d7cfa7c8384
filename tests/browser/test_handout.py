"""The handout's desk: choose paper and language, see the page, print it; and what stands on it works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clinic_desk import BIRTH_DATE, ClinicDesk
from tests.pdfs import Pdf
from tests.servers import Live

Open = Callable[..., BrowserContext]
ALEX = "alex@clinic.example"


def saved(page: Page) -> Pdf:
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as PDF").click()
    assert download.value.suggested_filename == "handout.pdf"
    return Pdf(Path(download.value.path()).read_bytes())


def violations(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]


def test_a_patients_page_is_made_looked_at_and_its_code_joins(live: Live, desk: Open, phone: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = clinic.invite("Hanna", "Bridge", language="es")
    page = context.new_page()
    page.goto(f"/clinic/patients/{patient.id}")
    page.get_by_role("link", name="Print handout").click()

    # What the clinic's printer holds and the patient speaks is chosen already; nothing is made before it is asked for.
    expect(page.get_by_role("button", name="A4")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Español")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("ends the code on an earlier page")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_title("The page, as it will be printed")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    first = saved(page)
    assert (first.size_mm, first.root["/Lang"]) == ((210, 297), "es")
    assert f"Ejercicios para {patient.name}" in first.text

    # Another paper is another page: the old one goes from the screen, and its code ends with the new one.
    page.get_by_role("button", name="Letter").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Made with other settings.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    page.get_by_role("button", name="Make it anew").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    second = saved(page)
    assert (second.size_mm, second.root["/Lang"]) == ((216, 279), "en")

    # Without a code nothing ends.
    page.get_by_label("Code to join by phone").uncheck()
    page.get_by_label("Large print").check()
    page.get_by_role("button", name="Make it anew").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert saved(page).codes == []

    mobile = phone().new_page()
    mobile.goto(first.codes[0])
    born(mobile)
    expect(mobile.get_by_text("This link does not work any more.")).to_be_visible()
    mobile.goto(second.codes[0])
    born(mobile)
    expect(mobile.get_by_text("Hello Hanna.")).to_be_visible()


def born(page: Page) -> None:
    for name, value in (("Day", BIRTH_DATE.day), ("Month", BIRTH_DATE.month), ("Year", BIRTH_DATE.year)):
        page.get_by_label(name).fill(str(value))
    page.get_by_role("button", name="Go on").click()


def test_a_stopped_plan_is_not_printed_and_the_page_says_why(live: Live, desk: Open) -> None:
    context = desk()
    clinic = ClinicDesk(live, context)
    patient = clinic.invite("Hugo", "Bridge")
    [plan] = clinic.get(f"/patients/{patient.id}/plans")["results"]
    page = context.new_page()
    page.goto(f"/clinic/handout?plan={plan['id']}")
    page.get_by_role("button", name="Make the page").wait_for()
    clinic.post(f"/plans/{plan['id']}/stop", {"reason": "moved away"})
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_role("alert")).to_contain_text("This plan has ended. There is nothing to print.")
    expect(page.get_by_role("button", name="Print")).to_have_count(0)


def test_a_templates_page_is_shown_at_once_and_follows_the_choices(live: Live, desk: Open) -> None:
    context = desk()
    ClinicDesk(live, context)
    page = context.new_page()
    page.goto("/clinic/templates")
    page.get_by_role("link", name="Handout: Ischiofemoral impingement").click()
    expect(page.get_by_title("The page, as it will be printed")).to_be_visible()
    one_phase = saved(page)
    assert one_phase.codes == []
    assert "Phase 1:" in one_phase.text
    assert "Phase 2:" not in one_phase.text
    with page.expect_response("**/handout.pdf?*"):
        page.get_by_label("Phase").select_option(label="All phases")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert "Phase 2:" in saved(page).text
    assert violations(page) == []


def test_an_assistant_prints_handouts_too(live: Live, desk: Open) -> None:
    patient = ClinicDesk(live, desk()).invite("Hedda", "Bridge")
    context = desk()
    ClinicDesk(live, context, email=ALEX)
    page = context.new_page()
    page.goto(f"/clinic/patients/{patient.id}")
    page.get_by_role("link", name="Print handout").click()
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert "Dana Example" in saved(page).text
