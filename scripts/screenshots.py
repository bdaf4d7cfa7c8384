"""The README's two pictures, of the running apps with the demo clinic: `make screenshots`.

A launcher of its own is started on a temporary data folder, so pictures do not depend on what lies in `var/`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from tests.chromium import DESK, LOCAL, MISSING, PHONE, QUIET, find_chromium

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
START_S = 300


def main() -> int:
    if (chromium := find_chromium()) is None:
        print(MISSING, file=sys.stderr)
        return 1
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {**os.environ, "HOMESTRETCH_DATA": folder, "PORT": str(port), "REMINDER_TICK_S": "3600"}
        base_url = f"http://127.0.0.1:{port}"
        run = subprocess.Popen([sys.executable, "manage.py", "run"], cwd=ROOT, env=environment)
        try:
            _wait(base_url, run)
            answer = subprocess.run(
                [sys.executable, "manage.py", "demo", "--json", "--patients", "25", "--weeks", "8", "--seed", "1"],
                cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE,
            )  # fmt: skip
            _take(chromium, base_url, json.loads(answer.stdout))
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(60)
    return 0


def _wait(base_url: str, run: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and run.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{base_url}/readyz", timeout=5):  # noqa: S310 - our own address
            return
        time.sleep(0.5)
    raise SystemExit("The server did not start; its words are above.")


def _take(chromium: str, base_url: str, demo: dict[str, Any]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for person, path, name, screen in (
            (demo["therapist"], "/clinic", "clinic.png", DESK),
            (demo["patient"], "/", "phone.png", PHONE),
        ):
            context = browser.new_context(base_url=base_url, color_scheme="light", **{**LOCAL, **screen})
            _sign_in(context, person)
            _picture(context, path, TARGET / name)
            context.close()
        browser.close()


def _picture(context: BrowserContext, path: str, file: Path) -> None:
    page = context.new_page()
    page.goto(path)
    page.get_by_role("heading").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file)
    print(f"→ {file.relative_to(ROOT)}")


def _sign_in(context: BrowserContext, person: dict[str, str]) -> None:
    """By the API, as the apps do; the form has tests of its own."""
    context.request.get("/")
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
    answer = context.request.post(
        "/_allauth/browser/v1/auth/login",
        data={"email": person["email"], "password": person["password"]},
        headers={"X-CSRFToken": token},
    )
    if not answer.ok:
        raise SystemExit(f"{person['email']} could not sign in: {answer.status} {answer.text()}")


if __name__ == "__main__":
    sys.exit(main())
