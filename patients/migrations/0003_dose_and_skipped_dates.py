"""Days know the dose that was asked and done; what is there already is counted once, from its log."""

import zoneinfo
from collections import defaultdict

from django.db import migrations, models
from django.utils import timezone

DOSE = ("dose_asked", "dose_done", "dose_over", "dose_undone")


def count_what_is_there(apps, schema_editor):
    # The pure core needs no models, so that this still runs when the tables have grown further.
    from patients.counting import Day, Fact, count_days
    from patients.schedule import DueItem

    of = {name: apps.get_model("patients", name) for name in ("Plan", "PlanDay", "ExerciseLog")}
    if not of["PlanDay"].objects.exists():
        return
    doses = apps.get_model("programs", "Prescription").objects.values_list("id", "dose")
    sets = {str(id_): dose["sets"] for id_, dose in doses.iterator()}
    now = timezone.now()
    for plan in of["Plan"].objects.select_related("patient").iterator(chunk_size=200):
        facts = defaultdict(list)
        for date, entry, at, key, slot, side, done, asked, skipped, reps, *rest in (
            of["ExerciseLog"]
            .objects.filter(entry__plan=plan, entry__voided_at=None)
            .order_by("entry_id", "uid")
            .values_list(
                *("entry__local_date", "entry_id", "entry__happened_at", "key", "slot", "side", "sets_done"),
                *("asked_sets", "skipped", "reps", "hold_s", "asked_reps", "asked_hold_s"),
            )
        ):
            facts[date].append(
                Fact(str(entry), at, str(key), slot, side, done, asked, bool(skipped), tuple(reps), *rest)
            )
        rows = list(of["PlanDay"].objects.filter(plan=plan))
        for row in rows:
            row.items = [{**item, "sets": sets.get(item["prescription"], 1)} for item in row.items]
        days = [
            Day(row.date, tuple(map(DueItem.from_json, row.items)), row.open, row.week, tuple(facts[row.date]))
            for row in rows
        ]
        today = now.astimezone(zoneinfo.ZoneInfo(plan.patient.timezone)).date()
        counted = count_days(days, today, plan.ended_on)
        for row in rows:
            for name in DOSE:
                setattr(row, name, getattr(counted[row.date].counts, name))
        of["PlanDay"].objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=["items", *DOSE]
        )


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0002_what_happened_at_home'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='skipped_dates',
            field=models.JSONField(blank=True, default=list, help_text='[{date, from, to}], dates that a change of zone jumped over'),
        ),
        migrations.AddField(
            model_name='planday',
            name='dose_asked',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='planday',
            name='dose_done',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='planday',
            name='dose_over',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='planday',
            name='dose_undone',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop),
    ]
