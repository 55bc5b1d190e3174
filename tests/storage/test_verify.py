"""A whole store is checked as an auditor would; each kind of damage is named."""

from __future__ import annotations

import dataclasses

import pytest
from tests.storage.conftest import StoreMaker

from pyao.rules.character import Character, Section, Slot, UserId
from pyao.rules.guild import Alignment, Guild
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.guild_records import guild_records
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import held_in_all, rows_for
from pyao.storage.owner import Owner
from pyao.storage.records import AccountRecord, sections
from pyao.storage.repository import Cut, Repository, Stamp
from pyao.storage.settle import settle
from pyao.storage.values import Value
from pyao.storage.verify import verify

ME = Owner.this_process()
STATS = RedisKeys.player_stats(1)


def world() -> dict[str, Value | None]:
    """Return one account with one character, as it is stored."""
    ana = Character(
        user_id=UserId(1),
        name="Ana",
        account="Ana",
        race=1,
        gender=1,
        char_class=3,
        head=5,
        gold=40,
    )
    ana.inventory[0] = Slot(460, 1)
    account = AccountRecord(name="Ana", password="$argon2id$x", email="", privileges=1, created=1)
    account.characters[UserId(1)] = "Ana"
    return {
        **sections(ana, Section.everything()),
        RedisKeys.account("ana"): account.to_hash(),
        RedisKeys.name("ana"): {"user_id": "1", "account": "Ana"},
        RedisKeys.WORLD_LAST_USER_ID: "1",
    }


@pytest.fixture
def kept(make_store: StoreMaker) -> Repository:
    """Return a store with that world, claimed and released."""
    store = make_store()
    store.open()
    stamp = store.claim(ME).stamp
    records = world()
    rows = rows_for(held_in_all(records), "created", "1", 1)
    stamp = Stamp(stamp.epoch, stamp.number + 1)
    store.commit(Cut(stamp, records, rows))
    store.release(stamp)
    return store


def change(store: Repository, changes: dict[str, Value | None]) -> None:
    stamp = store.claim(ME).stamp
    stamp = Stamp(stamp.epoch, stamp.number + 1)
    store.commit(Cut(stamp, changes))
    store.release(stamp)


def test_a_sound_store_passes(kept: Repository) -> None:
    found = verify(kept)
    assert found.sound, found
    assert (found.accounts, found.characters, found.commit) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"player:1:position": None}, "player:1:position is missing"),
        ({"player:1:position": {"map": "1", "x": "0", "y": "5", "heading": "1"}}, "field x"),
        ({RedisKeys.account("ana"): None}, "player:1:bank belongs to no account"),
        ({RedisKeys.name("ana"): {"user_id": "2", "account": "Ana"}}, "name:ana is"),
        ({RedisKeys.name("bob"): {"user_id": "1", "account": "Ana"}}, "name:bob is"),
        ({"player:9:flags": {"hidden": "0"}}, "player:9:flags belongs to no account"),
        ({RedisKeys.WORLD_LAST_USER_ID: "0"}, "could be given out twice"),
        ({"player:1:inventory": {"slots": "25"}}, "ledger: player:1 has 0 of item 460"),
        ({RedisKeys.map_ground(1): {"5,5": "12xmany"}}, "ledger: cannot count map:1:ground"),
    ],
)
def test_each_kind_of_damage_is_named(
    kept: Repository, changes: dict[str, Value | None], problem: str
) -> None:
    change(kept, changes)
    found = verify(kept)
    assert not found.sound
    assert any(problem in text for text in found.problems), found.problems


def test_a_store_of_a_layout_without_a_ledger_is_sound(kept: Repository) -> None:
    gone: dict[str, Value | None] = {key: None for key, _ in kept.items() if "ledger:" in key}
    change(kept, {**gone, "player:1:inventory": {"slots": "25"}, RedisKeys.WORLD_SCHEMA: "1"})
    found = verify(kept)
    assert found.sound, found.problems
    assert found.findings.differences


def test_differences_that_are_accepted_become_lines(kept: Repository) -> None:
    stats = world()[STATS]
    assert isinstance(stats, dict)
    change(kept, {STATS: {**stats, "gold": "25"}})
    (difference,) = kept.take_stock().differences
    assert dataclasses.astuple(difference) == ("player:1", GOLD_ITEM, 25, 40)
    assert settle(kept).balanced
    row = kept.audit(1)[0]
    assert (row["cause"], row["from"], row["amount"]) == ("settled", "player:1", "15")
    assert verify(kept).sound
    before = len(list(kept.audit_rows()))
    settle(kept)
    assert len(list(kept.audit_rows())) == before


def guild(name: str, *members: int) -> dict[str, Value | None]:
    """Return a guild as it is stored; its first member founded it and leads it."""
    who = {UserId(number): f"Nadie {number}" for number in members}
    founder = next(iter(who))
    return dict(
        guild_records(
            Guild(
                name=name,
                alignment=Alignment.NEUTRAL,
                founder=founder,
                founder_name=who[founder],
                founded=1,
                leader=founder,
                members=who,
            )
        )
    )


def test_guilds_that_can_be_read_are_sound(kept: Repository) -> None:
    change(kept, {**guild("Clan A", 1, 2), **guild("Clan B", 3)})
    assert verify(kept).problems == ()


def test_a_guild_that_cannot_be_read_is_named(kept: Repository) -> None:
    change(kept, {**guild("Clan A", 1), RedisKeys.guild("clan a", "members"): None})
    (problem,) = verify(kept).problems
    assert "guild 'clan a'" in problem


def test_a_member_of_two_guilds_is_named(kept: Repository) -> None:
    change(kept, {**guild("Clan A", 1, 2), **guild("Clan B", 2)})
    (problem,) = verify(kept).problems
    assert "'Nadie 2' is one of guild 'clan a', too" in problem


def test_a_store_is_looked_at_as_often_as_one_likes(kept: Repository) -> None:
    assert all(kept.take_stock().balanced for _ in range(101))
