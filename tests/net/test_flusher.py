from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from pyao.net.flusher import (
    BATCHES,
    CROWD_RATE,
    FRAME_MAX_S,
    FRAME_MIN_S,
    LOADED_S,
    QUIET_RATE,
    Flusher,
)
from pyao.net.stats import NetStats


class HandLoop:
    """A loop whose passes and time are turned by hand; as time passes `rate` packets are sent."""

    def __init__(self, rate: float = 0.0) -> None:
        self.now = 0.0
        self.rate = rate
        self.stats = NetStats()
        self._soon: list[Callable[[], None]] = []
        self._later: list[tuple[float, Callable[[], None]]] = []

    def call_soon(self, callback: Callable[[], None], /) -> None:
        self._soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> None:
        self._later.append((self.now + delay, callback))

    def run_pass(self) -> None:
        due = [callback for when, callback in self._later if when <= self.now]
        self._later = [entry for entry in self._later if entry[0] > self.now]
        due += self._soon
        self._soon = []
        for callback in due:
            callback()

    def pass_time(self, seconds: float) -> None:
        before = round(self.now * self.rate)
        self.now += seconds
        self.stats.packets_out += round(self.now * self.rate) - before


class Box:
    """Counts its flushes."""

    def __init__(self, *, broken: bool = False) -> None:
        self.flushes = 0
        self.broken = broken

    def flush(self) -> None:
        self.flushes += 1
        if self.broken:
            raise ZeroDivisionError


def make(loop: HandLoop) -> Flusher:
    return Flusher(loop, loop.stats, clock=lambda: loop.now, sleep=loop.pass_time)


def work(loop: HandLoop, flusher: Flusher, *, seconds: float) -> None:
    """Let there be something for a crowd every 50 ms."""
    for _ in range(round(seconds / 0.05)):
        flusher.add(Box())
        loop.pass_time(0.05)
        loop.run_pass()


def test_while_quiet_a_crowd_is_flushed_with_the_next_pass() -> None:
    loop = HandLoop()
    flusher = make(loop)
    boxes = [Box(), Box()]
    for box in boxes:
        flusher.add(box)
    assert [box.flushes for box in boxes] == [0, 0]
    loop.run_pass()
    assert [box.flushes for box in boxes] == [1, 1]
    loop.run_pass()
    assert [box.flushes for box in boxes] == [1, 1]


def loaded(loop: HandLoop) -> Flusher:
    """Return a flusher of a crowd that is just large enough to wait, with nothing waiting."""
    flusher = make(loop)
    loop.rate = QUIET_RATE * 1.1
    work(loop, flusher, seconds=5)
    loop.pass_time(0.05)
    loop.run_pass()
    assert LOADED_S < flusher.interval_s < 0.044
    return flusher


def test_under_load_a_crowd_waits_and_neighbours_leave_together() -> None:
    loop = HandLoop()
    flusher = loaded(loop)
    interval_s = flusher.interval_s
    early, neighbour = Box(), Box()
    flusher.add(early)
    loop.pass_time(interval_s / BATCHES / 2)
    flusher.add(neighbour)
    loop.run_pass()
    assert (early.flushes, neighbour.flushes) == (0, 0)
    loop.pass_time(interval_s)
    loop.run_pass()
    assert (early.flushes, neighbour.flushes) == (1, 1)


def test_who_comes_later_waits_its_own_time() -> None:
    loop = HandLoop()
    flusher = loaded(loop)
    interval_s = flusher.interval_s
    early, late = Box(), Box()
    flusher.add(early)
    loop.pass_time(interval_s / 2)
    flusher.add(late)
    loop.pass_time(interval_s * 0.51)
    loop.run_pass()
    assert (early.flushes, late.flushes) == (1, 0)
    loop.pass_time(interval_s / 2)
    loop.run_pass()
    assert (early.flushes, late.flushes) == (1, 1)


