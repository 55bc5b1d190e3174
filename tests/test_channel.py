"""Channels: what many are told is queued once, and reaches each in the right order."""

from __future__ import annotations

import pytest

from pyao.channel import Channel, Flushable, Subscriber


class Waiting:
    """Keeps what asked to be flushed until the test flushes it."""

    def __init__(self) -> None:
        self.boxes: list[Flushable] = []

    def __call__(self, box: Flushable) -> None:
        self.boxes.append(box)

    def flush(self) -> None:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            box.flush()


class Box(Subscriber):
    """Keeps each write as one text; a broken one raises instead."""

    def __init__(self, waiting: Waiting, *, broken: bool = False) -> None:
        super().__init__(waiting)
        self.writes: list[str] = []
        self.broken = broken

    def flush(self) -> None:
        self._collect()
        self._write()

    def flush_shared(self, said: list[bytes], data: bytes) -> None:
        if self.broken:
            raise ConnectionError
        if self._parts or self._heard:
            self._collect()
            self._heard = 0
            self._write()
        elif said:
            self.writes.append(data.decode())

    def _write(self) -> None:
        self.append = self._first
        if self._parts:
            self.writes.append(b"".join(self._parts).decode())
            self._parts.clear()


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def channel(waiting: Waiting) -> Channel:
    return Channel(waiting)


def listening(waiting: Waiting, channel: Channel, count: int) -> list[Box]:
    boxes = [Box(waiting) for _ in range(count)]
    for box in boxes:
        box.follow(channel)
    return boxes


def test_what_a_channel_says_is_flushed_once_for_all(waiting: Waiting, channel: Channel) -> None:
    boxes = listening(waiting, channel, 3)
    channel.append(b"a")
    channel.append(b"b")
    assert waiting.boxes == [channel]
    waiting.flush()
    assert [box.writes for box in boxes] == [["ab"]] * 3
    channel.append(b"c")
    waiting.flush()
    assert [box.writes for box in boxes] == [["ab", "c"]] * 3


def test_private_words_keep_their_place_and_leave_with_the_rest(
    waiting: Waiting, channel: Channel
) -> None:
    first, second = listening(waiting, channel, 2)
    channel.append(b"a")
    first.append(b"1")
    channel.append(b"b")
    first.append(b"2")
    first.append(b"3")
    channel.append(b"c")
    assert waiting.boxes == [channel]
    waiting.flush()
    assert first.writes == ["a1b23c"]
    assert second.writes == ["abc"]


def test_private_words_alone_wake_the_channel(waiting: Waiting, channel: Channel) -> None:
    first, second = listening(waiting, channel, 2)
    first.append(b"1")
    assert waiting.boxes == [channel]
    channel.append(b"a")
    assert waiting.boxes == [channel]
    waiting.flush()
    assert (first.writes, second.writes) == (["1a"], ["a"])


def test_one_misses_the_next_packet_only(waiting: Waiting, channel: Channel) -> None:
    first, second = listening(waiting, channel, 2)
    channel.append(b"a")
    first.miss_next()
    channel.append(b"b")
    channel.append(b"c")
    waiting.flush()
    assert (first.writes, second.writes) == (["ac"], ["abc"])
    first.miss_next()
    channel.append(b"d")
    waiting.flush()
    assert (first.writes, second.writes) == (["ac"], ["abc", "d"])


def test_flushing_one_alone_leaves_the_rest_for_later(waiting: Waiting, channel: Channel) -> None:
    first, second = listening(waiting, channel, 2)
    channel.append(b"a")
    first.flush()
    channel.append(b"b")
    waiting.flush()
    assert (first.writes, second.writes) == (["a", "b"], ["ab"])


def test_a_newcomer_hears_only_what_is_said_from_then_on(
    waiting: Waiting, channel: Channel
) -> None:
    listening(waiting, channel, 1)
    channel.append(b"a")
    (late,) = listening(waiting, channel, 1)
    channel.append(b"b")
    waiting.flush()
    assert late.writes == ["b"]


def test_who_moves_on_gets_the_old_words_with_the_old_flush(waiting: Waiting) -> None:
    here, there = Channel(waiting), Channel(waiting)
    (box,) = listening(waiting, here, 1)
    here.append(b"a")
    box.follow(there)
    there.append(b"b")
    here.append(b"not heard")
    waiting.flush()
    assert box.writes == ["ab"]
    assert not here.subscribers
    assert there.subscribers == [box]
    there.append(b"c")
    waiting.flush()
    assert box.writes == ["ab", "c"]


def test_who_unfollows_with_words_that_wait_is_flushed_alone(
    waiting: Waiting, channel: Channel
) -> None:
    (box,) = listening(waiting, channel, 1)
    kept = box.append
    box.unfollow()
    box.unfollow()
    kept(b"1")  # from before it left
    box.append(b"2")
    channel.append(b"not heard")
    waiting.flush()
    assert box.writes == ["12"]


def test_a_subscriber_that_raises_costs_the_others_nothing(
    waiting: Waiting, channel: Channel
) -> None:
    (before,) = listening(waiting, channel, 1)
    broken = Box(waiting, broken=True)
    broken.follow(channel)
    after, leaver = listening(waiting, channel, 2)
    channel.append(b"a")
    leaver.unfollow()
    with pytest.raises(ConnectionError):
        waiting.flush()
    channel.append(b"b")
    broken.broken = False
    waiting.flush()
    assert before.writes == ["a", "b"]
    assert after.writes == ["ab"]
    assert leaver.writes == ["a"]
