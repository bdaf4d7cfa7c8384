"""`manage.py load_library`: brings the shared exercises up to `exercises/library/*.yaml`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises import library_files
from exercises.loading import load


class Command(BaseCommand):
    help = "Load the shared exercise library. Safe to run at any time; a clinic's own exercises are never touched."

    def handle(self, **options: Any) -> None:
        def drawn(slug: str) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"drew {slug}")

        try:
            counts = load(library_files.read(), on_drawn=drawn)
        except library_files.LibraryError as error:
            raise CommandError(f"The exercise library was not loaded, nothing changed.\n{error}") from error
        self.stdout.write(f"Exercise library: {counts}.")
