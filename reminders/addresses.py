"""Where people open the app, for messages that no request caused."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.conf import settings


def base_url() -> str:
    """`BASE_URL`, else this machine at `PORT`; without a slash at the end."""
    return settings.BASE_URL or f"http://localhost:{os.environ.get('PORT', '8000')}"


def host() -> str:
    return urlsplit(base_url()).hostname or "localhost"
