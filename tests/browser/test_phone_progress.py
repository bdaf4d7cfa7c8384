"""Messages, progress, goals and the questions of baseline and follow-up: written without a network, killed in between,
there once, answered by the clinic, and read on both sides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.browser.test_phone_faults import join
from tests.browser.test_phone_screens import Screens
from tests.cable import Cable
from tests.servers import Live

Open = Callable[..., BrowserContext]


@pytest.fixture
def clinic(live: Live, desk: Open) -> ClinicDesk:
    return ClinicDesk(live, desk())


@pytest.fixture
def cable(live: Live) -> Iterator[Cable]:
    with Cable(live.base_url) as one:
        yield one


def stored(live: Live, who: Invited, kind: str) -> int:
    rows = live.query(
        "SELECT e.id FROM patients_entry e JOIN patients_patient p ON p.id = e.patient_id "
        "WHERE p.name = %s AND e.kind = %s AND e.voided_at IS NULL",
        *(who.name, kind),
    )
    return len(rows)


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def tap_score(page: Page, question: str, score: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_role("radio", name=score).click()


def test_what_is_written_without_a_network_is_there_once_and_answered(
    live: Live, persistent_phone: Open, cable: Cable, clinic: ClinicDesk, tmp_path: Path
) -> None:
    who = clinic.invite("Nell")
    context = persistent_phone(tmp_path / "phone")
    page = context.pages[0]
    join(page, cable, who)
    cable.cut()

    def again(path: str) -> Page:
        nonlocal context
        context.close()
        context = persistent_phone(tmp_path / "phone")
        page = context.pages[0]
        page.goto(cable.base_url + path)
        return page

    tab(page, "Messages")
    expect(page.get_by_role("link", name="Emergency: 112")).to_have_attribute("href", "tel:112")
    page.get_by_label("Write to Dana").fill("Can I do it on the bed?")
    tab(page, "Progress")
    expect(page.get_by_role("heading", name="Days")).to_be_visible()
    page = again("/messages")  # in the middle of writing
    expect(page.get_by_label("Write to Dana")).to_have_value("Can I do it on the bed?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("On this phone, not sent yet")).to_be_visible()
    expect(page.get_by_label("Write to Dana")).to_have_value("")

    tab(page, "Progress")
    page.get_by_role("link", name="Write a goal").click()
    page.get_by_label("What do you want to do again?").fill("Walk to the market")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Walk to the market")).to_be_visible()
    page.get_by_role("button", name="Answer now").click()
    tap_score(page, "your pain now", "0 no pain")
    tap_score(page, "on average", "4")
    expect(page.get_by_text("On average, 7 days 4")).to_be_visible()
    page = again("/outcome")  # in the middle of the questions
    screens = Screens(page)
    screens.check("pain questions", page.get_by_text("On average, 7 days 4"))
    page.get_by_role("button", name="Next, without an answer").click()
    page.get_by_role("button", name="Next").click()
    screens.check("activities", page.get_by_role("heading", name="Name 3 things"))
    page.get_by_role("button", name="climb stairs").click()
    page.get_by_role("button", name="Next").click()
    tap_score(page, "climb stairs", "3")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Thank you. That was all.")).to_be_visible()
    assert screens.found == {}, json.dumps(screens.found, indent=1)

    cable.mend()
    page.goto(cable.base_url + "/messages")
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    [message] = clinic.get(f"/patients/{who.id}/messages")["results"]
    assert message["body"] == "Can I do it on the bed?"
    assert [stored(live, who, kind) for kind in ("message", "goal", "outcome")] == [1, 1, 2]
    pain, activities = sorted(clinic.get(f"/patients/{who.id}/outcomes")["results"], key=lambda one: one["instrument"])
    assert pain["answers"] == {"now": 0, "average": 4, "worst": None}
    assert activities["answers"] == {"activities": [{"text": "climb stairs", "score": 3}]}

    tab(page, "Today")
    clinic.post(f"/patients/{who.id}/seen", {"items": [message["id"]]})
    clinic.post(
        f"/patients/{who.id}/messages", {"body": "Yes, with a towel under your back.", "answers": message["id"]}
    )
    page.reload()
    expect(page.get_by_role("link", name="Messages 1 new")).to_be_visible()
    answer = clinic.get(f"/patients/{who.id}/messages")["results"][0]
    assert answer["seen_at"] is None  # fetched is not looked at
    tab(page, "Messages")
    expect(page.get_by_text("Yes, with a towel under your back.")).to_be_in_viewport()
    expect(page.get_by_text("Seen by Dana")).to_be_visible()
    expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    for _ in range(50):
        if clinic.get(f"/patients/{who.id}/messages")["results"][0]["seen_at"] is not None:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the clinic never heard that the answer was looked at")

    cable.cut()
    page = again("/progress")
    expect(page.get_by_role("link", name="Walk to the market")).to_be_visible()
    page.get_by_role("link", name="Walk to the market").click()
    page.get_by_role("button", name="I have reached it").click()
    expect(page.get_by_text("Reached on")).to_be_visible()
    tab(page, "Messages")
    expect(page.get_by_text("Yes, with a towel under your back.")).to_be_visible()
    cable.mend()
    page.reload()
    for _ in range(50):
        goals = clinic.get(f"/patients/{who.id}/goals")["results"]
        if goals[0]["done_at"] is not None:
            break
        page.wait_for_timeout(100)
    assert [(goal["text"], goal["done_at"] is None) for goal in goals] == [("Walk to the market", False)]


def test_progress_and_messages_have_no_accessibility_violation(live: Live, phone: Open) -> None:
    demo = live.demo()
    small = {"width": 320, "height": 640}
    page = phone(viewport=small, reduced_motion="reduce").new_page()
    screens = Screens(page)
    at = page.get_by_role
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(demo["patient"]["email"])
    at("button", name="Use a password").click()
    page.get_by_label("Password").fill(demo["patient"]["password"])
    at("button", name="Sign in", exact=True).click()
    expect(at("button", name="Start")).to_be_visible()
    page.context.set_offline(True)  # nothing of this session is sent: other tests look at this patient too

    def check(name: str, ready: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            screens.check(f"{name}, {scheme}", at("heading", name=ready))

    tab(page, "Progress")
    check("progress", "Your goals")
    at("link", name="Write a goal").click()
    check("goal", "What do you want to do again?")
    at("button", name="Back").click()
    tab(page, "Messages")
    page.get_by_label("Write to Dana").fill("Can I do it on the bed?")
    at("button", name="Send").click()
    expect(page.get_by_text("On this phone, not sent yet")).to_be_visible()
    check("messages", "Dana Example")
    assert screens.found == {}, json.dumps(screens.found, indent=1)
