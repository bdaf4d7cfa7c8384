"""Pushes, delivered to the real service worker: what it shows, what its buttons do, and what it keeps to itself.

Headless Chromium reaches no push service, so `pushManager.subscribe` alone is replaced; a push is handed to the worker
by the browser's own protocol, and what it shows is read from the registration.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Worker, expect

from tests.browser.clinic_desk import ClinicDesk, Invited
from tests.browser.test_phone_faults import do_everything, enter, sessions
from tests.cable import Cable
from tests.chromium import PATIENCE_S, eventually, until
from tests.reminders.push_service import PushService, push_service
from tests.servers import Live

Open = Callable[..., BrowserContext]

SUBSCRIBE = """
PushManager.prototype.subscribe = async (options) => ({
  endpoint: %(endpoint)s, options, toJSON: () => (%(body)s), unsubscribe: async () => true,
});
"""
SHOWN = """async () => {
  return (await registration.getNotifications()).map(({title, body, tag, actions, silent}) =>
    ({title, body, tag, silent, actions: actions.map((one) => one.action)}));
}"""
TAP = """async ([tag, action]) => {
  const [notification] = await registration.getNotifications({tag});
  const done = [];
  const event = new NotificationEvent("notificationclick", {notification, action});
  event.waitUntil = (work) => done.push(work);
  dispatchEvent(event);
  await Promise.all(done);
}"""
REFUSED_CLIPBOARD = """() => {
  navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
}"""
# What the browser does when its push service gives an address up, with the address it will have from now on.
RENEW = """async ([endpoint, body]) => {
  PushManager.prototype.subscribe = async (options) => ({
    endpoint, options, toJSON: () => body, unsubscribe: async () => true,
  });
  const done = [];
  const event = new ExtendableEvent("pushsubscriptionchange");
  event.waitUntil = (work) => done.push(work);
  dispatchEvent(event);
  await Promise.all(done);
}"""
# Words that would tell a stranger who looks at the screen what it is about.
TELLING = ("exercise", "pain", "hip", "bridge", "clam", "therap", "red flag", "warning")


def forenoon() -> str:
    """A zone in which it is ten in the morning, so that "later today" is today whenever the test runs."""
    ahead = 10 - dt.datetime.now(dt.UTC).hour
    return f"Etc/GMT{-(ahead if ahead >= -12 else ahead + 24):+d}"


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as one:
        yield one


@dataclass
class Phone:
    """A phone that may show notifications, with its service worker."""

    live: Live
    context: BrowserContext
    page: Page
    cable: Cable
    zone: str
    browser: CDPSession = field(init=False)
    to: dict[str, str] = field(init=False)

    @property
    def worker(self) -> Worker:
        return self.context.service_workers[0]

    def join(self, who: Invited) -> None:
        """Reminders on this phone at eight; the worker is in charge."""
        enter(self.page, self.cable, who.path)
        self.page.get_by_role("button", name="Remind me on this phone").click()
        expect(self.page.get_by_role("button", name="Start")).to_be_visible()
        expect(self.page.get_by_text("Ready without a network until")).to_be_visible()
        until(self.page, "navigator.serviceWorker.controller !== null")
        self._find_worker()

    def _find_worker(self) -> None:
        registrations: list[dict[str, Any]] = []
        self.browser = self.context.new_cdp_session(self.page)
        self.browser.on("ServiceWorker.workerRegistrationUpdated", lambda e: registrations.extend(e["registrations"]))
        self.browser.send("ServiceWorker.enable")
        eventually(self.page, lambda: registrations, "a service worker is registered")
        self.to = {"origin": self.cable.base_url, "registrationId": registrations[-1]["registrationId"]}

    def occurrence(self, who: Invited) -> str:
        """The id of today's reminder, made as the server makes it."""
        [(rule,)] = self.live.query("SELECT id FROM reminders_reminderrule WHERE patient_id = %s", uid(who.id))
        today = dt.datetime.now(ZoneInfo(self.zone)).date()
        return str(uuid.uuid5(uuid.UUID(str(rule)), f"{today.isoformat()}/1"))

    def push(self, occurrence: str, sequence: int = 1) -> None:
        data = json.dumps({"v": 1, "occurrence": occurrence, "sequence": sequence}, separators=(",", ":"))
        self.browser.send("ServiceWorker.deliverPushMessage", {**self.to, "data": data})

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.worker.evaluate(SHOWN)
        return found

    def shows(self, title: str, body: str = "") -> dict[str, Any]:
        """Exactly one notification that begins with these words. A worker may take four seconds to ask the server whose
        a push is (`PATIENCE_MS`), and a busy machine some to start it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            shown = self.shown()
            if len(shown) == 1 and shown[0]["title"].startswith(title) and shown[0]["body"].startswith(body):
                return shown[0]
            self.page.wait_for_timeout(30)
        raise AssertionError((title, body, self.shown()))

    def close_all(self) -> None:
        self.worker.evaluate("registration.getNotifications().then((all) => all.forEach((one) => one.close()))")

    def tap(self, tag: str, action: str = "") -> None:
        self.worker.evaluate(TAP, [tag, action])


def uid(text: str) -> Any:
    """As the database of the live servers keeps an id."""
    return uuid.UUID(text).hex


@pytest.fixture
def joined(live: Live, phone: Open, cable: Cable, service: PushService) -> Callable[..., Phone]:
    def open_(who: Invited, zone: str) -> Phone:
        context = phone(timezone_id=zone)
        context.grant_permissions(["notifications"], origin=cable.base_url)
        browser = service.browser().body()
        context.add_init_script(SUBSCRIBE % {"endpoint": json.dumps(browser["endpoint"]), "body": json.dumps(browser)})
        one = Phone(live, context, context.new_page(), cable, zone)
        one.join(who)
        return one

    return open_


def test_a_push_says_what_this_phone_knows(
    live: Live, cable: Cable, clinic: ClinicDesk, joined: Callable[..., Phone]
) -> None:
    zone = forenoon()
    who = clinic.invite("Nell", timezone=zone)
    phone = joined(who, zone)
    occurrence = phone.occurrence(who)

    phone.push(occurrence)
    first = phone.shows("Your reminder")
    assert first["tag"] == occurrence
    assert first["actions"] == ["start", "later"]
    phone.push(occurrence, sequence=2)
    assert phone.shows("Still open today")["tag"] == occurrence  # in its place, not beside it

    phone.close_all()

    phone.push(str(uuid.uuid4()))  # nobody's whom this phone knows: shown all the same, and says nothing
    assert phone.shows("There is something in the app")["actions"] == []
    phone.close_all()

    cable.cut()
    do_everything(phone.page, 2)
    phone.push(occurrence)
    assert phone.shows("Done, waiting to be sent")["actions"] == []
    phone.page.goto("about:blank")  # the app is closed: the worker alone sends
    cable.mend()
    phone.push(occurrence)
    phone.shows("Done, and sent")
    assert sessions(live, who) == [(2,)]


def test_start_opens_the_session_and_later_is_sent_once(
    live: Live, cable: Cable, clinic: ClinicDesk, joined: Callable[..., Phone]
) -> None:
    zone = forenoon()
    who = clinic.invite("Nell", timezone=zone)
    phone = joined(who, zone)
    occurrence = phone.occurrence(who)

    cable.cut()
    phone.push(occurrence)
    phone.shows("Your reminder")
    phone.tap(occurrence, "later")
    phone.shows("Later: ", "Noted on this phone. With a network before ")
    phone.push(occurrence)  # the server could not know
    phone.shows("Later: ", "You put it off until ")

    cable.mend()
    phone.page.reload()
    wishes = "SELECT f.due_at FROM reminders_followup f WHERE f.occurrence_id = %s AND f.reason = 'later'"
    eventually(phone.page, lambda: live.query(wishes, uid(occurrence)), "the wish has reached the server")
    phone.page.reload()
    expect(phone.page.get_by_role("button", name="Start")).to_be_visible()
    assert len(live.query(wishes, uid(occurrence))) == 1

    phone.tap(occurrence, "start")
    expect(phone.page.get_by_text("1 of 1", exact=True)).to_be_visible()
    assert phone.page.url.endswith("/session")


def test_a_locked_phone_is_told_nothing_of_exercises(
    cable: Cable, clinic: ClinicDesk, joined: Callable[..., Phone]
) -> None:
    """The pain of this session stops the day, on this phone before the server knows."""
    zone = forenoon()
    who = clinic.invite("Nell", "Bridge", "Clam", timezone=zone)
    phone = joined(who, zone)
    cable.cut()
    at = phone.page.get_by_role
    at("button", name="Start").click()
    at("button", name="Next", exact=True).click()
    at("radiogroup", name="How much did it hurt").get_by_role("radio", name="9", exact=True).click()
    at("button", name="Stop here for today").click()
    expect(at("button", name="Done")).to_be_visible()
    phone.page.goto(f"{cable.base_url}/")
    expect(at("heading", name="Stop for today")).to_be_visible()
    phone.push(phone.occurrence(who))
    shown = phone.shows("There is something in the app")
    assert shown["actions"] == []
    said = f"{shown['title']} {shown['body']}".lower()
    assert not [word for word in TELLING if word in said]
    phone.tap(shown["tag"])  # opens Today, which says why
    expect(at("heading", name="Stop for today")).to_be_visible()


def test_allowed_switched_off_and_the_calendar(
    live: Live, cable: Cable, clinic: ClinicDesk, joined: Callable[..., Phone]
) -> None:
    zone = "Europe/Madrid"
    who = clinic.invite("Nell", timezone=zone)
    one = joined(who, zone)
    rows = "SELECT ended_at IS NULL FROM reminders_pushsubscription WHERE patient_id = %s"
    assert [bool(on) for (on,) in live.query(rows, uid(who.id))] == [True]
    one.page.get_by_role("link", name="Me", exact=True).click()
    one.page.get_by_role("link", name="How it reaches you On your phone").click()
    expect(one.page.get_by_text("Reminders come to this phone.")).to_be_visible()
    one.page.get_by_role("button", name="Not on this phone").click()
    expect(one.page.get_by_role("button", name="Remind me on this phone")).to_be_visible()
    assert [bool(on) for (on,) in live.query(rows, uid(who.id))] == [False]

    one.page.goto(f"{cable.base_url}/me/calendar")
    one.page.get_by_role("button", name="Make an address").click()
    address = one.page.get_by_label("The address for your calendar").input_value()
    assert one.page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    expect(one.page.get_by_label("The address for your calendar")).not_to_be_editable()
    one.page.evaluate(REFUSED_CLIPBOARD)
    one.page.get_by_role("button", name="Copy the address").click()
    expect(one.page.get_by_text("The address is selected: copy it by hand.")).to_be_visible()
    assert one.page.evaluate("getSelection().toString()") == address
    one.page.get_by_role("button", name="End it").click()
    expect(one.page.get_by_role("button", name="Make an address")).to_be_visible()
    assert one.page.request.get(address).status == 404


def test_an_address_that_the_browser_changed_is_told_though_the_app_is_closed(
    live: Live, clinic: ClinicDesk, joined: Callable[..., Phone], service: PushService
) -> None:
    zone = "Europe/Madrid"
    who = clinic.invite("Nell", timezone=zone)
    one = joined(who, zone)
    rows = "SELECT endpoint, ended_at IS NULL FROM reminders_pushsubscription WHERE patient_id = %s"
    [(before, _)] = live.query(rows, uid(who.id))
    one.page.goto("about:blank")
    new = service.browser().body()
    one.worker.evaluate(RENEW, [new["endpoint"], new])
    assert {(endpoint, bool(on)) for endpoint, on in live.query(rows, uid(who.id)) if on} == {(new["endpoint"], True)}
    assert before != new["endpoint"]

    # Switched off here, there is nothing that could be renewed.
    one.page.goto(f"{one.cable.base_url}/me/ways")
    one.page.get_by_role("button", name="Not on this phone").click()
    expect(one.page.get_by_role("button", name="Remind me on this phone")).to_be_visible()
    newest = service.browser().body()
    one.worker.evaluate(RENEW, [newest["endpoint"], newest])
    assert [on for _, on in live.query(rows, uid(who.id)) if on] == []


@pytest.mark.parametrize("network", [True, False], ids=["with a network", "without"])
def test_who_signs_out_is_not_pushed_any_more(
    live: Live, cable: Cable, clinic: ClinicDesk, joined: Callable[..., Phone], network: bool
) -> None:
    zone = "Europe/Madrid"
    who = clinic.invite("Nell", timezone=zone)
    one = joined(who, zone)
    occurrence = one.occurrence(who)
    rows = "SELECT end_reason FROM reminders_pushsubscription WHERE patient_id = %s AND ended_at IS NOT NULL"
    one.page.get_by_role("link", name="Me", exact=True).click()
    if not network:
        cable.cut()
    one.page.get_by_role("button", name="Sign out").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(one.page.get_by_role("heading", name="Sign in")).to_be_visible()
    if not network:
        assert live.query(rows, uid(who.id)) == []
        one.push(occurrence)  # the server does not know yet, and the phone nobody any more
        assert one.shows("There is something in the app")["actions"] == []
        cable.mend()
        one.page.reload()
    eventually(one.page, lambda: live.query(rows, uid(who.id)), "the server ends the subscription")
    assert len(live.query(rows, uid(who.id))) == 1
