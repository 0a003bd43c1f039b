"""The caches that all processes share: counters of sign-ins, and the list of lost files. Its content can be rebuilt.

Public pages are kept elsewhere (publishing/page_cache.py): a visitor's request never reads or writes here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.cache.backends.db import DatabaseCache as DjangoDatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.core.management import call_command

from config.environment import CACHE_ENTRIES

log = logging.getLogger(__name__)

TABLE = "portal_cache"
REDIS_PAUSE = 30  # seconds in which a Redis that did not answer is not asked again
REDIS_TIMEOUT = 1  # seconds; a Redis that hangs must not hang a sign-in


class DatabaseCache(DjangoDatabaseCache):
    """Django's cache in the portal's own database."""

    def __init__(self, _location: str = "", params: dict[str, Any] | None = None) -> None:
        super().__init__(TABLE, {"max_entries": CACHE_ENTRIES, **(params or {})})


def make_table(using: str = "default", **_signal: Any) -> None:
    """Create the table after every migrate, whatever CACHE_URL says: it is also the fallback of Redis."""
    call_command("createcachetable", TABLE, database=using, verbosity=0)


class _Outage:
    """Whether Redis is lost for this process; logged once when it goes and once when it is back."""

    def __init__(self) -> None:
        self._lock, self._is_lost, self._ask_again = Lock(), False, 0.0

    @property
    def is_pausing(self) -> bool:
        return time.monotonic() < self._ask_again

    def record_failure(self, error: Exception) -> None:
        with self._lock:
            self._ask_again = time.monotonic() + REDIS_PAUSE
            if not self._is_lost:
                log.warning("Redis does not answer (%s); counters are kept in the database meanwhile", error)
            self._is_lost = True

    def record_success(self) -> None:
        with self._lock:
            if self._is_lost:
                log.warning("Redis answers again")
            self._is_lost = False


outage = _Outage()


def _with_fallback(name: str) -> Callable[..., Any]:
    """Return the method ``name`` of RedisCache that goes to the database while Redis is gone."""

    def method(self: RedisOrDatabase, *args: Any, **options: Any) -> Any:
        from redis.exceptions import RedisError

        if not outage.is_pausing:
            try:
                answer = getattr(RedisCache, name)(self, *args, **options)
            except (RedisError, OSError) as error:
                outage.record_failure(error)
            else:
                outage.record_success()
                return answer
        return getattr(self.fallback, name)(*args, **options)

    return method


class RedisOrDatabase(RedisCache):
    """Redis; while it is gone the table in the database. Counters begin at zero there, which only lets more tries pass."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        waits = {"socket_connect_timeout": REDIS_TIMEOUT, "socket_timeout": REDIS_TIMEOUT}
        super().__init__(server, {**params, "OPTIONS": {**waits, **params.get("OPTIONS", {})}})
        self.fallback = DatabaseCache()

    def is_available(self) -> bool:
        """Whether Redis answers now."""
        from redis.exceptions import RedisError

        try:
            return self._cache.get_client().ping()
        except (RedisError, OSError):
            return False

    add, get, set, touch, delete, has_key, incr = map(
        _with_fallback, ("add", "get", "set", "touch", "delete", "has_key", "incr")
    )
    get_many, set_many, delete_many, clear = map(_with_fallback, ("get_many", "set_many", "delete_many", "clear"))
