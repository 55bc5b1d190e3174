"""Which store is used, and that a world never forks by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.redis_server import RedisServer, free_port

from pyao.config import StorageSettings
from pyao.errors import ConfigError, StorageCorrupt, StorageUnavailable
from pyao.storage.choose import MEMORY_FILE, SQLITE_FILE, choose_repository, repository_at
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Repository, Stamp


def settings(storage: str = "auto", url: str | None = None) -> StorageSettings:
    given = {"storage": storage} | ({} if url is None else {"redis_url": url})
    return StorageSettings.model_validate(given)


@pytest.fixture
def nowhere() -> str:
    """Return a URL where no Redis answers."""
    return f"redis://:geheim@127.0.0.1:{free_port()}/0"


def kind_of(repository: Repository) -> str:
    repository.close()
    return repository.kind


def remembered(folder: Path) -> object:
    return json.loads((folder / MEMORY_FILE).read_text())["store"]


def with_a_character(folder: Path) -> None:
    store = repository_at("sqlite", settings("sqlite"), folder)
    store.open()
    stamp = store.claim(Owner.this_process()).stamp
    store.commit(Cut(Stamp(stamp.epoch, 1), {"account:pepe": {"name": "Pepe"}}))
    store.release(stamp)
    store.close()


def test_without_redis_the_store_is_a_file_in_the_data_folder(tmp_path: Path, nowhere: str) -> None:
    chosen = choose_repository(settings(url=nowhere), tmp_path, default_url=nowhere)
    chosen.claim(Owner.this_process())
    assert kind_of(chosen) == "sqlite"
    assert (tmp_path / SQLITE_FILE).exists()
    assert remembered(tmp_path) == "sqlite"


def test_a_redis_that_answers_is_used_and_remembered(
    tmp_path: Path, empty_redis: RedisServer
) -> None:
    url = empty_redis.url
    assert kind_of(choose_repository(settings(url=url), tmp_path, default_url=url)) == "redis"
    assert remembered(tmp_path) == "redis"
    assert not (tmp_path / SQLITE_FILE).exists()


def test_a_world_last_kept_in_redis_never_starts_on_sqlite_by_itself(
    tmp_path: Path, nowhere: str
) -> None:
    (tmp_path / MEMORY_FILE).write_text('{"store": "redis"}')
    with pytest.raises(StorageUnavailable, match="this world was last kept there") as caught:
        choose_repository(settings(url=nowhere), tmp_path, default_url=nowhere)
    assert "geheim" not in str(caught.value)
    assert not (tmp_path / SQLITE_FILE).exists()
    told = choose_repository(settings("sqlite", nowhere), tmp_path)
    assert kind_of(told) == "sqlite"
    assert remembered(tmp_path) == "sqlite"


def test_a_world_in_sqlite_does_not_move_to_a_redis_that_happens_to_answer(
    tmp_path: Path, empty_redis: RedisServer
) -> None:
    with_a_character(tmp_path)
    url = empty_redis.url
    assert kind_of(choose_repository(settings(url=url), tmp_path, default_url=url)) == "sqlite"
    with pytest.raises(ConfigError, match="storage migrate --from sqlite --to redis"):
        choose_repository(settings(url=url), tmp_path)
    assert kind_of(choose_repository(settings("redis", url), tmp_path)) == "redis"


def test_an_empty_sqlite_file_is_no_reason_to_stay(
    tmp_path: Path, nowhere: str, empty_redis: RedisServer
) -> None:
    choose_repository(settings(url=nowhere), tmp_path, default_url=nowhere).close()
    url = empty_redis.url
    assert kind_of(choose_repository(settings(url=url), tmp_path, default_url=url)) == "redis"


@pytest.mark.parametrize("storage", ["redis", "auto"])
def test_a_configured_redis_that_does_not_answer_is_one_clear_error(
    tmp_path: Path, nowhere: str, storage: str
) -> None:
    with pytest.raises(StorageUnavailable, match=r"redis://\*\*\*@127\.0\.0\.1:\d+/0 does not"):
        choose_repository(settings(storage, nowhere), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_cannot_be_used_is_not_remembered(
    tmp_path: Path, empty_redis: RedisServer
) -> None:
    with empty_redis.client() as client:
        client.set("world:schema", "99")
    with pytest.raises(StorageCorrupt, match="newer version"):
        choose_repository(settings("redis", empty_redis.url), tmp_path)
    with empty_redis.client() as client:
        assert client.keys() == ["world:schema"]
    assert list(tmp_path.iterdir()) == []


def test_only_looking_leaves_no_memory(tmp_path: Path) -> None:
    choose_repository(settings("sqlite"), tmp_path, remember=False).close()
    assert not (tmp_path / MEMORY_FILE).exists()


@pytest.mark.parametrize("text", ["{", '{"store": "mysql"}', "[]", "\x00"])
def test_a_memory_that_cannot_be_read_is_an_error_not_a_guess(tmp_path: Path, text: str) -> None:
    (tmp_path / MEMORY_FILE).write_text(text)
    with pytest.raises(ConfigError, match=MEMORY_FILE):
        choose_repository(settings(), tmp_path)


def test_stores_are_named_by_word_path_or_url(tmp_path: Path) -> None:
    def described(end: str) -> str:
        return repository_at(end, settings(), tmp_path).describe()

    assert described("sqlite") == f"SQLite {tmp_path / SQLITE_FILE}"
    assert described(str(tmp_path / "b.db")) == f"SQLite {tmp_path / 'b.db'}"
    assert described("redis") == "Redis redis://localhost:6379/0"
    assert described("rediss://:geheim@far/1") == "Redis rediss://***@far/1"
    with pytest.raises(ConfigError, match="existing folder"):
        described("/no/such/folder/x.db")
