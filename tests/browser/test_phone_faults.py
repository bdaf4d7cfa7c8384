"""What goes wrong on real phones: killed apps, lost answers, sessions that ended, two people on one phone. Nothing is
lost, nothing doubled, nothing filed under the wrong person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.browser.test_main_job import choices, rate
from tests.cable import Cable
from tests.chromium import eventually
from tests.servers import Live

Open = Callable[..., BrowserContext]


def enter(page: Page, cable: Cable, path: str) -> None:
    """Through an invitation, to the question about reminders."""
    page.goto(cable.base_url + path)
    for part, typed in (("Day", "11"), ("Month", "02"), ("Year", "1958")):
        page.get_by_label(part).fill(typed)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Later").or_(page.get_by_role("button", name="Open my plan")).first.click()


def no_reminder(page: Page) -> None:
    page.get_by_role("button", name="Not now").click()


def join(page: Page, cable: Cable, who: Invited) -> None:
    enter(page, cable, who.path)
    no_reminder(page)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    expect(page.get_by_text("Ready without a network until")).to_be_visible()


def do_everything(page: Page, pain: int) -> None:
    page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")).click()
    while not rate(page, pain):
        pass
    expect(page.get_by_role("heading", name="done.")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()  # Today, no longer the end of the session


def sent(page: Page) -> None:
    expect(page.get_by_role("listitem").filter(has_text="Sent").first).to_have_class("on")


def end_sign_in(phone: Open, context: BrowserContext) -> None:
    """The server forgets this phone's sign-in; the phone keeps its cookie. Clearing the cookies instead leaves a gap:
    a send that already had its cookie when the line was cut may get through once the line is mended."""
    elsewhere = phone(storage_state=context.storage_state())
    token = next(str(cookie.get("value")) for cookie in elsewhere.cookies() if cookie.get("name") == "csrftoken")
    answer = elsewhere.request.delete("/_allauth/browser/v1/auth/session", headers={"X-CSRFToken": token})
    assert answer.status == 401  # allauth's way to say: signed out


def sessions(live: Live, who: Invited) -> list[tuple[object, ...]]:
    """Every session stored for this person, with the worst pain in it."""
    return live.query(
        "SELECT e.pain_max FROM patients_entry e JOIN patients_patient p ON p.id = e.patient_id "
        "WHERE p.name = %s AND e.kind = 'session' AND e.voided_at IS NULL",
        who.name,
    )


def test_the_answer_of_a_sync_gets_lost_and_the_session_is_stored_once(
    live: Live, phone: Open, cable: Cable, clinic: ClinicDesk
) -> None:
    who = clinic.invite("Nell")
    context = phone()
    page = context.new_page()
    join(page, cable, who)
    cable.deaf = True
    do_everything(page, 2)
    eventually(page, lambda: sessions(live, who), "the session reaches the server")
    assert sessions(live, who) == [(2,)]
    expect(page.get_by_role("listitem").filter(has_text="Sent").first).not_to_have_class("on")
    cable.deaf = False
    page.reload()
    sent(page)
    assert sessions(live, who) == [(2,)]


def test_killed_on_every_screen_of_a_session(
    live: Live, persistent_phone: Open, cable: Cable, clinic: ClinicDesk, tmp_path: Path
) -> None:
    """Closed without a word after each step, opened again: the step is still there."""
    who = clinic.invite("Nell", "Bridge", "Clam")
    context = persistent_phone(tmp_path / "phone")
    join(context.pages[0], cable, who)
    cable.cut()

    def again() -> Page:
        nonlocal context
        context.close()
        context = persistent_phone(tmp_path / "phone")
        page = context.pages[0]
        page.goto(cable.base_url)
        return page

    page = again()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page = again()  # in the first exercise
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Next", exact=True).click()
    choices(page, "How many sets").last.click()
    pain = page.get_by_role("radiogroup", name="How much did it hurt").get_by_role("radio", name="4", exact=True)
    pain.click()
    expect(pain).to_be_checked()  # what is shown is on disk; a tap that shows nothing yet was never promised
    page = again()  # in the middle of the answers
    page.get_by_role("button", name="Go on").click()
    hurt = page.get_by_role("radiogroup", name="How much did it hurt").get_by_role("radio", name="4", exact=True)
    expect(hurt).to_be_checked()
    choices(page, "How was it").nth(1).click()
    page.get_by_role("button", name="Next: ").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page = again()  # between two exercises
    page.get_by_role("button", name="Go on").click()
    assert rate(page, 1)
    now = page.get_by_role("radiogroup", name="How strong is your pain now")
    now.get_by_role("radio", name="3", exact=True).click()
    page = again()  # at the end, before Done
    expect(page.get_by_role("heading", name="All 2 done.")).to_be_visible()
    cable.mend()
    page.reload()
    sent(page)
    assert sessions(live, who) == [(4,)]


def test_sign_in_expired_with_a_full_outbox(live: Live, phone: Open, cable: Cable, clinic: ClinicDesk) -> None:
    """Nothing is lost; a new invitation is the way back in, and then it is sent."""
    who = clinic.invite("Nell")
    context = phone()
    page = context.new_page()
    join(page, cable, who)
    cable.cut()
    do_everything(page, 2)
    end_sign_in(phone, context)
    cable.mend()
    page.reload()
    expect(page.get_by_text("Sign in again to send. Nothing is lost.")).to_be_visible()
    assert sessions(live, who) == []
    url = clinic.post(f"/patients/{who.id}/invitation", {})["url"]
    enter(page, cable, url.removeprefix(live.base_url))
    no_reminder(page)
    sent(page)
    assert sessions(live, who) == [(2,)]


def test_two_people_on_one_phone_never_share_an_outbox(
    live: Live, phone: Open, cable: Cable, clinic: ClinicDesk
) -> None:
    first, second = clinic.invite("Nell"), clinic.invite("Otto")
    context = phone()
    page = context.new_page()
    join(page, cable, first)
    cable.cut()
    do_everything(page, 7)
    end_sign_in(phone, context)  # with her session unsent
    cable.mend()
    join(page, cable, second)
    do_everything(page, 1)
    sent(page)
    assert sessions(live, first) == []
    assert sessions(live, second) == [(1,)]
    # Nell comes back on the same phone: what she did is sent, once, as hers.
    end_sign_in(phone, context)
    url = clinic.post(f"/patients/{first.id}/invitation", {})["url"]
    enter(page, cable, url.removeprefix(live.base_url))
    no_reminder(page)
    sent(page)
    assert sessions(live, first) == [(7,)]
    assert sessions(live, second) == [(1,)]
