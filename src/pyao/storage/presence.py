"""What is true only while the server lives: who is connected, who is played, when last.

Counts are set from the live figures and carry a time to live, never counted up and down: after a
crash nothing stale is left. `last_seen` alone stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pyao.storage.keys import RedisKeys
from pyao.storage.repository import Beat, Stamp
from pyao.storage.values import Hash, Value

TTL_S: Final = 90  # outlives a store that does not answer for half a minute
REFRESH_S: Final = 30.0
LAST_SEEN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Presence:
    """The live figures: open connections, and the session of each character in the game."""

    connections: int = 0
    sessions: Mapping[int, Hash] = field(default_factory=dict)


class PresenceTracker:
    """Turns live figures into the fewest writes; remembers what the store holds."""

    def __init__(self) -> None:
        self._connections: int | None = None
        self._sessions: dict[int, Hash] = {}
        self._refreshed = float("-inf")
        self._seen = float("-inf")

    def forget(self) -> None:
        """Assume nothing of the store: after a loss everything is written anew."""
        self.__init__()  # type: ignore[misc]  # starting over is what it means

    def plan(self, stamp: Stamp, live: Presence, now: float, unix_now: float) -> Beat:
        """Return the next heartbeat; `written` tells that it arrived."""
        volatile: dict[str, Value | None] = {}
        if live.connections != self._connections:
            volatile[RedisKeys.SERVER_CONNECTIONS_COUNT] = str(live.connections)
        for user_id, session in live.sessions.items():
            known = self._sessions.get(user_id)
            if known is not session and known != session:  # as a rule it is the very same
                volatile[RedisKeys.session_active(user_id)] = session
        gone = [user_id for user_id in self._sessions if user_id not in live.sessions]
        for user_id in gone:
            volatile[RedisKeys.session_active(user_id)] = None
        seen = gone
        if now - self._seen >= LAST_SEEN_S:
            seen = [*gone, *live.sessions]
        elif volatile:
            seen = [*gone, *(who for who in live.sessions if who not in self._sessions)]
        refresh: list[str] = []
        if now - self._refreshed >= REFRESH_S:
            refresh = [RedisKeys.session_active(user_id) for user_id in live.sessions]
            refresh.append(RedisKeys.SERVER_CONNECTIONS_COUNT)
        text = str(int(unix_now))
        durable = {RedisKeys.session_last_seen(user_id): text for user_id in seen}
        return Beat(stamp, volatile, refresh, durable, TTL_S)

    def written(self, live: Presence, beat: Beat, now: float) -> None:
        """Note that a planned beat is stored."""
        self._connections = live.connections
        self._sessions = dict(live.sessions)
        if beat.refresh:
            self._refreshed = now
        if now - self._seen >= LAST_SEEN_S:
            self._seen = now
