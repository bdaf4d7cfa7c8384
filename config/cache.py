"""The cache may vanish at any moment without harm (ARCHITECTURE.md 10): a miss, never an error."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _url(server: str) -> str:
    return server.replace("redis+socket://", "unix://", 1)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that answers "not there" while the server is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        servers = [server] if isinstance(server, str) else list(server)
        super().__init__([_url(one) for one in servers], params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(*args, **kwargs)
        except RedisError as error:
            log.warning("cache unreachable: %s", error)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(*args, **kwargs))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return bool(super().delete(key, version))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return False

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return delta

    def has_key(self, key: Any, version: int | None = None) -> bool:
        try:
            return bool(super().has_key(key, version))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return False

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().touch(*args, **kwargs))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return False

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        try:
            return dict(super().get_many(keys, version))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return {}

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        try:
            return list(super().set_many(*args, **kwargs))
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
            return []

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        try:
            super().delete_many(keys, version)
        except RedisError as error:
            log.warning("cache unreachable: %s", error)

    def clear(self) -> None:
        """Forget the cache's own keys. Django's clear() empties the database, in which the broker's queues lie too."""
        try:
            client = self._cache.get_client(None, write=True)
            for name in client.scan_iter(self.make_key("*"), count=1000):
                client.delete(name)
        except RedisError as error:
            log.warning("cache unreachable: %s", error)
