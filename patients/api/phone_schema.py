"""The shapes of the phone's side, for the OpenAPI schema. The documents themselves are built in `patients.phone` and
`patients.sync`; nothing is parsed here, since a sync must keep even what fits no shape."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from exercises.models import Kind
from patients.api.day_schema import DayDocument
from patients.models import Difficulty, LockKind, Side, SkipReason, Urgency
from patients.models.people import AffectedSide
from patients.outcomes import Incomplete, Meaning
from patients.sync.answers import PLACES
from patients.sync.decide import Status
from patients.sync.items import ABOUT, CHECKINS, INSTRUMENTS, MOMENTS, TIMEPOINTS

STATES = ("due", "done", "partly", "skipped", "excused")
COLOURS = ("green", "amber", "red", "stop")


class FigureDocument(serializers.Serializer[Any]):
    src = serializers.CharField()
    poster = serializers.CharField()
    thumb = serializers.CharField()


class PhoneExercise(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    steps = serializers.ListField(child=serializers.CharField())
    cue = serializers.CharField()
    mistake = serializers.CharField()
    caution = serializers.CharField()
    equipment = serializers.ListField(child=serializers.CharField())
    figure = FigureDocument(allow_null=True)
    lang = serializers.CharField()


class PhoneClinic(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField()
    hours = serializers.CharField()
    emergency = serializers.CharField()


class LockDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=LockKind.choices)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


class CautionDocument(serializers.Serializer[Any]):
    rule = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    cap = serializers.CharField(allow_null=True)
    lang = serializers.CharField(allow_blank=True, help_text="en, es; empty where nobody knows it")


class RedFlagDocument(serializers.Serializer[Any]):
    id = serializers.CharField()
    ask = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    text = serializers.CharField()


class PhonePainRule(serializers.Serializer[Any]):
    limit = serializers.IntegerField()
    baseline = serializers.IntegerField(allow_null=True)
    words = serializers.DictField(child=serializers.CharField(allow_null=True))


class PhonePrescription(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.UUIDField()
    exercise = serializers.UUIDField()
    dose = serializers.DictField()
    frequency = serializers.DictField()
    optional_if = serializers.CharField(allow_null=True)
    needs_release = serializers.BooleanField()
    easier_allowed = serializers.BooleanField()
    note = serializers.CharField()


class PhonePhase(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    n = serializers.IntegerField()
    name = serializers.CharField()
    lang = serializers.CharField(allow_blank=True, help_text="of the name; empty where somebody typed it")
    from_day = serializers.IntegerField()
    to_day = serializers.IntegerField()
    current = serializers.BooleanField()
    prescriptions = PhonePrescription(many=True)


class PhoneDayItem(serializers.Serializer[Any]):
    prescription = serializers.UUIDField()
    slot = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)


class PhoneDay(serializers.Serializer[Any]):
    date = serializers.DateField()
    items = PhoneDayItem(many=True)


class PhonePlan(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    revision = serializers.UUIDField()
    starts_on = serializers.DateField()
    pain_rule = PhonePainRule()
    phases = PhonePhase(many=True)
    days = PhoneDay(many=True)


class PlansDocument(serializers.Serializer[Any]):
    patient = serializers.UUIDField()
    until = serializers.DateField()
    clinic = PhoneClinic()
    therapist = serializers.CharField(allow_null=True, help_text="the responsible clinician's name")
    side = serializers.ChoiceField(
        choices=AffectedSide.choices, allow_null=True, help_text="the affected side; null: the first check-in asks"
    )
    locks = LockDocument(many=True)
    cautions = CautionDocument(many=True)
    red_flags = RedFlagDocument(many=True)
    plans = PhonePlan(many=True)
    exercises = serializers.DictField(child=PhoneExercise())


# ---- Sync -----------------------------------------------------------------------------------------------------------
class SyncExercise(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    prescription = serializers.UUIDField()
    slot = serializers.IntegerField(required=False)
    side = serializers.ChoiceField(choices=Side.choices, required=False)
    variant = serializers.UUIDField(allow_null=True, required=False)
    sets_done = serializers.IntegerField()
    reps = serializers.ListField(child=serializers.IntegerField(), allow_null=True, required=False)
    hold_s = serializers.IntegerField(allow_null=True, required=False)
    load_kg = serializers.FloatField(allow_null=True, required=False)
    pain = serializers.IntegerField(allow_null=True, required=False)
    difficulty = serializers.ChoiceField(choices=Difficulty.choices, allow_null=True, required=False)
    skipped = serializers.ChoiceField(choices=SkipReason.choices, allow_null=True, required=False)


class SessionItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="session")
    id = serializers.UUIDField()
    plan = serializers.UUIDField()
    performed_at = serializers.DateTimeField()
    logged_at = serializers.DateTimeField(allow_null=True, required=False)
    edited_at = serializers.DateTimeField(allow_null=True, required=False)
    duration_s = serializers.IntegerField(allow_null=True, required=False)
    pain_before = serializers.IntegerField(allow_null=True, required=False)
    pain_after = serializers.IntegerField(allow_null=True, required=False)
    effort = serializers.IntegerField(allow_null=True, required=False)
    note = serializers.CharField(allow_blank=True, required=False)
    exercises = SyncExercise(many=True)


class CheckinItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="checkin")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=CHECKINS)
    version = serializers.IntegerField()
    answers = serializers.DictField()


class PainItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="pain")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    score = serializers.IntegerField()
    moment = serializers.ChoiceField(choices=MOMENTS)
    session = serializers.UUIDField(allow_null=True, required=False)
    place = serializers.ChoiceField(choices=sorted(PLACES), allow_null=True, required=False)


class OutcomeItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="outcome")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    instrument = serializers.ChoiceField(choices=INSTRUMENTS)
    timepoint = serializers.ChoiceField(choices=TIMEPOINTS)
    answers = serializers.DictField()


class GoalItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="goal")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True, required=False)


class VoidItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="void")
    id = serializers.UUIDField()
    of = serializers.UUIDField()
    at = serializers.DateTimeField()


class MessageSubject(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=ABOUT)
    id = serializers.UUIDField()


class MessageItem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="message")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    body = serializers.CharField()
    about = MessageSubject(allow_null=True, required=False)


ITEMS: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "session": SessionItem,
    "checkin": CheckinItem,
    "pain": PainItem,
    "outcome": OutcomeItem,
    "goal": GoalItem,
    "void": VoidItem,
    "message": MessageItem,
}


@extend_schema_field(
    PolymorphicProxySerializer(component_name="SyncItem", serializers=ITEMS, resource_type_field_name="type")
)
class AnyItem(serializers.JSONField):
    """One of the seven item types."""


class SyncRequest(serializers.Serializer[Any]):
    schema = serializers.ChoiceField(choices=(1,))
    patient = serializers.UUIDField()
    device = serializers.UUIDField()
    sent_at = serializers.DateTimeField(help_text="the phone's clock")
    tz = serializers.CharField(help_text="IANA zone of the phone")
    pending = serializers.IntegerField(min_value=0, help_text="what the phone still has to send after this call")
    items = serializers.ListField(child=AnyItem(), max_length=200)


class ItemErrorDocument(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class SyncResult(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    late = serializers.BooleanField()
    errors = ItemErrorDocument(many=True)  # type: ignore[assignment]  # DRF takes declared fields out of the class


class SyncResponse(serializers.Serializer[Any]):
    results = SyncResult(many=True)
    server_time = serializers.DateTimeField()
    clock_skew_s = serializers.IntegerField()


new_item = PolymorphicProxySerializer(
    component_name="NewItem", serializers=[GoalItem, OutcomeItem], resource_type_field_name="type"
)


# ---- The log, as it is given back -----------------------------------------------------------------------------------
class KeptFields(serializers.Serializer[Any]):
    """What the server adds to an item in the shape in which it was sent."""

    local_date = serializers.DateField()
    received_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    seen_at = serializers.DateTimeField(allow_null=True)
    entered_by = serializers.CharField(allow_null=True)


class KeptSession(SessionItem, KeptFields):
    pass


class KeptPain(PainItem, KeptFields):
    pass


class KeptCheckin(CheckinItem, KeptFields):
    pass


class KeptOutcome(OutcomeItem, KeptFields):
    pass


class KeptGoal(GoalItem, KeptFields):
    pass


class KeptVoid(VoidItem, KeptFields):
    pass


class KeptMessage(MessageItem, KeptFields):
    pass


KEPT: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "session": KeptSession,
    "checkin": KeptCheckin,
    "pain": KeptPain,
    "outcome": KeptOutcome,
    "goal": KeptGoal,
    "void": KeptVoid,
    "message": KeptMessage,
}
kept_item = PolymorphicProxySerializer(
    component_name="KeptItem", serializers=KEPT, resource_type_field_name="type", many=False
)


class HeldDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField(allow_null=True)
    item = serializers.JSONField()
    errors = ItemErrorDocument(many=True)  # type: ignore[assignment]  # DRF takes declared fields out of the class
    received_at = serializers.DateTimeField()


class SeenDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seen_at = serializers.DateTimeField()
    seen_by = serializers.CharField()


class ReceiptsDocument(serializers.Serializer[Any]):
    cursor = serializers.CharField()
    items = SeenDocument(many=True)
    held = HeldDocument(many=True)
    locks = LockDocument(many=True)
    messages_unread = serializers.IntegerField(help_text="messages of the clinic's that nobody has seen yet")


class PainPoint(serializers.Serializer[Any]):
    date = serializers.DateField()
    pain_max = serializers.IntegerField(allow_null=True)
    pain_last = serializers.IntegerField(allow_null=True)


class MorningPoint(serializers.Serializer[Any]):
    date = serializers.DateField()
    score = serializers.IntegerField()


class FactDocument(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="a weekly question")
    to = serializers.JSONField(help_text="its newest answer")
    from_date = serializers.DateField()
    to_date = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of the language.
        return {**super().get_fields(), "from": serializers.JSONField(help_text="its first answer of this course")}


class ScoreFields(serializers.Serializer[Any]):
    score = serializers.FloatField(allow_null=True)
    incomplete = serializers.ChoiceField(
        choices=[why.value for why in Incomplete], allow_null=True, help_text="why there is no score"
    )
    change = serializers.FloatField(allow_null=True, help_text="against the baseline, in the instrument's points")
    meaning = serializers.ChoiceField(choices=[meaning.value for meaning in Meaning], allow_null=True)


class OutcomeDue(serializers.Serializer[Any]):
    instrument = serializers.ChoiceField(choices=INSTRUMENTS)
    timepoint = serializers.ChoiceField(choices=TIMEPOINTS)


class OutcomeScore(OutcomeDue, ScoreFields):
    date = serializers.DateField()


class OutcomesOfPhone(serializers.Serializer[Any]):
    due = OutcomeDue(many=True)
    scores = OutcomeScore(many=True)
    activities = serializers.ListField(child=serializers.CharField(), help_text="what PSFS asks about")


class GoalOfPhone(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class ProgressDocument(serializers.Serializer[Any]):
    days = DayDocument(many=True)
    adherence_7 = serializers.FloatField(allow_null=True)
    adherence_28 = serializers.FloatField(allow_null=True)
    pain = PainPoint(many=True)
    morning = MorningPoint(many=True)
    facts = FactDocument(many=True)
    late = serializers.ListField(child=serializers.DateField(), help_text="something was written down on a later day")
    outcomes = OutcomesOfPhone()
    goals = GoalOfPhone(many=True)
