"""Moving a world between stores, both ways."""

from __future__ import annotations

from pathlib import Path

import fakeredis
import pytest
from tests.storage.conftest import StoreMaker, fake_client

from pyao.errors import ConfigError, StorageConflict, StorageCorrupt
from pyao.storage.keys import RedisKeys
from pyao.storage.migrate import Migration, migrate
from pyao.storage.owner import Owner
from pyao.storage.redis_store import RedisStore
from pyao.storage.repository import Beat, Cut, Repository, Stamp
from pyao.storage.sqlite_store import SqliteStore
from pyao.storage.values import Hash, Value

ME = Owner.this_process()
RECORDS: dict[str, Value] = {
    **{f"player:{number}:stats": {"gold": str(number), "ñ": "☃"} for number in range(1, 1200)},
    "account:juan%20perez": {"name": "Juan Perez"},
    RedisKeys.CONFIG_SERVER_PORT: "7700",
    RedisKeys.session_last_seen(1): "1700000000",
    RedisKeys.WORLD_LAST_USER_ID: "1199",
}
ROWS: list[Hash] = [{"what": "trade", "number": str(number)} for number in range(1100)]


def other_store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "other.db")


def filled(store: Repository) -> Repository:
    """Play a little: a few cuts, an audit, live keys, a clean stop."""
    store.open()
    stamp = store.claim(ME).stamp
    store.commit(Cut(Stamp(stamp.epoch, 1), RECORDS))
    store.commit(Cut(Stamp(stamp.epoch, 2), {"player:1:stats": RECORDS["player:1:stats"]}, ROWS))
    store.beat(Beat(Stamp(stamp.epoch, 2), {RedisKeys.session_active(1): {"name": "Pepe"}}))
    store.release(Stamp(stamp.epoch, 2))
    return store


def check_copied(store: Repository) -> None:
    store.open()
    found = dict(store.items())
    assert {key: found.get(key) for key in RECORDS} == RECORDS
    assert RedisKeys.session_active(1) not in store.scan("session:")
    assert list(store.audit_rows()) == ROWS
    claim = store.claim(ME)
    assert claim.stamp.number == 2
    assert claim.last_user_id == 1199
    store.release(claim.stamp)
    store.close()


def test_a_world_is_copied_there_and_back(make_store: StoreMaker, tmp_path: Path) -> None:
    source, middle = filled(make_store()), other_store(tmp_path)
    assert migrate(source, middle) == Migration(len(RECORDS), len(ROWS))
    check_copied(middle)
    back = RedisStore("redis://back", client=fake_client(fakeredis.FakeServer()))
    assert migrate(middle, back).records == len(RECORDS)
    check_copied(back)


def test_any_store_can_be_the_target(make_store: StoreMaker, tmp_path: Path) -> None:
    source = filled(other_store(tmp_path))
    assert migrate(source, make_store()).records == len(RECORDS)
    check_copied(make_store())


def test_a_target_that_holds_a_world_is_refused_unless_forced(
    make_store: StoreMaker, tmp_path: Path
) -> None:
    source, target = other_store(tmp_path), make_store()
    filled(source)
    target.open()
    stamp = target.claim(ME).stamp
    target.commit(Cut(Stamp(stamp.epoch, 1), {"account:old": {"name": "Old"}}, [{"a": "b"}]))
    target.release(stamp)
    with pytest.raises(ConfigError, match=r"holds a world already \(1 records\); --force"):
        migrate(source, target)
    again = make_store()
    again.open()
    assert again.scan("account:") == ["account:old"]
    migrate(source, make_store(), force=True)
    check_copied(make_store())
    again.open()
    assert again.scan("account:") == ["account:juan%20perez"]


@pytest.mark.parametrize("which", ["source", "target"])
def test_a_store_that_a_server_owns_is_refused(
    make_store: StoreMaker, tmp_path: Path, which: str
) -> None:
    here, there = filled(make_store()), other_store(tmp_path)
    owned = make_store() if which == "source" else other_store(tmp_path)
    owned.open()
    stamp = owned.claim(ME).stamp
    with pytest.raises(StorageConflict, match=f"pid {ME.pid}"):
        migrate(here, there)
    owned.release(stamp)
    owned.close()
    migrate(make_store(), other_store(tmp_path))


def test_half_a_migration_is_refused_by_servers_and_mended_by_force(
    make_store: StoreMaker, tmp_path: Path
) -> None:
    target = make_store()
    target.open()
    target.fill([(RedisKeys.WORLD_MIGRATING, "from elsewhere"), ("account:a", {"name": "A"})], ())
    target.close()
    with pytest.raises(StorageCorrupt, match=r"half a migration; run .* --force"):
        make_store().open()
    source = filled(other_store(tmp_path))
    with pytest.raises(StorageCorrupt):
        migrate(source, make_store())
    migrate(source, make_store(), force=True)
    check_copied(make_store())


def test_nothing_is_copied_onto_itself_and_nothing_from_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name two stores"):
        migrate(other_store(tmp_path), other_store(tmp_path))
    with pytest.raises(ConfigError, match="nothing to copy"):
        migrate(other_store(tmp_path), SqliteStore(tmp_path / "third.db"))
