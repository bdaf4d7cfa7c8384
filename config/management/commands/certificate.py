"""`manage.py certificate 192.168.1.20 clinic.local`: HTTPS for phones on the same network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config import certificate


class Command(BaseCommand):
    help = "Make a certificate for this machine's addresses, signed by an authority that phones can be told to trust."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="+", help="what phones will type: an IP address or a host name")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"]
        made = certificate.make(Path(settings.DATA) / "tls", names, timezone.now())
        port = os.environ.get("PORT") or "8000"
        self.stdout.write(
            f"1. Send {made.authority} to the phone, install it there and trust it (README, “On a real phone”).\n"
            f"2. make run LISTEN=0.0.0.0 BASE_URL=https://{names[0]}:{port} "
            f"SSL_CERT={made.certificate} SSL_KEY={made.key}"
        )
