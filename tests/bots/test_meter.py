from __future__ import annotations

from pyao.bots.meter import Meter
from pyao.protocol.server_packets import CharacterMove, PosUpdate


class Moment:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def moves(*places: tuple[int, int, int]) -> bytes:
    return b"".join(CharacterMove(*place).encode() for place in places)


def test_the_time_from_a_step_to_each_of_its_observers_is_taken() -> None:
    clock = Moment()
    meter = Meter(clock)
    meter.stepped(7, 50, 51, clock.now)
    clock.now += 0.010
    assert meter.saw_moves(moves((7, 50, 51), (8, 1, 1))) == b""
    clock.now += 0.010
    meter.saw_move(CharacterMove(7, 50, 51))
    assert meter.tally.timed_walks == 1
    assert meter.tally.moves_matched == 2
    assert meter.tally.latency.longest_s == clock.now - 100.0


def test_steps_of_strangers_are_read_and_not_timed() -> None:
    meter = Meter(Moment())
    assert meter.saw_moves(moves((1, 2, 3), (4, 5, 6))) == b""
    assert meter.tally.packets_in == 2
    assert len(meter.tally.latency) == 0


def test_what_is_behind_the_first_whole_steps_is_left_to_the_decoder() -> None:
    step, other = moves((1, 2, 3)), PosUpdate(1, 2).encode()
    for steps, rest in (
        (0, step[:-1]),
        (1, b"\x00"),
        (2, step[:4]),
        (0, other + step + other + b"\x00\x00\x00\x00"),
        (3, other + step),
    ):
        meter = Meter(Moment())
        assert meter.saw_moves(step * steps + rest) == rest
        assert meter.tally.packets_in == steps


def test_of_a_late_read_the_steps_are_counted_and_no_times_taken() -> None:
    clock = Moment()
    meter = Meter(clock)
    meter.stepped(7, 50, 51, clock.now)
    assert meter.saw_moves(moves((7, 50, 51)) + b"\x00", timed=False) == b"\x00"
    assert meter.tally.packets_in == 1
    assert len(meter.tally.latency) == 0


def test_a_step_is_forgotten_after_two_turns() -> None:
    clock = Moment()
    meter = Meter(clock)
    meter.stepped(7, 50, 51, clock.now)
    meter.forget()
    meter.saw_moves(moves((7, 50, 51)))
    assert meter.tally.moves_matched == 1
    meter.forget()
    meter.saw_moves(moves((7, 50, 51)))
    assert meter.tally.moves_matched == 1


def test_what_arrives_after_the_end_still_counts_as_slow_but_not_as_traffic() -> None:
    clock = Moment()
    meter = Meter(clock)
    meter.begin()
    meter.stepped(7, 50, 51, clock.now)
    tally = meter.end()
    clock.now += 2.0
    meter.saw_moves(moves((7, 50, 51)))
    assert tally.latency.longest_s == 2.0
    assert tally.packets_in == 0
    assert tally.timed_walks == 1
