"""`manage.py rebuild_days [--check]`: compare every day with a recomputation from plans and logs."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from patients import rebuilding


class Command(BaseCommand):
    help = "Recompute all days from plans and logs. With --check only name what differs, and exit 1 if anything does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 with the differences")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = rebuilding.rebuild(check=options["check"])
        for difference in differences:
            self.stdout.write(str(difference))
        if not differences:
            self.stdout.write("Every day is what its log says.")
        elif options["check"]:
            self.stderr.write(f"{len(differences)} differences. Run without --check to put them right.")
            sys.exit(1)
        else:
            self.stdout.write(f"{len(differences)} differences were put right.")
