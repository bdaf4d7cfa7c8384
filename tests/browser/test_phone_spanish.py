"""A Spanish phone of a patient whose record says English: the library is Spanish there, without a network too."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.clinic_desk import BIRTH_DATE, ClinicDesk
from tests.servers import Live

Open = Callable[..., BrowserContext]


def test_a_spanish_phone_shows_the_library_in_spanish(live: Live, desk: Open, phone: Open) -> None:
    clinic = ClinicDesk(live, desk())
    patient = clinic.invite("Paz", "Bridge", language="en", findings={"snapping": True})
    context = phone(locale="es-ES")
    context.request.get("/clinic/sign-in")  # sets the CSRF cookie
    token = next(one["value"] for one in context.cookies() if one.get("name") == "csrftoken")
    body = {"token": patient.path.rpartition("/")[2], "birth_date": BIRTH_DATE.isoformat(), "consent": True}
    assert context.request.post("/api/v1/join", data=body, headers={"X-CSRFToken": str(token)}).ok
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_text("Puente", exact=True)).to_be_visible()
    expect(page.get_by_text("en inglés")).to_have_count(0)
    page.get_by_text("Ten cuidado con").click()
    expect(page.get_by_text("Para un poco antes del chasquido.")).to_be_visible()
    assert clinic.get(f"/patients/{patient.id}")["language"] == "es"
    expect(page.get_by_text("Listo sin conexión")).to_be_visible()
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Empezar").click()
    page.get_by_role("button", name="Ver los pasos").click()
    expect(page.get_by_text("Aprieta las nalgas y levanta las caderas.")).to_be_visible()
