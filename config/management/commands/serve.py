"""`manage.py serve web|worker|beat`: one process of an installation, in the foreground."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import services, startup


class Command(BaseCommand):
    help = "Run one process of the installation in the foreground: web, worker or beat (exactly one beat)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("service", choices=services.NAMES)

    def handle(self, *args: Any, **options: Any) -> None:
        startup.check_migrated()
        command = services.command(options["service"], services.address())
        # exec: the supervisor that started us then speaks to granian or Celery itself.
        os.execv(command[0], command)  # noqa: S606 - our own interpreter and arguments
