"""Keys: their spelling, and that no name reaches another's."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyao.rules.character import UserId
from pyao.storage.keys import KINDS, PREFIXES, RedisKeys, character_keys, name_part

hostile = (
    st.text(alphabet=st.sampled_from("aA:*?[]\\\n\r\x00 %2f/áаñ{}\ud800"), max_size=12) | st.text()
)


def test_the_keys_of_the_first_document_are_spelled_as_it_says() -> None:
    assert RedisKeys.CONFIG_SERVER_HOST == "config:server:host"
    assert RedisKeys.CONFIG_SERVER_PORT == "config:server:port"
    assert RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS == "config:server:max_connections"
    assert RedisKeys.SERVER_CONNECTIONS_COUNT == "server:connections:count"
    assert RedisKeys.session_active(1) == "session:1:active"
    assert RedisKeys.session_last_seen(1) == "session:1:last_seen"
    assert RedisKeys.player_position(1) == "player:1:position"
    assert RedisKeys.player_stats(1) == "player:1:stats"
    assert RedisKeys.player_inventory(1) == "player:1:inventory"


def test_the_shorthands_agree_with_the_parts_of_a_character() -> None:
    keys = character_keys(UserId(5))
    assert RedisKeys.player_position(5) in keys
    assert RedisKeys.player_stats(5) in keys
    assert RedisKeys.player_inventory(5) in keys


@pytest.mark.untraced
@given(hostile, hostile)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert (name_part(one) == name_part(other)) is (one == other)


@given(hostile)
def test_no_name_can_leave_its_own_kind_of_key(name: str) -> None:
    for make in (RedisKeys.account, RedisKeys.name, RedisKeys.lockout_account):
        key = make(name)
        head, _, part = key.rpartition(":")
        assert key.startswith(head + ":")
        assert part.isascii()
        assert not set(part) & set(":*?[]\\ \n\r\x00/")


def test_ten_thousand_random_names_have_ten_thousand_keys() -> None:
    source = random.Random(41)
    alphabet = "abcABC :*?\n\té\u0430\u200b%0Aªº"
    names = {"".join(source.choices(alphabet, k=source.randint(0, 20))) for _ in range(10_000)}
    assert len({RedisKeys.account(name) for name in names}) == len(names)


def test_every_key_function_has_its_line_in_the_reference() -> None:
    made = [
        RedisKeys.config_server("port"),
        RedisKeys.SERVER_CONNECTIONS_COUNT,
        RedisKeys.session_active(1),
        RedisKeys.session_last_seen(1),
        *character_keys(UserId(1)),
        RedisKeys.account("a"),
        RedisKeys.name("a"),
        RedisKeys.token("0" * 64),
        RedisKeys.lockout_account("a"),
        RedisKeys.lockout_address("::1"),
        RedisKeys.map_ground(1),
        RedisKeys.guild("a", "members"),
        RedisKeys.room_vars("map:1"),
        RedisKeys.WORLD_SCHEMA,
        RedisKeys.WORLD_COMMIT,
        RedisKeys.WORLD_EPOCH,
        RedisKeys.WORLD_OWNER,
        RedisKeys.WORLD_LAST_USER_ID,
        RedisKeys.WORLD_MIGRATING,
    ]
    for key in made:
        assert key.startswith(PREFIXES), key
        assert any(_fits(kind.pattern, key) for kind in KINDS), key


def _fits(pattern: str, key: str) -> bool:
    wanted, parts = pattern.split(":"), key.split(":")
    return len(wanted) == len(parts) and all(
        want == part or want.startswith("{") for want, part in zip(wanted, parts, strict=True)
    )
