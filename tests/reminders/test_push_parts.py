"""What the push channel is made of: the seal, the signed word, the guard of addresses, the installation's key."""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
import stat
import time
import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid02
from pytest_django import Settings

from config.datafolder import vapid_key
from reminders.channels.push import client, endpoints, message, vapid
from reminders.channels.push.answers import wait_of
from reminders.due import next_after
from reminders.models import Delivery, Occurrence, PushSubscription, ReminderRule
from tests.reminders.push_service import Reply, push_service

NOW = dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC)


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# ---- The seal (RFC 8291) --------------------------------------------------------------------------------------------


def test_the_example_of_rfc_8291_is_sealed_and_opened_as_it_stands_there() -> None:
    """Appendix A: with its keys and its salt, the library that seals ours gives the RFC's very bytes."""

    def key(scalar: str) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(raw(scalar), "big"), ec.SECP256R1())

    browser, sender = (
        key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"),
        key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    public = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sealed = http_ece.encrypt(
        b"When I grow up, I want to be a watermelon",
        private_key=sender,
        dh=public,
        auth_secret=raw("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
        version="aes128gcm",
    )
    assert sealed == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_each_seal_has_a_key_and_a_salt_of_its_own() -> None:
    browser = ec.generate_private_key(ec.SECP256R1())
    public = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    subscription = PushSubscription(p256dh=message.encode(public), auth=message.encode(b"s" * 16))
    sealed = [message.seal(b"content", subscription) for _ in range(20)]
    assert len({one[:16] for one in sealed}) == 20
    assert len({one[21:86] for one in sealed}) == 20
    opened = {http_ece.decrypt(one, private_key=browser, auth_secret=b"s" * 16) for one in sealed}
    assert opened == {b"content"}


def test_topics_are_32_letters_that_tell_occurrences_apart_and_name_none() -> None:
    ids = [uuid.uuid4() for _ in range(200)]
    topics = {message.topic(one) for one in ids}
    assert len(topics) == 200
    assert {len(topic) for topic in topics} == {32}
    assert message.topic(ids[0]) == message.topic(uuid.UUID(str(ids[0])))
    assert not any(one.hex[:8] in topic for one in ids for topic in topics)


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    started=st.timedeltas(dt.timedelta(), dt.timedelta(days=700)).map(lambda after: NOW + after),
    late=st.timedeltas(dt.timedelta(), dt.timedelta(hours=2)),
    hours=st.lists(st.times(timezones=st.none()), min_size=1, max_size=4, unique=True),
)
def test_a_message_lives_to_the_next_hour_or_the_local_midnight_and_a_minute_at_least(
    zone: str, started: dt.datetime, late: dt.timedelta, hours: list[dt.time]
) -> None:
    times = sorted(hour.strftime("%H:%M") for hour in hours)
    rule = ReminderRule(times=times, weekdays=[1, 2, 3, 4, 5, 6, 7], timezone=zone)
    delivery = Delivery(started_at=started, occurrence=Occurrence(due_at=started - late))
    ends = started + dt.timedelta(seconds=message.ttl_s(delivery, rule))
    if ends - started == dt.timedelta(seconds=message.SHORTEST_TTL_S):
        return
    local = started.astimezone(ZoneInfo(zone))
    last = (ends - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert last.date() == local.date()
    following = next_after(rule.schedule(), started)
    assert following is not None
    assert ends <= following.due_at


# ---- The signed word (RFC 8292) -------------------------------------------------------------------------------------


def claims(header: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raw(header.split("t=")[1].split(",", maxsplit=1)[0].split(".")[1]))
    return found


def test_the_word_is_signed_for_one_service_and_less_than_a_day() -> None:
    header = vapid.authorization("https://push.example:8443")
    assert Vapid02.verify(header)
    assert header.endswith(f",k={vapid.public_key()}")
    said = claims(header)
    assert (said["aud"], said["sub"]) == ("https://push.example:8443", "mailto:reminders@homestretch.example")
    assert 9 * 3600 <= said["exp"] - time.time() <= 12 * 3600


def test_the_word_is_signed_once_for_hours_and_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_800_000_000 - 1_800_000_000 % vapid.RENEWED_S
    words = []
    for after in (0, vapid.RENEWED_S - 1, vapid.RENEWED_S, 3 * vapid.RENEWED_S):
        monkeypatch.setattr(time, "time", lambda after=after: start + after)
        words.append(vapid.authorization("https://push.example"))
        assert claims(words[-1])["exp"] - (start + after) > 8 * 3600
    assert words[0] == words[1]
    assert len(set(words)) == 3


def test_another_key_signs_another_word(settings: Settings) -> None:
    before = vapid.authorization("https://push.example")
    settings.VAPID_PRIVATE_KEY = message.encode((7).to_bytes(32, "big"))
    settings.VAPID_SUBJECT = "https://clinic.example"
    after = vapid.authorization("https://push.example")
    assert Vapid02.verify(after)
    assert before.split("k=")[1] != after.split("k=")[1]
    assert claims(after)["sub"] == "https://clinic.example"


# ---- The installation's key -----------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_readable_by_its_user_only(tmp_path: Path) -> None:
    key = vapid_key(tmp_path)
    assert vapid_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "vapid_key").stat().st_mode) == 0o600
    assert Vapid02.from_raw(key.encode()).public_key is not None


