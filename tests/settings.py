"""The installation's settings, in a folder of the test run's own, so that no test can touch `var/`.

The database is a file, not memory: threads, processes and the `live` servers meet in it as they do in an installation.
`DATABASE_URL` and `REDIS_URL` are honoured; that is `make test-services`.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from pathlib import Path

# The first process of a run makes the folder; xdist's workers and the live servers inherit its name.
if "HOMESTRETCH_TEST_DATA" not in os.environ:
    os.environ["HOMESTRETCH_TEST_DATA"] = tempfile.mkdtemp(prefix="homestretch-test-")
    # Whose folder it is: the next run clears away what a killed one has left (tests/servers.py).
    Path(os.environ["HOMESTRETCH_TEST_DATA"], "owner").write_text(str(os.getpid()))
_folder = os.environ["HOMESTRETCH_TEST_DATA"]
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ.setdefault("TEST_RUN", uuid.uuid4().hex[:8])
os.environ["HOMESTRETCH_DATA"] = _folder
os.environ.setdefault("TEST_SQLITE", str(Path(_folder) / "test.sqlite3"))
# One Valkey or Redis serves all workers of a run, and other runs: each has its own names in it.
os.environ["REDIS_PREFIX"] = f"test-{os.environ['TEST_RUN']}-{_worker}"
os.environ.pop("BASE_URL", None)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a run starts dozens of Pythons that all import the same
(Path(_folder) / "static").mkdir(exist_ok=True)

from config.settings import *  # noqa: E402,F403

# The real hasher takes a third of a second a user on purpose; the cast has eight.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
