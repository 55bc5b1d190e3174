from __future__ import annotations

from tests.support.world import ManualClock

from pyao.world import Schedule


def test_jobs_are_called_off_by_name() -> None:
    clock = ManualClock()
    schedule = Schedule(clock)
    ran: list[str] = []
    schedule.every(50, lambda: ran.append("a"), name="a")
    schedule.after(50, lambda: ran.append("a once"), name="a")
    schedule.every(50, lambda: ran.append("b"), name="b")
    schedule.cancel("a")
    schedule.cancel("nobody")
    clock.advance(50)
    schedule.run_due()
    assert ran == ["b"]
