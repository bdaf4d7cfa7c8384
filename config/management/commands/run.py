"""`manage.py run`: the whole installation in one terminal. `make run` prepares the environment and calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.launcher import Launcher, LaunchError


class Command(BaseCommand):
    help = "Migrate, load the library and demo data, then run web, worker, beat and (without REDIS_URL) Valkey."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="make no demo clinic")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Launcher(demo=not options["no_demo"], out=self.stdout).run()
        except LaunchError as error:
            raise CommandError(str(error)) from error
