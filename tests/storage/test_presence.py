"""Live figures become the fewest writes."""

from __future__ import annotations

from pyao.storage.presence import LAST_SEEN_S, REFRESH_S, Presence, PresenceTracker
from pyao.storage.repository import Beat, Stamp

STAMP = Stamp(1, 1)
PEPE = {"name": "Pepe"}


def step(tracker: PresenceTracker, live: Presence, now: float) -> Beat:
    beat = tracker.plan(STAMP, live, now, 1_700_000_000.9 + now)
    tracker.written(live, beat, now)
    return beat


def test_the_first_beat_writes_everything() -> None:
    beat = step(PresenceTracker(), Presence(3, {1: PEPE}), 0)
    assert beat.volatile == {"server:connections:count": "3", "session:1:active": PEPE}
    assert beat.durable == {"session:1:last_seen": "1700000000"}


def test_a_beat_without_a_change_writes_nothing() -> None:
    tracker = PresenceTracker()
    step(tracker, Presence(3, {1: PEPE}), 0)
    beat = step(tracker, Presence(3, {1: PEPE}), 1)
    assert beat == Beat(STAMP, ttl_s=beat.ttl_s, refresh=[])


def test_a_beat_that_did_not_arrive_is_planned_again() -> None:
    tracker = PresenceTracker()
    first = tracker.plan(STAMP, Presence(3), 0, 0)
    assert tracker.plan(STAMP, Presence(3), 1, 1).volatile == first.volatile


def test_who_leaves_is_removed_and_last_seen_then() -> None:
    tracker = PresenceTracker()
    step(tracker, Presence(2, {1: PEPE, 2: PEPE}), 0)
    beat = step(tracker, Presence(1, {2: PEPE}), 1)
    assert beat.volatile == {"server:connections:count": "1", "session:1:active": None}
    assert beat.durable == {"session:1:last_seen": "1700000001"}


def test_last_seen_moves_while_playing() -> None:
    tracker = PresenceTracker()
    step(tracker, Presence(1, {1: PEPE}), 0)
    assert step(tracker, Presence(1, {1: PEPE}), LAST_SEEN_S - 1).durable == {}
    assert step(tracker, Presence(1, {1: PEPE}), LAST_SEEN_S).durable == {
        "session:1:last_seen": "1700000005"
    }


def test_live_keys_are_renewed_before_their_time_is_over() -> None:
    tracker = PresenceTracker()
    step(tracker, Presence(1, {1: PEPE}), 0)
    beat = step(tracker, Presence(1, {1: PEPE}), REFRESH_S)
    assert beat.refresh == ["session:1:active", "server:connections:count"]
    assert beat.ttl_s > 2 * REFRESH_S


def test_after_a_loss_everything_is_written_again() -> None:
    tracker = PresenceTracker()
    first = step(tracker, Presence(3, {1: PEPE}), 0)
    tracker.forget()
    assert step(tracker, Presence(3, {1: PEPE}), 0) == first
