"""Whose phone this is: every phone route takes `?patient=` when the account reaches more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request

from accounts.api.conventions import parse_uuid
from accounts.models import User
from accounts.roles import PATIENTS_ONLY, is_staff
from patients.models import Patient, PatientStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet


def user_of(request: Request) -> User:
    """The signed-in account; the permission classes let nobody else through."""
    assert isinstance(request.user, User)  # noqa: S101 (told to the type checker)
    return request.user


def phone_patient(request: Request, patients: QuerySet[Patient] | None = None) -> Patient:
    """The record that this request is about: one query. A record that was merged is answered for by the one that was
    kept, so that a phone may go on naming the one it joined.

    Raises PermissionDenied for staff, NotFound for a record that is not the account's, ValidationError when the
    account reaches several and names none.
    """
    user = user_of(request)
    named = request.query_params.get("patient")
    if named is None:
        reached = Patient.objects.for_phone(user).exclude(status=PatientStatus.MERGED)
    else:
        reached = Patient.objects.named_by_phone(user, parse_uuid(named, "patient"))
    found = list((Patient.objects.all() if patients is None else patients).filter(pk__in=reached.values("pk"))[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise ValidationError({"patient": ["You look after several people. Name one of them in ?patient=."]})
    if is_staff(user):
        raise PermissionDenied(PATIENTS_ONLY)
    raise NotFound
