"""Every screen of the phone app on a small phone, in light and dark: no accessibility violation, nothing wider than the
screen, every target big enough for a thumb."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.servers import Live

Open = Callable[..., BrowserContext]

# Controls whose box is lower than 48 px, beside those that widen their target beyond it (the switch) or stand in a
# sentence (links); a radio's target is its row.
SMALL = """
[...document.querySelectorAll("button:not(.switch), summary, input:not([type=radio]), label.row, a.btn, a.row, nav a")]
  .filter((one) => one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 47.5)
  .map((one) => "below 48 px: " + one.outerHTML.slice(0, 120))
"""
WIDE = "document.documentElement.scrollWidth > innerWidth ? ['wider than the screen'] : []"


class Screens:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}

    def check(self, name: str, ready: Locator) -> None:
        expect(ready.first).to_be_visible()
        violations = Axe().run(self.page).response["violations"]
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]
        wrong += self.page.evaluate(SMALL) + self.page.evaluate(WIDE)
        if wrong:
            self.found[name] = wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_screens_have_no_accessibility_violation(live: Live, phone: Open, scheme: str) -> None:
    demo = live.demo()
    small = {"width": 320, "height": 640}
    context = phone(color_scheme=scheme, viewport=small, reduced_motion="reduce")
    page = context.new_page()
    screens = Screens(page)
    at = page.get_by_role

    page.goto("/")
    screens.check("welcome", at("button", name="Type the code from Safari"))
    at("button", name="Type the code from Safari").click()
    screens.check("transfer", at("heading", name="Type the code"))
    page.goto(demo["join"]["url"])
    screens.check("birth date", page.get_by_label("Year"))
    for part, typed in zip(("Year", "Month", "Day"), demo["join"]["birth_date"].split("-"), strict=True):
        page.get_by_label(part).fill(typed)
    at("button", name="Go on").click()
    screens.check("consent", at("button", name="I agree"))

    page.goto("/sign-in")
    screens.check("sign-in", page.get_by_label("Your e-mail address"))
    page.get_by_label("Your e-mail address").fill(demo["patient"]["email"])
    at("button", name="Use a password").click()
    page.get_by_label("Password").fill(demo["patient"]["password"])
    at("button", name="Sign in", exact=True).click()
    screens.check("today", at("button", name="Start"))
    at("link", name="Me", exact=True).click()
    screens.check("me", at("button", name="Sign out"))
    at("button", name="Sign out").click()
    screens.check("sign out", at("dialog"))
    at("button", name="Stay signed in").click()
    page.goto("/me/reminder")
    screens.check("reminder", at("switch", name="Quiet hours"))
    page.goto("/me/ways")
    screens.check("how it reaches you", at("button", name="Remind me on this phone"))
    page.goto("/me/calendar")
    screens.check("calendar", at("button", name="Make an address"))
    page.goto("/welcome/reminder")
    screens.check("first reminder", at("button", name="Not now"))
    at("button", name="Not now").click()

    # Not before the app says that it needs no network: a screen's chunk may still be on its way.
    expect(page.get_by_text("Ready without a network until")).to_be_visible()
    context.set_offline(True)  # nothing of this session is sent: other tests look at this patient too
    at("button", name="Start").click()
    screens.check("session", at("button", name="See the steps"))
    at("button", name="See the steps").click()
    screens.check("steps", at("dialog"))
    at("button", name="Close").click()
    at("button", name="Start").click()
    at("button", name="Go now").click()
    screens.check("hold", at("button", name="Pause"))
    at("button", name="Next", exact=True).click()
    screens.check("rate", at("radiogroup", name="How much did it hurt?"))
    at("radio", name="9", exact=True).click()
    screens.check("strong pain", at("alert"))
    at("button", name="Stop here for today").click()
    screens.check("finish", at("heading", name="How hard was it?"))
    at("button", name="Done").click()
    screens.check("stopped", at("heading", name="Stop for today"))
    assert screens.found == {}, json.dumps(screens.found, indent=1)
