"""The hour of the reminder: asked after joining, from whoever can be reached, and changed under Me."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, expect

from tests.browser.clinic_desk import ClinicDesk
from tests.browser.test_phone_faults import enter
from tests.cable import Cable
from tests.servers import Live

Open = Callable[..., BrowserContext]


def rules(live: Live, name: str) -> list[list[Any]]:
    """Hours, weekdays, begin of quiet hours, channels, paused; SQLite keeps lists as text."""
    rows = live.query(
        "SELECT r.times, r.weekdays, r.quiet_from, r.channels, r.paused FROM reminders_reminderrule r "
        "JOIN patients_patient p ON p.id = r.patient_id WHERE p.name = %s",
        name,
    )
    return [[json.loads(one) if isinstance(one, str) and one[0] == "[" else one for one in row] for row in rows]


def test_hour_is_asked_after_joining_and_changed_under_me(live: Live, phone: Open, desk: Open, cable: Cable) -> None:
    who = ClinicDesk(live, desk()).invite("Nell", email="nell@placeholder.example")
    page = phone().new_page()
    enter(page, cable, who.path)
    expect(page.get_by_role("heading", name="When shall we remind you?")).to_be_visible()
    page.get_by_label("At this time").fill("07:30")
    page.get_by_role("button", name="Remind me by e-mail").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert rules(live, who.name) == [[["07:30"], [1, 2, 3, 4, 5, 6, 7], None, ["email"], False]]

    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("link", name="Reminder at 7:30").click()
    expect(page.get_by_label("At this time")).to_have_value("07:30")
    page.get_by_role("button", name="Sunday").click()
    page.get_by_role("switch", name="Quiet hours").click()
    page.get_by_label("From").fill("20:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Nothing from 20:00 to 7:00")).to_be_visible()
    page.get_by_role("switch", name="Reminders on or off").click()
    expect(page.get_by_text("Reminders are off")).to_be_visible()
    [(times, days, quiet, channels, paused)] = rules(live, who.name)
    assert (times, days, channels) == (["07:30"], [1, 2, 3, 4, 5, 6], ["email"])
    assert str(quiet).startswith("20:00")
    assert paused

    # Without a network: what is set can be read, and a change says what it needs.
    cable.cut()
    page.reload()
    page.get_by_role("switch", name="Reminders on or off").click()
    expect(page.get_by_role("alert")).to_contain_text("A change needs a network.")
    expect(page.get_by_text("Reminders are off")).to_be_visible()


def test_nobody_is_asked_twice_whom_no_way_leads_to(live: Live, phone: Open, desk: Open, cable: Cable) -> None:
    who = ClinicDesk(live, desk()).invite("Otto")
    context = phone()
    context.add_init_script("delete globalThis.PushManager")
    page = context.new_page()
    enter(page, cable, who.path)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("link", name="How it reaches you").click()
    expect(page.get_by_text("This browser cannot show reminders.")).to_be_visible()


def test_who_says_no_to_the_browser_is_told_what_remains(phone: Open, desk: Open, live: Live, cable: Cable) -> None:
    """Headless Chromium answers its own question with no, as people do."""
    clinic = ClinicDesk(live, desk())
    page = phone().new_page()
    enter(page, cable, clinic.invite("Otto").path)
    expect(page.get_by_text("A short message at 8:00")).to_be_visible()
    page.get_by_role("button", name="Remind me on this phone").click()
    expect(page.get_by_text("No messages on this phone, then. That is fine.")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