def test_a_late_loop_flushes_everything_that_is_due_at_once() -> None:
    loop = HandLoop()
    flusher = loaded(loop)
    boxes = [Box() for _ in range(5)]
    for box in boxes:
        flusher.add(box)
        loop.pass_time(flusher.interval_s / 2)
    loop.pass_time(1.0)
    loop.run_pass()
    assert [box.flushes for box in boxes] == [1] * 5


def test_the_interval_grows_with_the_crowd_up_to_its_longest() -> None:
    loop = HandLoop()
    flusher = make(loop)
    seen = []
    for rate in (QUIET_RATE * 0.95, QUIET_RATE * 1.1, CROWD_RATE * 1.05, 500_000):
        loop.rate = rate
        work(loop, flusher, seconds=6)
        seen.append(flusher.interval_s)
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert LOADED_S < seen[1] < 0.048
    assert seen[2] == seen[3] == pytest.approx(0.048)


def test_after_a_long_rest_the_interval_is_short_again() -> None:
    loop = HandLoop(rate=500_000)
    flusher = make(loop)
    work(loop, flusher, seconds=2)
    loop.rate = 0
    loop.pass_time(30)
    flusher.add(Box())
    loop.pass_time(0.04)
    loop.run_pass()
    assert flusher.interval_s == 0.0


def test_a_crowd_of_fifty_is_answered_at_once() -> None:
    loop = HandLoop(rate=50 * 49 * 3.75 * 1.1)
    flusher = make(loop)
    work(loop, flusher, seconds=6)
    assert flusher.interval_s == 0.0


def test_the_configured_bounds_hold() -> None:
    loop = HandLoop(rate=100_000)
    flusher = make(loop)
    flusher.configure(min_ms=2, max_ms=8)
    assert flusher.interval_s == pytest.approx(0.002)
    work(loop, flusher, seconds=2)
    assert flusher.interval_s == pytest.approx(0.008)
    flusher.configure(min_ms=0, max_ms=0)
    assert flusher.interval_s == 0.0


def test_direct_replies_do_not_wait_for_the_crowd() -> None:
    loop = HandLoop(rate=100_000)
    flusher = make(loop)
    work(loop, flusher, seconds=2)
    crowd, direct = Box(), Box()
    flusher.add(crowd)
    flusher.soon(direct)
    loop.run_pass()
    assert (crowd.flushes, direct.flushes) == (0, 1)


def test_a_flush_that_raises_does_not_cost_the_others_theirs() -> None:
    loop = HandLoop()
    flusher = make(loop)
    boxes = [Box(), Box(broken=True), Box(), Box()]
    for box in boxes:
        flusher.add(box)
    with pytest.raises(ZeroDivisionError):
        loop.run_pass()
    loop.run_pass()
    assert [box.flushes for box in boxes] == [1, 1, 1, 1]


def crowded(loop: HandLoop) -> Flusher:
    """Return a flusher of a large crowd, with nothing waiting."""
    flusher = make(loop)
    loop.rate = 100_000
    work(loop, flusher, seconds=2)
    loop.pass_time(0.05)
    loop.run_pass()
    assert flusher.rate >= CROWD_RATE
    return flusher


def rest_at(rate: float) -> float:
    """Return how long the loop rests when a packet came in while so many are sent."""
    loop = HandLoop(rate)
    flusher = make(loop)
    for _ in range(2_000):
        flusher.add(Box())
        loop.pass_time(0.0005)  # of work
        loop.run_pass()
        loop.pass_time(0.0025)
    flusher.add(Box())
    began = loop.now
    loop.run_pass()
    return loop.now - began


def test_the_loop_rests_the_longer_the_larger_the_crowd_and_never_for_a_moment_only() -> None:
    assert rest_at(0) == rest_at(QUIET_RATE * 1.05) == 0.0
    middle, full = rest_at((QUIET_RATE + CROWD_RATE) / 2), rest_at(CROWD_RATE * 1.05)
    assert FRAME_MIN_S <= middle <= full <= FRAME_MAX_S
    assert rest_at(500_000) == pytest.approx(full, rel=0.05)