def test_a_given_key_is_used_and_none_is_made(tmp_path: Path) -> None:
    given_key = message.encode((5).to_bytes(32, "big"))
    assert vapid_key(tmp_path, given_key) == given_key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("nonsense", ["x", "!" * 43, "A" * 43, "_" * 43, message.encode(b"k" * 31), "ключ"])
def test_a_given_key_that_is_none_ends_the_start_with_a_sentence(tmp_path: Path, nonsense: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY is no private key"):
        vapid_key(tmp_path, nonsense)


def test_an_empty_key_file_says_what_it_costs(tmp_path: Path) -> None:
    (tmp_path / "vapid_key").touch()
    with pytest.raises(ImproperlyConfigured, match="phones must then allow reminders anew"):
        vapid_key(tmp_path)


# ---- Which addresses ------------------------------------------------------------------------------------------------

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
]
OUTSIDE = [
    "8.8.8.8",
    "142.250.1.95",
    "2607:f8b0:4004:800::200a",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """What the name service answers: the one thing outside of us that a test has to stand in for."""

    def answer(host: str, port: int, **_: Any) -> list[Any]:
        families = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in zip(families, addresses, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("address", " ".join(INSIDE).split())
def test_an_address_inside_is_refused_alone_and_among_others(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for addresses in ((address,), ("8.8.8.8", address)):
        names(monkeypatch, *addresses)
        with pytest.raises(endpoints.EndpointRefused, match="not on the public internet"):
            endpoints.check("https://push.example/abc")


@pytest.mark.parametrize("address", " ".join(OUTSIDE).split())
def test_an_address_outside_is_allowed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    names(monkeypatch, address)
    assert endpoints.check("https://Push.Example/abc").origin == "https://push.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/abc",
        "ftp://push.example/abc",
        "file:///etc/passwd",
        "//push.example/abc",
        "push.example",
        "",
        "https://",
        "https:///abc",
        "https://user:secret@push.example/abc",
        "https://[::1]/abc",
        "https://[2607:f8b0::1]/abc",
        "https://push.example:99999/abc",
        "https://push.example:port/abc",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_https_address_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    names(monkeypatch, "8.8.8.8")
    with pytest.raises(endpoints.EndpointRefused):
        endpoints.check(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "localhost", "0"])
def test_loopback_in_any_spelling_is_refused(host: str) -> None:
    """Resolved by this machine, as it stands."""
    with pytest.raises(endpoints.EndpointRefused):
        endpoints.check(f"https://{host}/abc")


@given(st.text(max_size=60))
def test_any_text_is_an_endpoint_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://push.example{text}"):
        try:
            endpoint = endpoints.parse(url)
        except endpoints.EndpointRefused:
            continue
        assert endpoint.scheme == "https"
        assert endpoint.host
        assert 0 < endpoint.port < 65536


def test_a_name_that_is_not_found_is_unknown_rather_than_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with pytest.raises(endpoints.EndpointUnknown):
        endpoints.check("https://push.example/abc")
    with pytest.raises(client.Unreached, match="its name is not found"):
        client.post("https://push.example/abc", b"", {})


def test_a_name_that_turns_inside_after_the_check_is_never_connected_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: outside at subscription, inside at the send. The connection asks and checks for itself."""
    client.forget()
    with push_service() as service:
        settings.PUSH_LOOPBACK = False
        port = service.url.rsplit(":", 1)[1]
        names(monkeypatch, "8.8.8.8")
        endpoints.check(f"https://push.example:{port}/abc")
        names(monkeypatch, "127.0.0.1")
        for scheme in ("https", "http"):
            with pytest.raises(endpoints.EndpointRefused):
                client.post(f"{scheme}://push.example:{port}/abc", b"", {})
        assert (service.connections, service.requests) == (0, 0)


def test_plain_http_goes_to_loopback_alone_and_only_where_it_is_allowed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUSH_LOOPBACK = True
    names(monkeypatch, "8.8.8.8")
    with pytest.raises(endpoints.EndpointRefused):
        endpoints.check("http://push.example/abc")
    names(monkeypatch, "10.0.0.1")
    with pytest.raises(endpoints.EndpointRefused):
        endpoints.check("https://push.example/abc")


def test_a_redirect_is_an_answer_and_leads_nowhere(settings: Settings) -> None:
    settings.PUSH_LOOPBACK = True
    client.forget()
    with push_service() as inner, push_service() as service:
        browser = service.browser()
        browser.plan = [Reply(307, {"Location": f"{inner.url}/secret"})]
        subscription = PushSubscription(**browser.body()["keys"])
        headers = {"TTL": "1", "Topic": "t", "Urgency": "low", "Content-Encoding": "aes128gcm"}
        headers["Authorization"] = vapid.authorization(service.url)
        assert client.post(browser.endpoint, message.seal(b"{}", subscription), headers).status == 307
        assert inner.connections == 0
    client.forget()


# ---- Retry-After ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 5 ", 5),
        ("-3", None),
        ("1.5", None),
        ("soon", None),
        ("9" * 5000, None),
        ("9" * 30, 86400),
        ("Tue, 24 Nov 2026 07:10:00 GMT", 600),
        ("Tue, 24 Nov 2026 06:00:00 GMT", 0),
        ("Tue, 24 Nov 2099 06:00:00 GMT", 86400),
        ("Tue, 99 Nov 2026 06:00:00 GMT", None),
    ],
)
def test_retry_after_in_every_spelling(header: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else dt.timedelta(seconds=seconds)
    assert wait_of(header, NOW) == expected
