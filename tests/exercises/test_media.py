"""POST /exercises/{id}/media, and the files behind the session."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from exercises import media
from exercises.models import Exercise, MediaFile
from tests.conftest import Cast
from tests.exercises.builders import document, make_exercise, make_words

Api = Callable[..., APIClient]

JPEG = b"\xff\xd8\xff\xe0" + b"jpeg" * 50
PNG = b"\x89PNG\r\n\x1a\n" + b"png" * 50
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"webp" * 50
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 4
WEBM = b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm" + b"webm" * 50


@pytest.fixture
def own(cast: Cast, settings: Any, tmp_path: Path) -> Exercise:
    settings.MEDIA_ROOT = tmp_path
    make_words()
    return make_exercise("own-clam", owner=cast.clinic)


def upload(client: APIClient, exercise: Exercise, content: bytes, name: str = "x.bin", **form: Any) -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(f"/api/v1/exercises/{exercise.pk}/media", {"file": file} | form, format="multipart")


def code(response: Any) -> tuple[int, str, str | None]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["attr"]


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (MP4, "video/mp4"),
        (WEBM, "video/webm"),
    ],
    ids=["jpeg", "png", "webp", "mp4", "webm"],
)
def test_media_is_stored_by_its_hash_and_served_as_what_it_is(
    cast: Cast, api: Api, own: Exercise, content: bytes, kind: str
) -> None:
    client = api(cast.therapist)
    response = upload(client, own, content, name="../../evil.html")
    own.refresh_from_db()
    assert (response.status_code, response.json()) == (201, document(own) | {"anim": None})
    assert own.version == 2
    digest = hashlib.sha256(content).hexdigest()
    assert (own.photo, own.video) == ((digest, "") if kind.startswith("image") else ("", digest))
    url = response.json()["video"] or response.json()["figure"]["src"]
    served = api(cast.patient_user).get(url)
    assert (served.status_code, served["Content-Type"], body(served)) == (200, kind, content)
    assert served["Cache-Control"] == "private, max-age=31536000, immutable"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Length"] == str(len(content))
    assert api().get(url).status_code == 401


def test_media_of_one_content_is_stored_once(cast: Cast, api: Api, own: Exercise) -> None:
    client, other = api(cast.therapist), make_exercise("own-other", owner=cast.clinic)
    upload(client, own, JPEG)
    upload(client, other, JPEG)
    upload(client, own, PNG)
    assert MediaFile.objects.count() == 2
    own.refresh_from_db()
    assert own.photo == hashlib.sha256(PNG).hexdigest(), "the newest photo is shown"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"x" * 50,
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypqt  " + b"x" * 50,
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x1a\x45\xdf\xa3" + b"matroska" * 20,
    ],
    ids=["empty", "html", "svg", "gif", "pdf", "quicktime", "wav", "matroska"],
)
def test_media_refuses_what_phones_cannot_show(cast: Cast, api: Api, own: Exercise, content: bytes) -> None:
    response = upload(api(cast.therapist), own, content, name="photo.jpg")
    assert code(response)[::2] == (400, "file")
    assert not MediaFile.objects.exists()


def test_media_refuses_what_is_no_upload(cast: Cast, api: Api, own: Exercise) -> None:
    client, url = api(cast.therapist), f"/api/v1/exercises/{own.pk}/media"
    assert code(client.post(url, {"file": "text"}, format="multipart")) == (400, "invalid", "file")
    assert code(client.post(url, {}, format="multipart")) == (400, "invalid", "file")
    assert code(client.post(url, {"file": "x"}, format="json"))[0] == 415
    broken = client.generic("POST", url, "--nothing", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400
    assert client.generic("POST", url, "x", content_type="multipart/form-data").status_code == 400


def test_media_that_is_too_big_is_413(cast: Cast, api: Api, own: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    client = api(cast.therapist)
    monkeypatch.setattr(media, "MAX_PHOTO", 100)
    assert code(upload(client, own, JPEG)) == (413, "too_large", None)
    monkeypatch.setattr(media, "MAX_VIDEO", -(10**6))
    assert code(upload(client, own, MP4)) == (413, "too_large", None)
    assert not MediaFile.objects.exists()


def test_media_of_the_library_of_others_and_of_what_is_archived(cast: Cast, api: Api, own: Exercise) -> None:
    shared, foreign = make_exercise("clam"), make_exercise("foreign", owner=cast.other_clinic)
    archived = make_exercise("old", owner=cast.clinic, archived_at=timezone.now())
    client = api(cast.owner)
    assert code(upload(client, shared, JPEG)) == (403, "permission_denied", None)
    assert code(upload(client, foreign, JPEG)) == (404, "not_found", None)
    assert code(upload(client, archived, JPEG)) == (409, "archived", None)
    assert code(upload(api(cast.assistant), own, JPEG)) == (403, "permission_denied", None)
    assert code(upload(api(cast.patient_user), own, JPEG)) == (403, "permission_denied", None)
    assert code(upload(api(), own, JPEG)) == (401, "not_authenticated", None)
    assert not MediaFile.objects.exists()


def test_media_is_taken_away_by_null_and_kept_by_what_get_answered(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    upload(client, own, JPEG)
    with_both = upload(client, own, MP4).json()
    url = f"/api/v1/exercises/{own.pk}"
    kept = client.patch(url, with_both, headers={"If-Match": '"3"'}).json()
    assert kept == with_both | {"version": 4}
    gone = client.patch(url, {"video": None, "figure": None}, headers={"If-Match": '"4"'}).json()
    assert (gone["video"], gone["figure"]) == (None, None)
    assert client.get(with_both["video"]).status_code == 200, "an offline phone may still name it"


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-1", 206, 0, 1),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=0-999999", 206, 0, None),
        ("bytes=-999999", 206, 0, None),
        ("bytes=999999-", 416, None, None),
        ("bytes=-0", 416, None, None),
        ("bytes=5-2", 416, None, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=1-99999999999999999999", 200, 0, None),
    ],
)
def test_media_in_parts(  # noqa: PLR0917
    cast: Cast, api: Api, own: Exercise, wanted: str, status: int, first: int | None, last: int | None
) -> None:
    client = api(cast.therapist)
    url = upload(client, own, MP4).json()["video"]
    response = client.get(url, headers={"Range": wanted})
    assert response.status_code == status
    if status == 416:
        assert response["Content-Range"] == f"bytes */{len(MP4)}"
        return
    expected = MP4[first : None if last is None else last + 1]
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    if status == 206:
        start = len(MP4) - len(expected) if last is None else first
        assert response["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(MP4)}"  # type: ignore[operator]


def test_media_that_is_not_there(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    assert client.get("/media/" + "0" * 64).status_code == 404
    url = upload(client, own, JPEG).json()["figure"]["src"]
    MediaFile.objects.update(stored_as="exercises/lost")
    assert client.get(url).status_code == 404
