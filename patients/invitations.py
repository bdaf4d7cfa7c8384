"""The ways in: invitations by link, QR code or handout; joining; and the transfer code of an iPhone's installed app.

A token or code is shown once and stored as a hash. Joining asks for the birth date as well, so that a letter read by
the wrong person opens nothing; five wrong dates kill the invitation and tell the clinic.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import Membership, User, hash_token, new_token
from patients import consent, flags
from patients.models import (
    FlagKind,
    Invitation,
    Patient,
    PatientAccess,
    PatientStatus,
    Purpose,
    Relation,
    TransferCode,
    Urgency,
)

LIFETIME = {Purpose.LINK: dt.timedelta(days=14), Purpose.HANDOUT: dt.timedelta(days=60)}
MAX_WRONG_DATES = 5
SAME_ANSWER_FOR = dt.timedelta(minutes=10)
CODE_LIFETIME = dt.timedelta(minutes=15)
# Without 0/O, 1/I/L: the code is read from one screen and typed into another. 31^8 is about 8 × 10^11.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


class BirthDateWrong(PermissionDenied):
    default_code = "birth_date_wrong"
    default_detail = "That is not the birth date your clinic has written down. Check it and try again."


class DeadToken(NotFound):
    default_detail = "This link does not work any more. Ask your clinic for a new one."


@dataclass(frozen=True)
class Issued:
    """An invitation together with its token, which exists nowhere else."""

    invitation: Invitation
    token: str


@dataclass(frozen=True)
class Joined:
    user: User
    patient: Patient
    transfer_code: str


@transaction.atomic
def invite(
    patient: Patient,
    *,
    by: User,
    purpose: str = Purpose.LINK,
    relation: str = Relation.SELF,
    replace: bool = False,
) -> Issued:
    """A fresh invitation; an unused earlier one of the same purpose and relation stops working."""
    if replace and relation != Relation.SELF:
        raise ValidationError({"replace": "Only the patient's own phone can be replaced, not a carer's."})
    if patient.status in (PatientStatus.MERGED, PatientStatus.ERASED):
        raise Conflict("This record is closed. Nobody can join it.", "patient_closed")
    now = timezone.now()
    Invitation.objects.filter(patient=patient, purpose=purpose, relation=relation, used_at=None, voided_at=None).update(
        voided_at=now
    )
    token = new_token()
    invitation = Invitation.objects.create(
        patient=patient,
        purpose=purpose,
        relation=relation,
        replace=replace,
        token_hash=hash_token(token),
        created_by=by,
        expires_at=now + LIFETIME[Purpose(purpose)],
    )
    access.record(
        "invite",
        by=by,
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.id,
        purpose=purpose,
        relation=relation,
        replace=replace,
    )
    return Issued(invitation, token)


def check(token: str, birth_date: dt.date) -> Invitation:
    """The invitation, if the token lives and the birth date is right. Uses up one of five tries if it is wrong.

    Raises DeadToken (404) or BirthDateWrong (403).
    """
    with transaction.atomic():
        invitation = _locked(token)
        right = invitation.patient.birth_date == birth_date
        if not right:
            _count_wrong_date(invitation)
    # Raised outside the transaction: the counted try must not be rolled back.
    if not right:
        raise BirthDateWrong
    return invitation


def join(
    token: str,
    birth_date: dt.date,
    *,
    device: uuid.UUID | None = None,
    consent_version: str | None = None,
    signed_in: User | None = None,
    add: bool = False,
) -> Joined:
    """Link an account to the patient and use the invitation up.

    The same token and device within ten minutes get the same answer, since a phone that lost the first one will ask
    again. Raises DeadToken, BirthDateWrong, or Conflict `signed_in`, `consent_changed`, `second_factor`.
    """
    if consent_version is not None and consent_version != consent.VERSION:
        raise Conflict("The text you agreed to has changed. Please read it again.", "consent_changed")
    with transaction.atomic():
        invitation = _locked(token, device)
        right = invitation.patient.birth_date == birth_date
        if right:
            if invitation.used_by is None:
                user = _account_for(invitation, signed_in, add)
                _use(invitation, user, device)
            elif signed_in is not None and signed_in != invitation.used_by:
                raise _signed_in()
            else:
                user = invitation.used_by
            code = _transfer_code_of(token, user)
        else:
            _count_wrong_date(invitation)
    if not right:
        raise BirthDateWrong
    return Joined(user, invitation.patient, code)


def _locked(token: str, device: uuid.UUID | None = None) -> Invitation:
    """The living invitation of a token, with its row locked: tries and use are counted one request at a time."""
    now = timezone.now()
    try:
        # of=self: the patient's clinic and the account that used it are only read.
        invitation: Invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("patient__clinic", "used_by", "created_by")
            .get(token_hash=hash_token(token))
        )
    except Invitation.DoesNotExist as error:
        raise DeadToken from error
    repeat = (
        invitation.used_at is not None
        and device is not None
        and invitation.used_device == device
        and now - invitation.used_at <= SAME_ANSWER_FOR
    )
    closed = invitation.patient.status in (PatientStatus.MERGED, PatientStatus.ERASED)
    dead = invitation.voided_at is not None or invitation.expires_at <= now or closed
    if dead or (invitation.used_at is not None and not repeat):
        raise DeadToken
    return invitation


def _count_wrong_date(invitation: Invitation) -> None:
    invitation.wrong_dates += 1
    if invitation.wrong_dates >= MAX_WRONG_DATES:
        invitation.voided_at = timezone.now()
        flags.raise_flag(
            invitation.patient,
            FlagKind.JOIN_ATTEMPTS,
            Urgency.ROUTINE,
            evidence={"wrong_dates": invitation.wrong_dates, "at": invitation.voided_at.isoformat()},
            next_step="Check the birth date with the patient, then send a new invitation.",
        )
    invitation.save(update_fields=["wrong_dates", "voided_at"])


def _account_for(invitation: Invitation, signed_in: User | None, add: bool) -> User:
    patient = invitation.patient
    if signed_in is not None:
        staff = Membership.objects.filter(user=signed_in, ended_at=None).exists()
        if staff or not add or invitation.relation != Relation.CARER:
            raise _signed_in()
        return signed_in
    if invitation.relation == Relation.SELF:
        own = PatientAccess.objects.filter(patient=patient, relation=Relation.SELF, ended_at=None)
        existing = list(own.select_related("user").order_by("created_at", "id"))
        if existing:
            access_row = existing[0]
            if invitation.replace:
                # More than one after a merge: nobody says which of the phones was lost.
                for one in existing:
                    _end_everything(one.user)
            elif Authenticator.objects.filter(user=access_row.user).exists():
                raise Conflict(
                    "This account is protected by a passkey. Sign in with it, or ask your clinic for an invitation "
                    "that replaces a lost phone.",
                    "second_factor",
                )
            known: User = access_row.user
            return known
    return User.objects.create_user(
        _free_email(invitation),
        name=patient.name if invitation.relation == Relation.SELF else "",
        language=patient.language,
        timezone=patient.timezone,
    )


def _signed_in() -> Conflict:
    return Conflict(
        "Someone is signed in on this phone already. Sign out first, then open the link again.", "signed_in"
    )


def _free_email(invitation: Invitation) -> str | None:
    """The patient's address becomes the account's, for sign-in by code, unless another account has it."""
    email = invitation.patient.email if invitation.relation == Relation.SELF else None
    if not email or User.objects.filter(email__iexact=email).exists():
        return None
    return email


def _end_everything(user: User) -> None:
    """The phone was lost: whoever has it must not get in again."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    Authenticator.objects.filter(user=user).delete()
    TransferCode.objects.filter(user=user, used_at=None).delete()


