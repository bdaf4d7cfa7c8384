"""`manage.py demo`: a clinic to look around in, with plainly fictional patients."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.demo import making
from config.demo.cast import NEWCOMER, ROSA
from patients.models import Patient
from reminders.addresses import base_url


class Command(BaseCommand):
    help = "Make a demo clinic with fictional patients and their histories. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        parser.add_argument("--patients", type=int, default=25, help="how many, Rosa Sample and a newcomer among them")
        parser.add_argument("--weeks", type=int, default=8, help="the longest history (Rosa Sample has five weeks)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same people")

    def handle(self, **options: Any) -> None:
        if options["patients"] < 2 or options["weeks"] < 1:
            raise CommandError("At least two patients (Rosa Sample and the newcomer) and one week.")
        try:
            self._make(options["patients"], options["weeks"], options["seed"])
        except making.TemplatesMissing as error:
            raise CommandError(
                f"These templates are not loaded: {error}. "
                "Run manage.py load_library and manage.py load_templates first."
            ) from error
        self._print(self._document(), as_json=options["json"])

    def _make(self, count: int, weeks: int, seed: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("Demo patients", total=count)
            for done, _ in making.make(count=count, weeks=weeks, seed=seed):
                progress.update(bar, completed=done)

    @staticmethod
    def _document() -> dict[str, Any]:
        url, birth_date = making.open_invitation()
        return {
            "base_url": base_url(),
            "therapist": {"email": making.DANA, "password": making.PASSWORD},
            "patient": {"email": ROSA.email, "password": making.PASSWORD},
            "join": {"url": url, "birth_date": birth_date.isoformat()},
        }

    def _print(self, document: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(document, indent=2))
            return
        therapist, patient, join = document["therapist"], document["patient"], document["join"]
        count = Patient.objects.filter(clinic__name=making.CLINIC).count()
        self.stdout.write(
            f"{making.CLINIC}: {count} patients. Every demo account has the password {making.PASSWORD}.\n"
            f"  Clinic     {document['base_url']}/clinic   {therapist['email']} (owner), {making.THEO}, {making.ALEX}\n"
            f"  Phone      {document['base_url']}/   {patient['email']}\n"
            f"  Join       {join['url']}   {NEWCOMER.name}, birth date {join['birth_date']}"
        )
