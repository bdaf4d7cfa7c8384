"""`make test-chaos` alone collects this folder: it takes a minute of the whole machine."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "CHAOS_SIZE" in os.environ else ["test_*.py"]
