"""Which store a server uses, and the memory of it in the data folder.

A world must not fork: a server that last used Redis never starts on SQLite by itself, nor does one
whose SQLite file holds characters move to an empty Redis because one happens to answer.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from pyao.config import StorageSettings
from pyao.errors import ConfigError, StorageUnavailable
from pyao.storage.crash_points import CrashPoint
from pyao.storage.redis_config import mask_url
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Repository
from pyao.storage.sqlite_store import SqliteStore

SQLITE_FILE: Final = "world.db"
MEMORY_FILE: Final = "store.json"
DEFAULT_URL: Final = StorageSettings().redis_url

_URL_SCHEMES: Final = ("redis://", "rediss://", "unix://")

_log = structlog.get_logger(__name__)


def choose_repository(
    settings: StorageSettings,
    data_dir: Path,
    *,
    remember: bool = True,
    default_url: str = DEFAULT_URL,
) -> Repository:
    """Return the open store the settings and the past of the data folder lead to.

    Raises `StorageUnavailable` for a Redis that must be used and does not answer, `ConfigError`
    where only the operator can decide. Waits for Redis at most about half a second. Any URL but
    `default_url` counts as configured: that Redis is meant, and SQLite does not take its place.
    """
    sqlite = repository_at("sqlite", settings, data_dir)
    redis = repository_at("redis", settings, data_dir)
    configured = settings.redis_url != default_url
    match settings.storage:
        case "redis":
            _demand(redis, "it is the configured store")
            chosen = redis
        case "sqlite":
            if _recall(data_dir) == "redis":
                hint = "this world was last kept in Redis; what is there stays there"
                _log.warning("store_changed", hint=hint)
            chosen = sqlite
        case _:
            chosen = _choose(data_dir, sqlite, redis, configured=configured)
    chosen.open()
    if remember:
        remember_choice(chosen, data_dir)
    return chosen


def _choose(
    data_dir: Path, sqlite: Repository, redis: Repository, *, configured: bool
) -> Repository:
    if _recall(data_dir) == "redis":
        _demand(redis, "this world was last kept there")
        return redis
    if _holds_characters(data_dir, sqlite):
        if configured:
            raise ConfigError(
                f"this world is kept in {sqlite.describe()}, but {redis.describe()} is configured: "
                "move it with `pyao-server storage migrate --from sqlite --to redis`, or say which "
                "one to use with --storage"
            )
        return sqlite
    if configured:
        _demand(redis, "it is configured")
        return redis
    return redis if _answers(redis) else sqlite


def repository_at(end: str, settings: StorageSettings, data_dir: Path) -> Repository:
    """Return the store that `sqlite`, `redis`, a path or a Redis URL names, not yet open."""
    crash_point = CrashPoint.from_environment(os.environ)
    if end == "sqlite":
        return SqliteStore(data_dir / SQLITE_FILE, crash_point=crash_point)
    if end == "redis":
        return RedisStore(settings.redis_url, crash_point=crash_point)
    if end.startswith(_URL_SCHEMES):
        return RedisStore(end, crash_point=crash_point)
    path = Path(end)
    if not path.parent.is_dir():
        raise ConfigError(
            f"store {mask_url(end)!r}: expected sqlite, redis, a redis:// URL or a file in an "
            "existing folder"
        )
    return SqliteStore(path, crash_point=crash_point)


def remember_choice(repository: Repository, data_dir: Path) -> None:
    """Write into the data folder which store its world is kept in."""
    record = {
        "store": repository.kind,
        "where": repository.describe(),
        "since": datetime.now(tz=UTC).isoformat(timespec="seconds"),
    }
    target = data_dir / MEMORY_FILE
    if _recall(data_dir) == repository.kind:
        return
    draft = target.with_suffix(".tmp")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        raise StorageUnavailable(f"cannot write {target}: {error.strerror}") from error


def _recall(data_dir: Path) -> str | None:
    path = data_dir / MEMORY_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path} cannot be read ({error}); it says which store this world is kept in: write "
            '{"store": "sqlite"} or {"store": "redis"} into it'
        ) from error
    store = record.get("store") if isinstance(record, dict) else None
    if store not in {"sqlite", "redis"}:
        raise ConfigError(f'{path}: expected "store" to be "sqlite" or "redis", got {store!r:.60}')
    return str(store)


def _demand(redis: Repository, why: str) -> None:
    try:
        redis.open()
    except StorageUnavailable as error:
        raise StorageUnavailable(
            f"{redis.describe()} does not answer, and {why} ({error}); start it, correct "
            "--redis-url, or choose --storage sqlite for another world"
        ) from error


def _answers(redis: Repository) -> bool:
    try:
        redis.open()
    except StorageUnavailable:
        redis.close()
        return False
    return True


def _holds_characters(data_dir: Path, sqlite: Repository) -> bool:
    if not (data_dir / SQLITE_FILE).exists():
        return False
    with closing(sqlite):  # another store may be the one in the end
        sqlite.open()
        return bool(sqlite.scan("account:"))
