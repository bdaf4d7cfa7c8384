"""Patients, the accounts that may see them, and the ways in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce

from accounts.base import Row, Versioned
from accounts.models import Clinic, Membership, User
from accounts.zones import validate_zone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Condition(models.TextChoices):
    IFI_SUSPECTED = "ifi_suspected"
    IFI_CONFIRMED = "ifi_confirmed"
    PIRIFORMIS = "piriformis"
    PROXIMAL_HAMSTRING = "proximal_hamstring"
    LT_RESECTION = "lt_resection"
    OTHER = "other"


class AffectedSide(models.TextChoices):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class PatientStatus(models.TextChoices):
    INVITED = "invited"
    ACTIVE = "active"
    DISCHARGED = "discharged"
    MERGED = "merged"
    ERASED = "erased"


OUT_OF_TREATMENT = (PatientStatus.DISCHARGED, PatientStatus.MERGED, PatientStatus.ERASED)


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: User | AnonymousUser) -> PatientQuerySet:
        """Staff of the patient's clinic, the patient, and the carers: nobody else ever learns that a record exists."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Exists(self._staff_of(user)) | models.Exists(self._access_of(user)))

    def for_staff(self, user: User | AnonymousUser) -> PatientQuerySet:
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Exists(self._staff_of(user)))

    def for_phone(self, user: User | AnonymousUser) -> PatientQuerySet:
        """The records that a phone signed in as `user` may read and write for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Exists(self._access_of(user)))

    def named_by_phone(self, user: User | AnonymousUser, id_: uuid.UUID) -> PatientQuerySet:
        """The record that a phone of `user` means by this id: the one it belongs to now. A phone goes on naming the
        record that it joined, also after that was merged into another, and its outbox must find its way."""
        means = PatientAccess.objects.filter(
            models.Q(patient=id_) | models.Q(known_as=id_), user=user.pk, ended_at=None
        )
        return self.for_phone(user).filter(pk__in=means.values(record=Coalesce("patient__merged_into", "patient")))

    @staticmethod
    def _staff_of(user: User) -> models.QuerySet[Membership]:
        return Membership.objects.filter(user=user.pk, clinic=models.OuterRef("clinic"), ended_at=None)

    @staticmethod
    def _access_of(user: User) -> models.QuerySet[PatientAccess]:
        return PatientAccess.objects.filter(user=user.pk, patient=models.OuterRef("pk"), ended_at=None)


class Patient(Versioned):
    """A person treated by a clinic. `findings` are API.md's (absent = unknown). What the caseload sorts by is stored
    here and rewritten whenever it may have changed, so that the list never has to look into the log."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=120)
    birth_date = models.DateField()
    record_number = models.CharField(max_length=60, null=True, blank=True)
    email = models.EmailField(null=True, blank=True)
    phone = models.CharField(max_length=40, null=True, blank=True)
    timezone = models.CharField(max_length=64, validators=[validate_zone])
    language = models.CharField(max_length=8, default="en")
    affected_side = models.CharField(max_length=5, choices=AffectedSide.choices, null=True, blank=True)
    condition = models.CharField(max_length=20, choices=Condition.choices, null=True, blank=True)
    findings = models.JSONField(default=dict, blank=True)
    skipped_dates = models.JSONField(
        default=list, blank=True, help_text="[{date, from, to}], dates that a change of zone jumped over"
    )
    responsible = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    cover = models.JSONField(null=True, blank=True, help_text="{staff, from, to} while someone stands in")
    status = models.CharField(max_length=10, choices=PatientStatus.choices, default=PatientStatus.INVITED)
    # Facts about contact: the last local date for which the phone had nothing left to send, and the last log.
    known_until = models.DateField(null=True, blank=True)
    last_active_at = models.DateTimeField(null=True, blank=True)
    # Rises with every write that GET /me/plans may show: with it an unchanged plan is answered by one look at this row.
    plans_stamp = models.PositiveBigIntegerField(default=0)
    # When something came that the rules have not looked at yet (patients.review); the worker or the next reader does.
    review_due_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    discharge_reason = models.CharField(max_length=500, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    # Stored for the caseload: 0 = nobody needs to look; the higher the sooner. Reasons are words' keys with numbers.
    attention_rank = models.PositiveIntegerField(default=0)
    attention = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager[Patient]] = PatientQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("clinic", "record_number"),
                condition=models.Q(record_number__isnull=False),
                name="record_number_once_a_clinic",
            ),
        )
        indexes = (
            models.Index(fields=("clinic", "-attention_rank", "id"), name="caseload_order"),
            models.Index(fields=("clinic", "name"), name="patients_by_name"),
            models.Index(
                fields=("clinic", "review_due_at"),
                condition=models.Q(review_due_at__isnull=False),
                name="reviews_due",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PatientRows(models.QuerySet[Any]):
    """Rows that belong to one patient: whoever sees the patient sees them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def for_staff(self, user: User | AnonymousUser) -> Self:
        return self.filter(patient__in=Patient.objects.for_staff(user))


class Relation(models.TextChoices):
    SELF = "self"
    CARER = "carer"


class PatientAccess(Row):
    """Links an account to a patient, with the consent that was given: when, and to which wording.

    `known_as`: after a merge (or its undoing) the account's phones go on naming the record that they joined, since
    everything they keep stands under its id; this is that id.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="patient_access")
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="access")
    relation = models.CharField(max_length=5, choices=Relation.choices)
    consent_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    known_as = models.UUIDField(null=True, blank=True)

    objects: ClassVar[models.Manager[PatientAccess]] = PatientRows.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "patient"), condition=models.Q(ended_at=None), name="one_access_a_person"
            ),
        )

    @property
    def named(self) -> uuid.UUID:
        """The id by which the account's phones know the record."""
        return self.known_as or self.patient_id


class Purpose(models.TextChoices):
    LINK = "link"
    HANDOUT = "handout"


class Invitation(Row):
    """A way in, once. The token is shown to the clinic and never stored. Five wrong birth dates kill it."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.LINK)
    relation = models.CharField(max_length=5, choices=Relation.choices, default=Relation.SELF)
    replace = models.BooleanField(default=False, help_text="joining ends the account's sessions: the phone was lost")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    wrong_dates = models.PositiveSmallIntegerField(default=0)
    voided_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_device = models.UUIDField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[Invitation]] = PatientRows.as_manager()


class TransferCode(Row):
    """Signs in the app that was just added to an iPhone's home screen: 8 characters, 15 minutes, one use."""

    user = models.ForeignKey(User, models.CASCADE, related_name="transfer_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[TransferCode]] = models.Manager()


class Phone(Row):
    """A device that syncs for a patient: when it was last heard of and how much it still had to send."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="phones")
    device = models.UUIDField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    last_sync_at = models.DateTimeField()
    pending = models.PositiveIntegerField(default=0)
    pending_since = models.DateTimeField(null=True, help_text="since when something has been waiting, without a break")
    timezone = models.CharField(max_length=64)
    clock_skew_s = models.IntegerField(default=0, help_text="phone minus server")

    objects: ClassVar[models.Manager[Phone]] = PatientRows.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("patient", "device"), name="phone_once_a_patient"),)


class Merge(Row):
    """Two records of one person made into one, and everything that is needed to take it back for 30 days: `moved` says
    which rows went over ({column, as "app.Model.field": [ids]}), `before` what was changed on the way ({changes, other,
    kept, own_accounts})."""

    kept = models.ForeignKey(Patient, models.CASCADE, related_name="merges")
    other = models.ForeignKey(Patient, models.CASCADE, related_name="merged_away")
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[Merge]] = models.Manager()
