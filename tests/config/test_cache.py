"""The cache shares its server with the broker."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.cache import cache


def test_clearing_the_cache_leaves_the_broker_alone() -> None:
    client = cast(Any, cache)._cache.get_client(None, write=True)
    queue = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}{settings.CELERY_TASK_DEFAULT_QUEUE}"
    client.rpush(queue, "work")
    cache.set("answer", 42)

    cache.clear()

    assert cache.get("answer") is None
    assert client.lrange(queue, 0, -1) == [b"work"]
