"""Photos and videos of a clinic's own exercises: checked by what they contain, stored by their hash.

The name of a file or the type a browser claims says nothing about its content, so neither is read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage
from rest_framework.exceptions import ValidationError

from accounts.api.errors import TooLarge
from exercises.models import Exercise, MediaFile

MEGABYTE = 1024 * 1024
MAX_PHOTO = 8 * MEGABYTE
MAX_VIDEO = 60 * MEGABYTE
HEAD = 64
CHUNK = 256 * 1024

# Brands of MP4 that browsers play. QuickTime ("qt  ") and HEIC are left out: half of the phones could not show them.
MP4_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"})
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
ACCEPTED = "Send a photo as JPEG, PNG or WebP, or a video as MP4 or WebM."


@dataclass(frozen=True)
class Checked:
    content_type: str
    sha256: str
    size: int

    @property
    def is_photo(self) -> bool:
        return self.content_type in PHOTOS


def content_type(head: bytes) -> str | None:
    """What the first bytes of a file say it is, if it is something we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    return None


def check(file: File[bytes]) -> Checked:
    """Raises ValidationError for what is no picture, TooLarge for what is too big."""
    kind = content_type(file.read(HEAD))
    file.seek(0)
    if kind is None:
        raise ValidationError({"file": [f"This is neither a photo nor a video that phones can show. {ACCEPTED}"]})
    most = MAX_PHOTO if kind in PHOTOS else MAX_VIDEO
    if file.size > most:
        raise TooLarge(f"This is too big: at most {most // MEGABYTE} MB.")
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    return Checked(kind, digest.hexdigest(), file.size)


def attach(exercise: Exercise, file: File[bytes]) -> None:
    """Store the file once, whoever uploads it, and show it with the exercise in place of an earlier one. Files stay:
    an offline phone may still name them. The caller holds the exercise's lock."""
    checked = check(file)
    if not MediaFile.objects.filter(pk=checked.sha256).exists():
        file.seek(0)
        name = default_storage.save(f"exercises/{checked.sha256[:2]}/{checked.sha256}", file)
        MediaFile.objects.get_or_create(
            sha256=checked.sha256,
            defaults={"content_type": checked.content_type, "size": checked.size, "stored_as": name},
        )
    field = "photo" if checked.is_photo else "video"
    setattr(exercise, field, checked.sha256)
    exercise.save(update_fields=[field])
