"""The door for granian. It does not open on a database that is unreachable or not migrated."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from config import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with startup.one_sentence():
    application = get_wsgi_application()
    startup.check_database()
    startup.check_migrated()