def test_long_frames_of_an_earlier_crowd_do_not_keep_the_next_one_from_having_any() -> None:
    loop = HandLoop(rate=100_000)
    flusher = make(loop)
    work(loop, flusher, seconds=5)  # 50 ms each: long ones are expected from now on
    loop.rate = 0
    loop.pass_time(30)
    work(loop, flusher, seconds=1)
    loop.rate = 26_000
    rest = 0.0
    for _ in range(3_000):
        flusher.add(Box())
        loop.pass_time(0.003)
        began = loop.now
        loop.run_pass()
        rest = loop.now - began
    assert rest > 0


def run_passes(loop: HandLoop) -> None:
    """Let all that waits for some frame leave."""
    for _ in range(20):
        loop.run_pass()


def test_under_load_the_loop_looks_at_its_sockets_once_in_a_frame() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    flusher.configure(min_ms=48, max_ms=48)
    looks = []
    for _ in range(100):
        flusher.add(Box())
        flusher.add(Box())
        loop.pass_time(0.002)  # what handling takes is not added to the frame
        loop.run_pass()
        looks.append(loop.now)
    frames = [later - earlier for earlier, later in pairwise(looks)][-10:]
    assert frames == pytest.approx([frames[0]] * 10, rel=0.02)
    assert 0.9 * FRAME_MAX_S < frames[0] <= FRAME_MAX_S


