"""Uploading photos and videos, and serving them behind the session."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import TooLarge
from accounts.api.headers import with_version
from accounts.roles import Ability, HasAbility
from exercises import media, own
from exercises.api.serializers import ExerciseDetailSerializer
from exercises.api.views import locked_own, render
from exercises.models import MediaFile

ROOM_FOR_THE_FORM = 64 * 1024


class UploadSerializer(serializers.Serializer[None]):
    file = serializers.FileField()


class MediaView(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.LIBRARY}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="exercises_upload",
        request=UploadSerializer,
        responses={201: ExerciseDetailSerializer},
        description="A photo (JPEG, PNG, WebP; 8 MB) or a video (MP4, WebM; 60 MB) of a clinic's own exercise.",
    )
    @transaction.atomic
    def post(self, request: Request, exercise_id: uuid.UUID) -> Response:
        exercise = locked_own(request, exercise_id)
        own.refuse_archived(exercise)
        # Said before the body is read: nobody should wait for an upload that will be refused.
        if int(request.META.get("CONTENT_LENGTH") or 0) > media.MAX_VIDEO + ROOM_FOR_THE_FORM:
            raise TooLarge(f"This is too big: at most {media.MAX_VIDEO // media.MEGABYTE} MB.")
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise ValidationError({"file": ["Send one file in the form field “file”."]})
        media.attach(exercise, file)
        return with_version(Response(render(own.load(exercise.pk)), status.HTTP_201_CREATED), exercise)


class MediaFileView(APIView):
    """For everyone who is signed in and was told the address, which is the file's hash: it cannot be guessed."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(exclude=True)
    def get(self, request: Request, sha256: str) -> HttpResponseBase:
        try:
            found = MediaFile.objects.get(pk=sha256)
            file: IO[bytes] = default_storage.open(found.stored_as)
        except (MediaFile.DoesNotExist, FileNotFoundError) as error:
            raise NotFound from error
        wanted = request.headers.get("Range")
        response = _whole(file, found) if wanted is None else _part(file, found, wanted)
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Content-Type"] = found.content_type
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


def _whole(file: IO[bytes], found: MediaFile) -> HttpResponseBase:
    return StreamingHttpResponse(_read(file, found.size), headers={"Content-Length": str(found.size)})


def _part(file: IO[bytes], found: MediaFile, wanted: str) -> HttpResponseBase:
    """One range of bytes; Safari plays no video without. Several ranges at once are answered with the whole file."""
    match = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", wanted.strip())
    if match is None or match.groups() == ("", ""):
        return _whole(file, found)
    first_text, last_text = match.groups()
    if first_text:
        first, last = int(first_text), min(int(last_text or found.size), found.size - 1)
    else:  # the last so many bytes
        first, last = max(found.size - int(last_text), 0), found.size - 1
    if first > last:
        file.close()
        return HttpResponse(
            status=status.HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{found.size}"}
        )
    file.seek(first)
    return StreamingHttpResponse(
        _read(file, last - first + 1),
        status=status.HTTP_206_PARTIAL_CONTENT,
        headers={"Content-Length": str(last - first + 1), "Content-Range": f"bytes {first}-{last}/{found.size}"},
    )


def _read(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (chunk := file.read(min(media.CHUNK, length))):
            length -= len(chunk)
            yield chunk
