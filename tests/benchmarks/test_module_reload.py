from __future__ import annotations

import pytest

from benchmarks.module_reload import Beat, Findings, Rhythm, Stalls, check_beats

STEADY = [Beat(10.1 + step / 10, 10.2 + step / 10) for step in range(9)]


def problems(beats: list[Beat]) -> list[str]:
    findings = Findings(alive=[(10.0, 11.0)])
    check_beats(beats, findings)
    return findings.problems


def test_a_timer_with_one_rhythm_is_well() -> None:
    assert problems(STEADY) == []


@pytest.mark.parametrize(
    ("beats", "found"),
    [
        ([(1.01, 1.1), (1.11, 1.2), (1.21, 1.4)], Rhythm(lost=1)),
        ([(1.01, 1.1), (1.11, 1.2), (1.11, 1.2)], Rhythm(doubled=1)),
        ([(1.01, 1.1), (1.16, 1.25), (1.26, 1.35)], Rhythm(begun_anew=1)),
        ([(1.01, 1.1), (1.11, 1.2), (1.31, 1.4)], Rhythm()),
    ],
)
def test_beats_tell_of_lost_doubled_and_new_timers_but_not_of_a_late_loop(
    beats: list[tuple[float, float]], found: Rhythm
) -> None:
    assert Rhythm.of([Beat(*beat) for beat in beats]) == found


def test_a_silent_timer_and_one_of_an_unloaded_module_are_found() -> None:
    assert "silent" in problems([])[0]
    assert "unloaded" in problems([*STEADY, Beat(11.5, 11.6)])[0]


def test_the_longest_stall_is_told_by_cause() -> None:
    lines: list[tuple[float, ...]] = [(1.0, 0.030, 0.002), (2.0, 0.010, 0.009), (9.0, 0.500, 0.500)]
    assert Stalls.between(lines, 0.0, 5.0) == Stalls(wall=30.0, own=9.0)
