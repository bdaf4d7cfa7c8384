"""The check-in, warning signs and stops on a real phone screen: without a network, through a killed browser, up to the
server's lock and the clinician who opens it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.browser.test_main_job import choices
from tests.browser.test_phone_faults import join, sent
from tests.browser.test_phone_screens import Screens
from tests.cable import Cable
from tests.servers import Live

Open = Callable[..., BrowserContext]


def pain(page: Page, score: int) -> None:
    page.get_by_role("radiogroup", name="this morning").get_by_role("radio").nth(score).click()


def onward(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def to_signs(page: Page) -> None:
    """From Today to the last page, with a quiet morning."""
    page.get_by_role("link", name="Morning check-in").click()
    pain(page, 2)
    choices(page, "usual morning").nth(1).click()
    onward(page)
    page.get_by_role("button", name="No pain or tingling").click()
    choices(page, "Tingling, numbness").first.click()
    onward(page)
    choices(page, "weaker than last week").first.click()
    choices(page, "new numb area").first.click()


def stored(live: Live, who: Invited) -> list[dict[str, Any]]:
    rows = live.query(
        "SELECT e.payload FROM patients_entry e JOIN patients_patient p ON p.id = e.patient_id "
        "WHERE p.name = %s AND e.kind = 'checkin' AND e.voided_at IS NULL",
        who.name,
    )
    payloads = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]
    return [payload["answers"] for payload in payloads]


def locks(live: Live, who: Invited) -> list[tuple[Any, ...]]:
    return live.query(
        "SELECT l.kind, l.until FROM patients_lock l JOIN patients_patient p ON p.id = l.patient_id WHERE p.name = %s",
        who.name,
    )


def test_morning_without_a_network_through_a_killed_browser_stops_the_day_and_is_sent_once(
    live: Live, persistent_phone: Open, cable: Cable, clinic: ClinicDesk, tmp_path: Path
) -> None:
    who = clinic.invite("Nell")
    context = persistent_phone(tmp_path / "phone")
    page = context.pages[0]
    join(page, cable, who)
    cable.cut()
    page.get_by_role("link", name="Morning check-in").click()
    page.get_by_role("button", name="Next, without an answer").click()  # skipping is a button that says so
    page.get_by_role("button", name="Change").click()
    pain(page, 0)
    choices(page, "usual morning").first.click()
    onward(page)
    page.get_by_role("button", name="Thigh", exact=True).click()
    expect(page.get_by_role("img", name="Left leg: Thigh")).to_be_visible()

    context.close()
    context = persistent_phone(tmp_path / "phone")
    page = context.pages[0]
    page.goto(cable.base_url)
    page.get_by_role("link", name="Morning check-in").click()
    expect(page.get_by_text("Pain 0, less than usual")).to_be_visible()
    expect(page.get_by_role("button", name="Thigh", exact=True)).to_have_attribute("aria-pressed", "true")
    choices(page, "Tingling, numbness").nth(1).click()
    onward(page)
    choices(page, "weaker than last week").last.click()
    giving_way = choices(page, "Foot drop, leg giving way")  # R06 asks for RF2 at once
    giving_way.last.click()
    expect(page.get_by_role("button", name="Next: what to do now")).to_be_visible()
    giving_way.first.click()
    expect(page.get_by_text("No answer yet to: new numb area")).to_be_visible()
    page.get_by_role("button", name="None of these").click()

    expect(page.get_by_role("heading", name="Stop for today")).to_be_visible()
    expect(page.get_by_text("Stop exercises today and contact your clinician.")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_hidden()
    expect(page.get_by_role("listitem").filter(has_text="Morning check-in")).to_contain_text("pain 0")
    page.get_by_role("button", name="Not today").click()
    expect(page.get_by_role("link", name="Weekly questions")).to_be_hidden()
    assert stored(live, who) == []
    cable.mend()
    page.reload()
    sent(page)
    said = {"q_morning": 0, "q_morning_vs": "less", "q_radiate": 2, "q_tingle": 1}
    assert stored(live, who) == [{**said, "q_weak": "yes", "q_numb_new": None, "q_redflag": []}]
    assert [kind for kind, _ in locks(live, who)] == ["stop"]


def test_warning_sign_locks_without_a_network_until_a_clinician_unlocks(
    live: Live, persistent_phone: Open, cable: Cable, clinic: ClinicDesk, tmp_path: Path
) -> None:
    who = clinic.invite("Otto")
    context = persistent_phone(tmp_path / "phone")
    page = context.pages[0]
    join(page, cable, who)
    cable.cut()
    to_signs(page)
    page.get_by_role("checkbox", name="Loss of bowel control").click()
    page.get_by_role("button", name="Next: what to do now").click()
    act = "Go to an emergency department now."
    expect(page.get_by_role("heading", name=act)).to_be_visible()
    expect(page.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    expect(page.get_by_text("Do not wait for a reply in this app.")).to_be_visible()
    expect(page.get_by_text("not watched all the time")).to_be_visible()

    # A restart shows it again; the session cannot be reached, nor the lock talked away.
    context.close()
    context = persistent_phone(tmp_path / "phone")
    page = context.pages[0]
    page.goto(f"{cable.base_url}/session")
    expect(page.get_by_role("heading", name=act)).to_be_visible()
    page.get_by_role("button", name="I gave a wrong answer").click()
    expect(page.get_by_role("dialog")).to_contain_text("exercises stay paused")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Go to the app").click()
    expect(page.get_by_role("heading", name="Your exercises are paused")).to_be_visible()
    expect(page.get_by_role("region", name="Today’s exercises, paused")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_hidden()

    cable.mend()
    page.reload()
    expect(page.get_by_text("Sent to your clinic.")).to_be_visible()
    assert [answers["q_redflag"] for answers in stored(live, who)] == [["RF1.bowel"]]
    assert locks(live, who) == [("red_flag", None)]
    page.reload()
    expect(page.get_by_role("heading", name=act)).to_be_visible()  # the server's lock now
    clinic.post(f"/patients/{who.id}/unlock", {"note": "Seen in hospital, all clear."})
    page.reload()
    expect(page.get_by_text("has opened your exercises again")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_screens_on_a_small_dark_phone_with_double_text_by_keyboard(
    phone: Open, cable: Cable, clinic: ClinicDesk
) -> None:
    """320 px and text at 200 %: no accessibility violation, nothing wider than the screen, every control by Tab."""
    who = clinic.invite("Rae")
    context = phone(color_scheme="dark", viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page = context.new_page()
    join(page, cable, who)
    cable.cut()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    screens = Screens(page)

    def press(*names: str) -> None:
        """To the button or link of that name with Tab alone, then Enter."""
        for name in names:
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
                    break
            else:
                raise AssertionError(f"60 times Tab do not come to “{name}”")
            page.keyboard.press("Enter")

    screens.check("today", page.get_by_role("link", name="Morning check-in"))
    press("Morning check-in")
    screens.check("pain", page.get_by_role("radiogroup"))
    press("0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    press("Same", "Next")
    screens.check("leg", page.get_by_role("button", name="Thigh"))
    press("Right", "Foot", "Left", "Knee", "Now and then", "Next")
    # Both legs: the sign is ticked by what was said, and cannot be taken back here.
    signs = page.get_by_role("checkbox", name="Pain or weakness in both legs")
    screens.check("signs", signs)
    expect(signs).to_be_checked()
    press("Yes", "No")
    screens.check("weaker", page.get_by_role("group", name="Foot drop"))
    press("Next: what to do now")
    screens.check("warning", page.get_by_role("link", name="Call 112"))
    press("Go to the app")
    screens.check("locked", page.get_by_role("heading", name="Your exercises are paused"))
    page.evaluate("history.pushState(null, '', '/checkin/weekly'); dispatchEvent(new PopStateEvent('popstate'))")
    screens.check("weekly", page.get_by_role("heading", name="How strong is your pain now?"))
    assert screens.found == {}, json.dumps(screens.found, indent=1)
