"""What the server keeps among the records of modules is out of their reach, and comes along."""

from __future__ import annotations

import pytest
from tests.support.running import Start, start_fixture

from pyao.game.own_data import BOARDS, GAMBLING_HOUSE, KEYS_SOLD, POLLS, adopt
from pyao.modules import SavedData
from pyao.modules.loading import is_module_name
from pyao.storage.keys import RedisKeys
from pyao.tasks.gambling import house_of

__all__ = ["start_fixture"]

HOUSE = {"won": "300", "lost": "100", "plays": "2"}
SOLD = {"3:33": "sold", "12:7": "sold"}
OLD_HOUSE, OLD_KEYS = ("gambling", "house"), ("commerce", "keys_sold")


def saved(**records: dict[str, dict[str, str]]) -> tuple[SavedData, set[tuple[str, str]]]:
    """Return what modules remember, and what of it changes."""
    changed: set[tuple[str, str]] = set()
    return SavedData(lambda module, key: changed.add((module, key)), records), changed


def test_no_module_can_have_the_name_of_an_owner() -> None:
    owners = (BOARDS, POLLS, GAMBLING_HOUSE[0], KEYS_SOLD[0])
    assert not [owner for owner in owners if is_module_name(owner)]
    assert is_module_name("gambling")


def test_what_an_older_version_kept_is_taken_over_once() -> None:
    data, changed = saved(
        gambling={"house": HOUSE, "mine": {"a": "b"}}, commerce={"keys_sold": SOLD}
    )
    adopt(data)
    assert (data.get(*GAMBLING_HOUSE), data.get(*KEYS_SOLD)) == (HOUSE, SOLD)
    assert (data.get(*OLD_HOUSE), data.get(*OLD_KEYS)) == ({}, {})
    assert data.get("gambling", "mine") == {"a": "b"}
    assert changed == {OLD_HOUSE, OLD_KEYS, GAMBLING_HOUSE, KEYS_SOLD}
    changed.clear()
    data.put(*OLD_HOUSE, {"won": "9", "lost": "9", "plays": "9"})  # by a module
    adopt(data)
    assert data.get(*GAMBLING_HOUSE) == HOUSE
    assert changed == {OLD_HOUSE}


@pytest.mark.parametrize(
    "record",
    [
        {"colour": "red"},
        {"won": "1", "lost": "2"},
        {**HOUSE, "more": "1"},
        {**HOUSE, "won": "a lot"},
    ],
)
def test_what_a_module_keeps_under_such_a_name_stays_its_own(record: dict[str, str]) -> None:
    data, changed = saved(gambling={"house": record}, commerce={"keys_sold": {"3": "sold"}})
    adopt(data)
    assert data.get(*OLD_HOUSE) == record
    assert data.get(*OLD_KEYS) == {"3": "sold"}
    assert not changed


async def test_a_store_of_an_older_version_keeps_its_house(start: Start) -> None:
    first = await start()
    first.app.writer.submit({RedisKeys.module_data(*OLD_HOUSE): dict(HOUSE)})
    await first.app.stop()
    running = await start()
    assert house_of(running.app.game).plays == 2
    running.app.game.changes.snapshot()
    found = await running.app.writer.scan("module:")
    assert found == [RedisKeys.module_data(*GAMBLING_HOUSE)]
