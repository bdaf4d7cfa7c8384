import accounts.base
import accounts.zones
import django.db.models.deletion
import reminders.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.UUIDField(default=accounts.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('times', models.JSONField(help_text='local hours, earliest first: ["08:00", "19:30"]; the first is slot 1')),
                ('weekdays', models.JSONField(default=reminders.models.every_day, help_text='ISO, Monday 1')),
                ('timezone', models.CharField(max_length=64, validators=[accounts.zones.validate_zone])),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_to', models.TimeField(blank=True, null=True)),
                ('channels', models.JSONField(default=list, help_text='in the order in which they are tried')),
                ('only_if_not_done', models.BooleanField(default=True)),
                ('paused', models.BooleanField(default=False)),
                ('next_date', models.DateField(editable=False, null=True)),
                ('next_slot', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('next_due_at', models.DateTimeField(editable=False, null=True)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
                ('claim_token', models.UUIDField(editable=False, null=True)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_rules', to='patients.patient')),
            ],
            options={
                'ordering': ('created_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('date', models.DateField()),
                ('slot', models.PositiveSmallIntegerField()),
                ('due_at', models.DateTimeField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_occurrences', to='patients.patient')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='occurrences', to='reminders.reminderrule')),
            ],
        ),
        migrations.CreateModel(
            name='ChannelOff',
            fields=[
                ('id', models.UUIDField(default=accounts.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.CharField(choices=[('email', 'Email')], max_length=20)),
                ('reason', models.CharField(choices=[('unsubscribed', 'Unsubscribed'), ('rejected', 'Rejected')], max_length=12)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channels_off', to='patients.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'channel'), name='channel_off_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=accounts.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.CharField(blank=True, help_text='empty when the patient has none', max_length=20)),
                ('sequence', models.PositiveSmallIntegerField(default=1)),
                ('status', models.CharField(choices=[('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('skipped', 'Skipped'), ('missed', 'Missed')], max_length=10)),
                ('outcome', models.CharField(blank=True, help_text='what the channel answered, or why nothing went', max_length=300)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True)),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='reminders.occurrence')),
            ],
            options={
                'ordering': ('started_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('status', 'sending')), fields=['started_at'], name='deliveries_in_flight'), models.Index(condition=models.Q(('retry_at__isnull', False)), fields=['retry_at'], name='deliveries_to_retry')],
                'constraints': [models.UniqueConstraint(fields=('occurrence', 'channel', 'sequence'), name='delivery_once_a_channel')],
            },
        ),
        migrations.AddIndex(
            model_name='reminderrule',
            index=models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='due_rules'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['patient', 'date'], name='occurrences_by_date'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(fields=('rule', 'date', 'slot'), name='occurrence_once'),
        ),
    ]