def _use(invitation: Invitation, user: User, device: uuid.UUID | None) -> None:
    now = timezone.now()
    invitation.used_at, invitation.used_by, invitation.used_device = now, user, device
    invitation.save(update_fields=["used_at", "used_by", "used_device"])
    patient = invitation.patient
    PatientAccess.objects.get_or_create(
        user=user,
        patient=patient,
        ended_at=None,
        defaults={"relation": invitation.relation, "consent_version": consent.VERSION, "consented_at": now},
    )
    if patient.status == PatientStatus.INVITED:
        patient.status = PatientStatus.ACTIVE
        patient.save(update_fields=["status"])
    access.record(
        "join",
        by=user,
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.id,
        relation=invitation.relation,
        consent=consent.VERSION,
    )


def _transfer_code_of(token: str, user: User) -> str:
    """The code that comes with joining. It follows from the token, since a phone that asks again because the answer was
    lost gets the same one, and the server keeps neither token nor code."""
    number = int.from_bytes(salted_hmac("patients.transfer_code", token, algorithm="sha256").digest())
    code = ""
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(CODE_LETTERS))
        code += CODE_LETTERS[letter]
    if TransferCode.objects.filter(user=user, code_hash=hash_token(code)).exists():
        return code
    return issue_transfer_code(user, code)


def issue_transfer_code(user: User, code: str | None = None) -> str:
    """A code for the app on the home screen; an earlier unused one stops working."""
    TransferCode.objects.filter(user=user, used_at=None).delete()
    code = code or "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    TransferCode.objects.create(user=user, code_hash=hash_token(code), expires_at=timezone.now() + CODE_LIFETIME)
    return code


def redeem_transfer_code(code: str) -> User:
    """Raises DeadToken for a code that is unknown, used or older than 15 minutes."""
    typed = "".join(code.split()).upper().replace("-", "")
    live = TransferCode.objects.filter(code_hash=hash_token(typed), used_at=None, expires_at__gt=timezone.now())
    # The conditional update is the claim: of two phones that type the code at once, one gets in.
    if not live.update(used_at=timezone.now()):
        raise DeadToken("This code does not work any more. Make a new one in the browser.")
    redeemed: TransferCode = TransferCode.objects.select_related("user").get(code_hash=hash_token(typed))
    return redeemed.user
