"""`manage.py load_templates`: brings the shared program templates up to `programs/templates/*.yaml`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises import library_files
from exercises.content_files import ContentError
from programs import template_files
from programs.loading import LibraryNotLoadedError, load


class Command(BaseCommand):
    help = "Load the shared program templates. Safe to run at any time; plans and a clinic's programs are not touched."

    def handle(self, **options: Any) -> None:
        try:
            counts = load(template_files.read(library_files.read()))
        except (ContentError, LibraryNotLoadedError) as error:
            raise CommandError(f"The templates were not loaded, nothing changed.\n{error}") from error
        self.stdout.write(f"Program templates: {counts}.")
