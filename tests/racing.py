"""Several threads at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE_S = 60


def at_once(*works: Callable[[], T]) -> list[T]:
    """Start all at the same moment; what they answered, in their order. Raises what the first of them raised, which a
    thread would only print, and AssertionError for one that waits for ever."""
    barrier = threading.Barrier(len(works))
    answers: dict[int, T] = {}
    failed: list[BaseException] = []

    def run(number: int, work: Callable[[], T]) -> None:
        try:
            barrier.wait(10)
            answers[number] = work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    if failed:
        raise failed[0]
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return [answers[number] for number in range(len(works))]
