"""The main job in real browsers against the real servers: prescribe, join, exercise without a network, kill the
browser, come back, and nothing is lost or doubled; the therapist sees the session with its pain scores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.cable import Cable
from tests.servers import Live

PATIENT = "Nell Placeholder"
Open = Callable[..., BrowserContext]


def sign_in(page: Page, who: dict[str, str]) -> None:
    page.goto("/clinic/sign-in")
    page.get_by_label("E-mail").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Rosa Sample").first).to_be_visible()


def find_an_exercise(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    page.get_by_label("Search by any name").fill("clamshel")  # one letter short, and a synonym
    expect(page.get_by_text("Clam with band").first).to_be_visible()


def add_patient(page: Page) -> None:
    page.get_by_role("link", name="Caseload").click()
    page.get_by_role("button", name="Add a patient").or_(page.get_by_role("link", name="Add a patient")).first.click()
    page.get_by_label("Name", exact=True).fill(PATIENT)
    page.get_by_label("Birth date").fill("1958-02-11")
    page.get_by_role("button", name="Add, then build the program").click()


def copy_template_and_change_a_dose(page: Page) -> None:
    use = "Use for a patient: Ischiofemoral"
    page.get_by_role("button", name=use).or_(page.get_by_role("link", name=use)).first.click()
    page.get_by_role("button", name="Dose of Knee drop-in").first.click()
    page.get_by_label("Sets").fill("4")
    page.keyboard.press("Tab")
    expect(page.get_by_text("All saved")).to_be_visible()


def prescribe_and_invite(page: Page) -> str:
    page.get_by_role("button", name="Prescribe").first.click()
    page.get_by_role("button", name="Prescribe now").click()
    expect(page.get_by_role("heading", name=f"{PATIENT} has a plan")).to_be_visible()
    link = page.get_by_label("Invitation link")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    return link.input_value()


def join(page: Page, link: str) -> None:
    page.goto(link)
    for part, typed in (("Day", "11"), ("Month", "02"), ("Year", "1958")):
        page.get_by_label(part).fill(typed)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Hello Nell")).to_be_visible()
    page.get_by_role("button", name="I agree").click()
    # What comes next depends on whether the browser offers to install.
    later = page.get_by_role("button", name="Later").or_(page.get_by_role("button", name="Open my plan"))
    later.first.click()
    page.get_by_role("button", name="Not now").click()  # reminders
    expect(page.get_by_role("heading", name="7 to go")).to_be_visible()


def choices(page: Page, question: str) -> Locator:
    group = page.get_by_role("group", name=question)
    return group.get_by_role("button")


def rate(page: Page, pain: int) -> bool:
    """Answer one exercise; whether it was the last."""
    page.get_by_role("button", name="Next", exact=True).click()
    choices(page, "How many sets").last.click()
    hurt = page.get_by_role("radiogroup", name="How much did it hurt")
    hurt.get_by_role("radio", name=str(pain), exact=True).click()
    choices(page, "How was it").nth(1).click()
    last = page.get_by_role("button", name="Next: the end")
    onward = page.get_by_role("button", name="Next: ")
    expect(onward).to_be_visible()
    done = last.is_visible()
    onward.click()
    return done


def test_prescribe_join_exercise_offline_and_see_it(
    live: Live, desk: Open, persistent_phone: Open, tmp_path: Path
) -> None:
    demo = live.demo()
    clinic = desk().new_page()
    sign_in(clinic, demo["therapist"])
    find_an_exercise(clinic)
    add_patient(clinic)
    copy_template_and_change_a_dose(clinic)
    link = prescribe_and_invite(clinic)

    with Cable(live.base_url) as cable:
        do_the_session(live, cable, persistent_phone, tmp_path / "phone", link)
        see_it(live, cable, persistent_phone, tmp_path / "phone", clinic)


def do_the_session(live: Live, cable: Cable, persistent_phone: Open, profile: Path, link: str) -> None:
    phone = persistent_phone(profile)
    page = phone.pages[0]
    third_parties: list[str] = []
    own = (cable.base_url, "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else third_parties.append(request.url))
    join(page, link.replace(live.base_url, cable.base_url))
    expect(page.get_by_text("4 × 8, hold 5 s")).to_be_visible()  # the dose that was changed
    expect(page.get_by_text("Ready without a network until")).to_be_visible()

    # The network goes; half a session; the browser is killed in the middle of it.
    cable.cut()
    phone.set_offline(True)
    page.get_by_role("button", name="Start").click()
    for pain in (2, 3):
        assert not rate(page, pain)
    expect(page.get_by_text("3 of 7")).to_be_visible()
    phone.close()

    # Opened again, still without a network: it offers to go on where it was.
    phone = persistent_phone(profile, offline=True)
    page = phone.pages[0]
    page.goto(cable.base_url)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("3 of 7")).to_be_visible()
    while not rate(page, 1):
        pass
    expect(page.get_by_role("heading", name="All 7 done.")).to_be_visible()
    now = page.get_by_role("radiogroup", name="How strong is your pain now")
    now.get_by_role("radio", name="3", exact=True).click()
    page.get_by_text("Somewhat hard").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="All 7 done.")).to_be_visible()
    assert entries_of(live) == 0
    assert third_parties == []
    phone.close()


def see_it(live: Live, cable: Cable, persistent_phone: Open, profile: Path, clinic: Page) -> None:
    # Opened a third time without a network, then back online: it sends by itself.
    phone = persistent_phone(profile, offline=True)
    page = phone.pages[0]
    page.goto(cable.base_url)
    expect(page.get_by_role("heading", name="All 7 done.")).to_be_visible()
    expect(page.get_by_text("No network. 1 waits on this phone.")).to_be_visible()
    cable.mend()
    phone.set_offline(False)
    expect(page.get_by_text("No network")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="Sent").first).to_have_class("on")
    page.reload()
    expect(page.get_by_role("heading", name="All 7 done.")).to_be_visible()
    assert entries_of(live) == 1

    # The therapist sees the session with its pain scores, and the phone learns that it was seen. It is told a second
    # after the session has come to the screen, once: whoever begins to listen later may have missed it.
    with clinic.expect_response("**/seen"):
        clinic.get_by_role("button", name=f"To {PATIENT}’s page").or_(
            clinic.get_by_role("link", name=f"To {PATIENT}’s page")
        ).first.click()
    expect(clinic.get_by_text("after 3 · effort 4")).to_be_visible()
    expect(clinic.get_by_text("7 of 7")).to_be_visible()
    row = clinic.get_by_role("row").filter(has_text="Knee drop-in")
    expect(row.get_by_role("cell").filter(has_text="3").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Seen by Dana").first).to_have_class("on")


def entries_of(live: Live) -> int:
    [(count,)] = live.query(
        "SELECT count(*) FROM patients_entry e JOIN patients_patient p ON p.id = e.patient_id "
        "WHERE p.name = %s AND e.kind = 'session'",
        PATIENT,
    )
    return int(count)
