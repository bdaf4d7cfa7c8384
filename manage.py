#!/usr/bin/env python
"""Django's command line, with an installation's faults said in one sentence."""

import os
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line

from config import startup

# They work without a database; asking for one would only be in the way.
NEEDS_NO_DATABASE = {"help", "version", "--help", "--version", "spectacular", "collectstatic", "compilemessages"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with startup.one_sentence():
        command = arguments[1] if len(arguments) > 1 else "help"
        settings.INSTALLED_APPS  # noqa: B018 - a wrong setting is told here, not as "unknown command"
        if command not in NEEDS_NO_DATABASE:
            django.setup()
            startup.check_database()
        execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
