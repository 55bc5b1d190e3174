from __future__ import annotations

import math

from pyao.watch.pulse import Buckets, Pulse


class HandClock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_seconds_are_sorted_by_size_with_the_bound_included() -> None:
    buckets = Buckets((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 3.0):
        buckets.add(seconds)
    assert buckets.counts == [2, 1, 1]
    assert buckets.sum_s == 3.65


def test_a_tick_notes_how_late_it_began_and_how_long_it_took() -> None:
    clock = HandClock()
    pulse = Pulse(clock)
    pulse.expect(100.05)
    clock.time = 100.25
    began = pulse.began()
    clock.time = 100.26
    pulse.ended(began)
    assert round(pulse.late_s, 3) == 0.2
    assert round(pulse.lateness.sum_s, 3) == 0.2
    assert round(pulse.duration.sum_s, 3) == 0.01
    assert pulse.ticks == 1
    assert pulse.last == 100.26


def test_a_tick_before_its_time_is_not_late() -> None:
    clock = HandClock()
    pulse = Pulse(clock)
    pulse.expect(100.05)
    pulse.began()
    assert pulse.late_s == 0


def test_the_loop_lives_while_its_last_tick_is_less_than_a_second_old() -> None:
    clock = HandClock()
    pulse = Pulse(clock)
    clock.time += 0.99
    assert pulse.alive
    clock.time += 0.02
    assert not pulse.alive


def test_a_stopped_pulse_expects_no_tick() -> None:
    pulse = Pulse()
    pulse.expect(1.0)
    pulse.stop()
    assert pulse.due == math.inf


def test_a_long_start_is_no_hanging_loop() -> None:
    clock = HandClock()
    pulse = Pulse(clock)
    clock.time += 30
    assert not pulse.alive
    pulse.begin()
    assert pulse.alive
