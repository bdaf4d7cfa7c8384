"""`manage.py run`: the whole installation in one terminal. `make run` prepares the environment and calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.launcher import DemoSize, Launcher


class Command(BaseCommand):
    help = "Migrate, load the library and demo data, then run web, worker, beat and (without REDIS_URL) Valkey."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="make no demo clinic")
        parser.add_argument("--patients", type=int, default=DemoSize.patients, help="of the demo clinic")
        parser.add_argument("--weeks", type=int, default=DemoSize.weeks, help="of the demo patients' histories")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = None if options["no_demo"] else DemoSize(options["patients"], options["weeks"])
        Launcher(self.stdout, demo).run()
