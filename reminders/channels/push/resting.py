"""A push service that does not answer is left alone for a while, so that nobody who is reached by another one waits
through its timeouts. Each process finds out for itself."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

IN_A_ROW = 3
REST_S = 30.0
MOST = 256  # phones name them: no unbounded memory


@dataclass
class _Silence:
    times: int = 0
    until: float = 0.0


_lock = threading.Lock()
_silent: dict[str, _Silence] = {}


def rests(origin: str) -> bool:
    with _lock:
        silence = _silent.get(origin)
        return silence is not None and time.monotonic() < silence.until


def answered(origin: str) -> None:
    """Whatever it said: it is there."""
    if _silent:
        with _lock:
            _silent.pop(origin, None)


def silent(origin: str) -> None:
    """No answer. After the rest, one more silence is enough for the next."""
    with _lock:
        silence = _silent.pop(origin, None) or _Silence()
        silence.times += 1
        if silence.times >= IN_A_ROW:
            silence.until = time.monotonic() + REST_S
        _silent[origin] = silence
        while len(_silent) > MOST:
            _silent.pop(next(iter(_silent)))
