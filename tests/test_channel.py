"""Channels: what many are told is queued once, and reaches each in the right order."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import pytest

from pyao.channel import AtOnce, Channel, Flushable, Subscriber


class Waiting(AtOnce):
    """Keeps what asked to be flushed until the test flushes it; a line is the number of a box."""

    longest = 6

    def __init__(self, *, lined: bool) -> None:
        self.lined = lined
        self.boxes: list[Flushable] = []
        self.reached: list[Box] = []
        self.sent = 0  # to lines
        self.room: dict[int, int] = {}  # how many bytes a line still takes

    def later(self, waiting: Flushable) -> None:
        self.boxes.append(waiting)

    def send(
        self, lines: Sequence[int], said: Sequence[bytes], data: bytes
    ) -> Sequence[tuple[int, int]]:
        assert b"".join(said) == data
        assert 0 < len(data) <= self.longest
        short = []
        for place, line in enumerate(lines):
            self.sent += 1
            taken = self.room.get(line, len(data))
            if taken:
                self.reached[line].writes.append(data[:taken].decode())
            if taken < len(data):
                short.append((place, taken))
        return short

    def flush(self) -> None:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            box.flush()


class Box(Subscriber):
    """Keeps each write as one text; a broken one raises instead."""

    def __init__(self, waiting: Waiting, *, broken: bool = False) -> None:
        super().__init__(waiting.later)
        self.writes: list[str] = []
        self.broken = broken
        self.line = len(waiting.reached)
        waiting.reached.append(self)
        if waiting.lined and not broken:
            self._use_line(self.line)

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

    def refused(self, data: bytes, taken: int) -> None:
        if self.broken:
            raise ConnectionError
        self.writes.append(f"...{data[taken:].decode()}")

    def hang_up(self) -> None:
        self._use_line(-1)

    def _write(self) -> None:
        self.append = self._first
        if self._parts:
            self.writes.append(b"".join(self._parts).decode())
            self._parts.clear()


@pytest.fixture(params=(False, True), ids=("without lines", "with lines"))
def waiting(request: pytest.FixtureRequest) -> Waiting:
    return Waiting(lined=bool(request.param))


@pytest.fixture
def lined() -> Waiting:
    return Waiting(lined=True)


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
    assert here.deserted
    assert [*there.subscribers, *there.listeners] == [box]
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
    assert "".join(after.writes) == "ab"
    assert leaver.writes == ["a"]


def test_who_has_nothing_of_its_own_is_written_to_by_the_channel(lined: Waiting) -> None:
    channel = Channel(lined)
    first, second = listening(lined, channel, 2)
    channel.append(b"a")
    first.append(b"1")
    lined.flush()
    assert lined.sent == 1
    channel.append(b"b")
    lined.flush()
    assert lined.sent == 3
    assert (first.writes, second.writes) == (["a1", "b"], ["a", "b"])
    assert (first.carried(), second.carried()) == (1, 2)


def test_who_misses_a_packet_is_still_written_to_by_the_channel(lined: Waiting) -> None:
    channel = Channel(lined)
    first, second, third = listening(lined, channel, 3)
    second.miss_next()
    channel.append(b"a")
    first.miss_next()
    channel.append(b"b")
    channel.append(b"c")
    second.miss_next()
    channel.append(b"d")
    lined.flush()
    assert (first.writes, second.writes, third.writes) == (["acd"], ["bc"], ["abcd"])
    assert lined.sent == 2, "who misses two at once writes for itself"
    assert [box.carried() for box in (first, second, third)] == [3, 0, 4]
    third.miss_next()
    channel.append(b"e")
    lined.flush()
    assert (first.writes, second.writes, third.writes[1:]) == (["acd", "e"], ["bc", "e"], [])
    assert [box.carried() for box in (first, second, third)] == [4, 1, 4]


def test_a_gap_is_kept_by_who_begins_to_write_for_itself(lined: Waiting) -> None:
    here, there = Channel(lined), Channel(lined)
    talker, mover, alone, other = listening(lined, here, 4)
    here.append(b"a")
    for box in (talker, mover, alone):
        box.miss_next()
        here.append(str(box.line).encode())
    talker.append(b"!")
    mover.follow(there)
    alone.flush()
    here.append(b"z")
    there.append(b"t")
    lined.flush()
    assert talker.writes == ["a12!z"]
    assert mover.writes == ["a02t"]
    assert alone.writes == ["a01", "z"]
    assert other.writes == ["a012z"]
    here.append(b"s")
    lined.flush()
    assert [box.writes[-1] for box in (talker, alone, other)] == ["s"] * 3
    assert other.carried() == 6


def test_a_line_with_a_gap_that_does_not_take_all_is_left_to_whose_it_is(lined: Waiting) -> None:
    channel = Channel(lined)
    full, other = listening(lined, channel, 2)
    lined.room = {full.line: 1}
    channel.append(b"ab")
    full.miss_next()
    channel.append(b"--")
    channel.append(b"c")
    lined.flush()
    assert (full.writes, other.writes) == (["a", "...bc"], ["ab--c"])
    assert (full.carried(), other.carried()) == (0, 5)


def test_a_gap_in_what_is_too_long_for_the_lines_stays_a_gap(lined: Waiting) -> None:
    channel = Channel(lined)
    full, other = listening(lined, channel, 2)
    channel.append(b"1234")
    full.miss_next()
    channel.append(b"--")
    channel.append(b"56")
    lined.flush()
    assert (full.writes, other.writes, lined.sent) == (["123456"], ["1234--56"], 0)
    channel.append(b"7")
    lined.flush()
    assert (full.writes[1:], other.writes[1:]) == (["7"], ["7"])


def test_what_is_too_long_for_the_lines_each_writes_itself(lined: Waiting) -> None:
    channel = Channel(lined)
    boxes = listening(lined, channel, 2)
    channel.append(b"1234")
    channel.append(b"567")
    lined.flush()
    assert lined.sent == 0
    channel.append(b"8")
    lined.flush()
    assert lined.sent == 2
    assert [box.writes for box in boxes] == [["1234567", "8"]] * 2


def test_what_a_line_does_not_take_is_left_to_whose_line_it_is(lined: Waiting) -> None:
    channel = Channel(lined)
    first, full, dead = listening(lined, channel, 3)
    lined.room = {full.line: 1, dead.line: 0}
    channel.append(b"ab")
    channel.append(b"c")
    lined.flush()
    assert (first.writes, full.writes, dead.writes) == (["abc"], ["a", "...bc"], ["...abc"])
    assert (first.carried(), full.carried()) == (3, 0)
    lined.room.clear()
    channel.append(b"d")
    lined.flush()
    assert (first.writes[1:], full.writes[2:], dead.writes[1:]) == (["d"], ["d"], ["d"])
    assert (first.carried(), full.carried()) == (4, 1)


def test_a_rest_that_cannot_be_written_costs_the_others_nothing(lined: Waiting) -> None:
    channel = Channel(lined)
    broken, full, whole = listening(lined, channel, 3)
    broken.broken = True
    lined.room = {broken.line: 0, full.line: 1}
    own = Box(lined)
    own.follow(channel)
    channel.append(b"ab")
    own.append(b"1")
    with pytest.raises(ConnectionError):
        lined.flush()
    assert full.writes == ["a", "...b"]
    assert whole.writes == ["ab"]
    lined.flush()
    assert own.writes == ["ab1"]


def test_nobody_writes_to_a_line_that_is_gone(lined: Waiting) -> None:
    channel = Channel(lined)
    gone, there = listening(lined, channel, 2)
    channel.append(b"a")
    gone.hang_up()
    lined.flush()
    channel.append(b"b")
    lined.flush()
    assert lined.sent == 2
    assert (gone.writes, there.writes) == (["a", "b"], ["a", "b"])
    gone.unfollow()
    there.unfollow()
    assert channel.deserted
    assert (gone.carried(), there.carried()) == (0, 2)


@pytest.mark.parametrize("said", [False, True])
def test_a_deserted_channel_is_freed_at_once_when_all_is_written(
    lined: Waiting, *, said: bool
) -> None:
    waiting, channel = lined, Channel(lined)
    (box,) = listening(waiting, channel, 1)
    if said:
        channel.append(b"a")
    box.unfollow()
    gc.collect()
    gc.disable()
    try:
        del channel
        waiting.flush()
        assert not [one for one in gc.get_objects() if isinstance(one, Channel)]
    finally:
        gc.enable()
    assert box.writes == ["a"] * said
