"""Messages, progress, goals and the questions of baseline and follow-up: written without a network, killed in between,
there once, answered by the clinic, and read on both sides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.browser.test_phone_faults import enter, join
from tests.browser.test_phone_screens import Screens
from tests.cable import Cable
from tests.chromium import eventually, until
from tests.servers import Live

Open = Callable[..., BrowserContext]

# Of the message that is being written: whether the phone has it on disk.
KEPT = """async ([patient, body]) => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const db = await asked(indexedDB.open(`homestretch-patient-${patient}`));
  try {
    return (await asked(db.transaction("documents").objectStore("documents").get("messageDraft")))?.body === body;
  } finally {
    db.close();
  }
}"""


def stored(live: Live, who: Invited, kind: str) -> int:
    rows = live.query(
        "SELECT e.id FROM patients_entry e JOIN patients_patient p ON p.id = e.patient_id "
        "WHERE p.name = %s AND e.kind = %s AND e.voided_at IS NULL",
        *(who.name, kind),
    )
    return len(rows)


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile(rf"^{name}\b")).click()


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
    until(page, KEPT, [who.id, "Can I do it on the bed?"])
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
    onward = page.get_by_role("button", name="Next", exact=True)  # not the one before, which leaves a moment later
    onward.click()
    screens.check("activities", page.get_by_role("heading", name="Name 3 things"))
    page.get_by_role("button", name="climb stairs").click()
    onward.click()
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
    newest = f"/patients/{who.id}/messages"
    eventually(page, lambda: clinic.get(newest)["results"][0]["seen_at"], "the clinic hears that it was looked at")

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
    goals = f"/patients/{who.id}/goals"
    eventually(page, lambda: clinic.get(goals)["results"][0]["done_at"], "the clinic hears that the goal is reached")
    assert [goal["text"] for goal in clinic.get(goals)["results"]] == ["Walk to the market"]


# The disk refuses the first message, once.
FULL_ONCE = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, ...key) {
  if (value?.item?.type === "message" && !sessionStorage.getItem("refused")) {
    sessionStorage.setItem("refused", "yes");
    throw new DOMException("full", "QuotaExceededError");
  }
  return put.call(this, value, ...key);
};
"""
# Off it goes, and the next letter is typed before anything is on disk.
SEND_AND_TYPE = """async () => {
  const line = document.querySelector(".cmp textarea");
  line.form.requestSubmit();
  await new Promise((go) => setTimeout(go, 0));
  line.value += "Thank";
  line.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def test_a_letter_typed_while_sending_is_the_next_message_and_nothing_typed_is_lost(
    live: Live, phone: Open, cable: Cable, clinic: ClinicDesk
) -> None:
    who = clinic.invite("Nell")
    context = phone()
    context.add_init_script(FULL_ONCE)
    page = context.new_page()
    join(page, cable, who)
    tab(page, "Messages")
    line = page.get_by_label("Write to Dana")
    line.fill("On the bed?")
    page.get_by_role("button", name="Send").click()  # and the disk is full
    expect(line).to_have_value("On the bed?")
    page.evaluate("() => new Promise((go) => setTimeout(go, 200))")
    expect(line).to_have_value("On the bed?")
    assert stored(live, who, "message") == 0
    page.evaluate(SEND_AND_TYPE)
    expect(line).to_have_value("Thank")
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    page.reload()
    expect(line).to_have_value("Thank")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Sent", exact=True)).to_have_count(2)
    bodies = [one["body"] for one in clinic.get(f"/patients/{who.id}/messages")["results"]]
    assert sorted(bodies) == ["On the bed?", "Thank"]


def test_the_focus_goes_on_with_the_questions(phone: Open, cable: Cable, clinic: ClinicDesk) -> None:
    page = phone().new_page()
    join(page, cable, clinic.invite("Nell"))
    page.get_by_role("button", name="Answer now").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    tap_score(page, "your pain now", "3")
    question = page.get_by_role("heading", level=2)
    expect(page.get_by_role("radiogroup", name="on average")).to_be_visible()
    expect(question).to_be_focused()
    page.get_by_role("button", name="Next, without an answer").press("Enter")
    expect(page.get_by_role("radiogroup", name="worst")).to_be_visible()
    expect(question).to_be_focused()
    page.get_by_role("button", name="Change").first.press("Enter")
    expect(page.get_by_role("radiogroup", name="your pain now")).to_be_visible()
    expect(question).to_be_focused()


# Two taps before the first of them is on disk.
TWO_TAPS = "(buttons) => buttons.forEach((one) => one.click())"
# Letters, each before the one before is on disk.
TYPE = """async (line, text) => {
  for (const letter of text) {
    line.value += letter;
    line.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((go) => setTimeout(go, 0));
  }
}"""


def test_answers_that_follow_within_a_blink_are_all_kept(phone: Open, cable: Cable, clinic: ClinicDesk) -> None:
    who = clinic.invite("Nell")
    page = phone().new_page()
    join(page, cable, who)
    page.get_by_role("button", name="Answer now").click()
    expect(page.get_by_role("radiogroup", name="your pain now")).to_be_visible()

    def tap_at_once(*buttons: Locator) -> None:
        page.evaluate(TWO_TAPS, [one.element_handle() for one in buttons])

    without = page.get_by_role("button", name="Next, without an answer")
    onward = page.get_by_role("button", name="Next", exact=True)
    tap_at_once(page.get_by_role("radio", name="3", exact=True), without)
    expect(page.get_by_text("Now 3")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="on average")).to_be_visible()
    without.click()
    expect(page.get_by_role("radiogroup", name="worst")).to_be_visible()
    without.click()
    onward.click()
    expect(page.get_by_role("heading", name="Name 3 things")).to_be_visible()
    text = "carry the shopping up to the third floor"
    page.get_by_label("Number 3").evaluate(TYPE, text)
    expect(page.get_by_label("Number 3")).to_have_value(text)
    chip = page.get_by_role("button", name="climb stairs")
    tap_at_once(chip, page.get_by_role("button", name="walk with normal steps"), onward)
    for activity, score in (("climb stairs", "2"), ("walk with normal steps", "4"), (text, "6")):
        tap_score(page, activity, score)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Thank you. That was all.")).to_be_visible()
    page.goto(cable.base_url)
    expect(page.get_by_role("listitem").filter(has_text="Sent").first).to_have_class("on")
    pain, activities = sorted(clinic.get(f"/patients/{who.id}/outcomes")["results"], key=lambda one: one["instrument"])
    assert pain["answers"] == {"now": 3, "average": None, "worst": None}
    assert [one["score"] for one in activities["answers"]["activities"]] == [2, 4, 6]
    assert activities["answers"]["activities"][2]["text"] == text


def test_what_was_never_fetched_is_not_said_to_be_empty(phone: Open, cable: Cable, clinic: ClinicDesk) -> None:
    context = phone()
    for path in ("messages", "progress", "reminders"):
        context.route(f"**/api/v1/me/{path}*", lambda route: route.abort())
    page = context.new_page()
    enter(page, cable, clinic.invite("Nell").path)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    loading, empty = page.get_by_role("status", name="Loading"), page.get_by_text("No messages yet.")

    tab(page, "Messages")
    expect(page.get_by_text("Your messages come with the first network.")).to_be_visible()
    expect(loading.or_(empty)).to_have_count(0)
    # Others are answered: that does not bring the messages, and the screen does not go on waiting for them.
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    news = re.compile(r"/api/v1/me/(messages|progress)\b")
    context.route(news, hold)
    page.evaluate("dispatchEvent(new Event('online'))")
    eventually(page, lambda: asked, "the messages are asked for again")
    expect(loading.or_(empty)).to_have_count(0)
    context.unroute(news, hold)
    tab(page, "Me")
    expect(page.get_by_text("Your reminders are not on this phone yet.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)

    context.clear_cookies()
    for path in ("/messages", "/progress", "/me"):
        page.goto(cable.base_url + path)
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        expect(loading.or_(empty)).to_have_count(0)
        expect(page.get_by_text("with the first network")).to_have_count(0)


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
    # Not before the app says that it needs no network: a screen's chunk may still be on its way.
    expect(page.get_by_text("Ready without a network until")).to_be_visible()
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
