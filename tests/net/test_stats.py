from __future__ import annotations

from itertools import pairwise

import pytest

from pyao.net.stats import LOOKS_PER_S, NetStats

MOVE, TALK, PONG = b"\x20xx", b"\x17x", b"\x3b"


def write(stats: NetStats, *messages: bytes) -> bool:
    """Count a write as outboxes do; tell whether it was looked at."""
    stats.packets_out += len(messages)
    if stats.packets_out < stats.look_at:
        return False
    stats.look(messages)
    return True


def test_while_little_goes_out_every_message_is_counted_by_kind() -> None:
    stats = NetStats()
    for _ in range(3):
        assert write(stats, MOVE, MOVE, TALK)
        assert write(stats, PONG)
        stats.pace()
    assert (stats.kinds_out[MOVE[0]], stats.kinds_out[TALK[0]]) == (6, 3)
    assert stats.kinds_out[PONG[0]] == 3
    assert sum(stats.kinds_out) == stats.packets_out


def test_of_many_messages_a_bounded_number_of_writes_is_looked_at() -> None:
    stats = NetStats()
    for _ in range(3):
        looks = sum(write(stats, MOVE, MOVE, MOVE, TALK) for _ in range(10_000))
        stats.pace()
    assert looks <= LOOKS_PER_S
    moves, talks = stats.kinds_out[MOVE[0]], stats.kinds_out[TALK[0]]
    assert moves == pytest.approx(3 * talks)
    assert moves + talks == pytest.approx(stats.packets_out, rel=0.001)


def test_what_is_counted_by_kind_never_shrinks() -> None:
    stats = NetStats()
    seen = []
    for turn in range(200):
        write(stats, *([MOVE] * (1 + turn * 37 % 50)), TALK)
        seen.append(stats.kinds_out[MOVE[0]])
        if turn % 10 == 0:
            stats.pace()
    assert all(before <= after for before, after in pairwise(seen))


def test_a_message_of_nothing_is_no_kind() -> None:
    stats = NetStats()
    assert write(stats, b"", PONG)
    assert stats.kinds_out[PONG[0]] == 1
