"""The hour of the reminder: asked after joining, from whoever can be reached, and changed under Me."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.clinic_desk import ClinicDesk
from tests.browser.test_phone_faults import enter
from tests.cable import Cable
from tests.servers import Live

Open = Callable[..., BrowserContext]


@pytest.fixture
def cable(live: Live) -> Iterator[Cable]:
    with Cable(live.base_url) as one:
        yield one


def rules(live: Live, name: str) -> list[tuple[object, ...]]:
    return live.query(
        "SELECT r.timezone, r.paused FROM reminders_reminderrule r "
        "JOIN patients_patient p ON p.id = r.patient_id WHERE p.name = %s",
        name,
    )


def test_hour_is_asked_after_joining_and_changed_under_me(live: Live, phone: Open, desk: Open, cable: Cable) -> None:
    who = ClinicDesk(live, desk()).invite("Nell", email="nell@placeholder.example")
    page = phone().new_page()
    enter(page, cable, who.path)
    expect(page.get_by_role("heading", name="When shall we remind you?")).to_be_visible()
    page.get_by_label("At this time").fill("07:30")
    page.get_by_role("button", name="Remind me").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert len(rules(live, who.name)) == 1

    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("link", name="Reminder").click()
    expect(page.get_by_label("At this time")).to_have_value("07:30")
    page.get_by_role("button", name="No reminders").click()
    expect(page.get_by_role("heading", name="Me")).to_be_visible()
    assert rules(live, who.name) == []


def test_nobody_is_asked_whom_no_mail_can_reach(live: Live, phone: Open, desk: Open, cable: Cable) -> None:
    who = ClinicDesk(live, desk()).invite("Otto")
    page = phone().new_page()
    enter(page, cable, who.path)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("link", name="Reminder").click()
    expect(page.get_by_text("your clinic has no address of yours yet")).to_be_visible()
