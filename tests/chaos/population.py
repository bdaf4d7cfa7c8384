"""Run as a program on the private database: tables, and a crowd whose reminders fall due from `FROM_S` seconds
on, within `WITHIN_S`.

    python -m tests.chaos.population SIZE FROM_S WITHIN_S < subscriptions.json

Of four patients two are reminded by e-mail, one by push, and one by push with e-mail behind it. The
subscriptions are those of the odd numbers, in order: [[endpoint, p256dh, auth], …].
"""

from __future__ import annotations

import json
import sys

import django
from django.core.management import call_command


def main() -> None:
    size, begin_s, within_s = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks import crowd  # noqa: PLC0415 - models come after setup
    from reminders.models import PushSubscription  # noqa: PLC0415

    made = crowd.make(
        size,
        due_at=f"clock_timestamp() + interval '1 second' * ({begin_s} + n * {within_s} / {size})",
        channels="""CASE mod(n, 4) WHEN 1 THEN '["push"]' WHEN 3 THEN '["push", "email"]' ELSE '["email"]' END""",
    )
    rows = zip(range(1, size + 1, 2), json.load(sys.stdin), strict=True)
    PushSubscription.objects.bulk_create(
        PushSubscription(
            patient_id=crowd.key("patient", n), user=made.account, endpoint=endpoint, p256dh=p256dh, auth=auth
        )
        for n, (endpoint, p256dh, auth) in rows
    )


if __name__ == "__main__":
    main()