def test_packets_leave_before_a_frame_that_may_be_long() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    flusher.configure(min_ms=44, max_ms=44)
    dice = random.Random(1)
    boxes = []
    look_before = loop.now
    for _ in range(400):
        look = loop.now
        box = Timed(loop)
        flusher.add(box)
        loop.pass_time(dice.choice((0.002, 0.004, 0.008, 0.014)))
        loop.run_pass()
        box.arrived = look_before  # at the worst
        look_before = look
        boxes.append(box)
    waits = sorted(box.waited for box in boxes[60:-60])
    assert waits[len(waits) * 9 // 10] <= 0.046
    assert waits[-1] <= 0.044 + 0.008


def test_after_a_stall_packets_are_still_collected() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    flusher.configure(min_ms=44, max_ms=44)

    def frame(handling_s: float, box: Timed) -> None:
        flusher.add(box)
        loop.pass_time(handling_s)
        loop.run_pass()

    for handling_s in (*[0.002] * 60, 0.04):
        frame(handling_s, Timed(loop))
    late = Timed(loop)  # came in meanwhile
    frame(0.002, late)
    for _ in range(10):
        frame(0.002, Timed(loop))
    assert 0.044 - 4 * FRAME_MAX_S < late.waited <= 0.044 - FRAME_MAX_S


def test_when_all_is_written_the_loop_waits_for_its_sockets_in_peace() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    flusher.add(Box())
    run_passes(loop)
    began = loop.now
    loop.run_pass()
    assert loop.now == began


class Timed:
    """Knows when what waits in it arrived, and when it left."""

    def __init__(self, loop: HandLoop) -> None:
        self._loop = loop
        self.arrived = loop.now
        self.waited = 0.0

    def flush(self) -> None:
        assert not self.waited
        self.waited = self._loop.now - self.arrived


@pytest.mark.parametrize("handling_s", [0.001, 0.004, 0.007])
def test_what_one_look_brings_leaves_together_as_late_as_is_still_in_time(
    handling_s: float,
) -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    flusher.configure(min_ms=44, max_ms=44)
    boxes = []
    for _ in range(200):
        look = loop.now
        arrived = [Timed(loop) for _ in range(3)]
        for box in arrived:
            flusher.add(box)
        loop.pass_time(handling_s)
        loop.run_pass()
        for box in arrived:
            box.arrived = 2 * look - loop.now  # at the worst: a frame before this look
        boxes += arrived
    waits = [box.waited for box in boxes[240:-60]]  # until it knows what handling takes
    assert max(waits) <= 0.044 + 1e-9
    # The next look, and what its packets take, would have been too late.
    assert min(waits) > 0.044 - FRAME_MAX_S - handling_s


def test_what_waits_for_a_frame_is_not_forgotten_when_the_load_ends() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    box = Box()
    flusher.add(box)
    loop.run_pass()
    assert box.flushes == 0
    flusher.configure(min_ms=0, max_ms=0)
    loop.run_pass()
    loop.pass_time(0.05)
    loop.run_pass()
    assert box.flushes == 1


def test_what_begins_to_wait_while_others_are_written_is_written_too() -> None:
    loop = HandLoop()
    flusher = loaded(loop)

    class Talker(Box):
        """Has something to write again as soon as it was written the first time."""

        def flush(self) -> None:
            super().flush()
            if self.flushes == 1:
                flusher.add(self)

    talker = Talker()
    flusher.add(talker)  # a timer writes this
    flusher.rate = 100_000
    loop.rate = 100_000
    flusher.configure(min_ms=0, max_ms=44)
    flusher.add(Box())  # a frame would write this, but a stall is in the way
    loop.pass_time(0.2)
    loop.run_pass()
    for _ in range(20):
        flusher.add(Box())
        loop.pass_time(0.005)
        loop.run_pass()
    assert talker.flushes == 2


def test_a_flush_that_raises_in_a_frame_stops_neither_frames_nor_others() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    first, second, later = Box(broken=True), Box(), Box()
    flusher.add(first)
    flusher.add(second)
    loop.run_pass()
    flusher.add(later)
    with pytest.raises(ZeroDivisionError):
        run_passes(loop)
    run_passes(loop)
    assert (first.flushes, second.flushes, later.flushes) == (1, 1, 1)


def test_no_setting_makes_replies_wait_for_long() -> None:
    loop = HandLoop()
    flusher = make(loop)
    flusher.configure(min_ms=900, max_ms=1000)
    flusher.add(Box())
    loop.run_pass()
    assert loop.now == 0.0  # while quiet the loop does not rest
    loop.rate = 100_000
    work(loop, flusher, seconds=2)
    assert flusher.interval_s == pytest.approx(1.0)
    flusher.add(Box())
    loop.run_pass()
    began = loop.now
    flusher.add(Box())
    loop.run_pass()
    assert 0.9 * FRAME_MAX_S < loop.now - began <= FRAME_MAX_S


def test_replies_leave_before_the_loop_rests() -> None:
    loop = HandLoop()
    flusher = crowded(loop)
    left_at: list[float] = []

    class Reply:
        def flush(self) -> None:
            left_at.append(loop.now)

    flusher.add(Box())
    loop.run_pass()
    began = loop.now
    flusher.add(Box())
    flusher.soon(Reply())
    loop.run_pass()
    assert left_at == [began]
    assert loop.now > began


class Restless:
    """Asks to be flushed once until that is done, and sometimes again while it is done."""

    def __init__(self, flusher: Flusher, dice: random.Random) -> None:
        self._flusher = flusher
        self._dice = dice
        self.waits = False

    def say(self) -> None:
        if not self.waits:
            self.waits = True
            self._flusher.add(self)

    def flush(self) -> None:
        assert self.waits
        self.waits = False
        if self._dice.random() < 0.1:
            self.say()


@pytest.mark.parametrize("seed", range(30))
def test_whatever_load_and_settings_do_nobody_is_forgotten(seed: int) -> None:
    loop = HandLoop()
    flusher = make(loop)
    dice = random.Random(seed)
    boxes = [Restless(flusher, dice) for _ in range(20)]
    for _ in range(600):
        do = dice.random()
        if do < 0.5:
            dice.choice(boxes).say()
        elif do < 0.6:
            loop.rate = dice.choice((0, 13_000, 100_000))
            loop.pass_time(dice.choice((0.001, 0.004, 0.02, 0.3)))
        elif do < 0.62:
            flusher.configure(min_ms=dice.choice((0, 0, 5)), max_ms=dice.choice((5, 30, 44, 44)))
        else:
            loop.run_pass()
    for _ in range(400):
        loop.pass_time(0.02)
        loop.run_pass()
    assert not any(box.waits for box in boxes)
