"""Takes the time between a bot's step and the moment another bot sees it.

Walker and observer live in one process, so one clock serves both. A step is recognised by the very
bytes that announce it: index and place of the character.

Only watchers' steps are timed, and by watchers: a bot that reads late learns late that it was
refused, and announces steps meanwhile that it does not make.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import Final

from pyao.bots.tally import BIN_S, Tally
from pyao.protocol import ServerPacketID
from pyao.protocol.server_packets import CharacterMove

_MOVE: Final = struct.Struct("<BI")  # id, then index and place as one number
_MOVE_ID: Final = bytes([ServerPacketID.CHARACTER_MOVE])


class Meter:
    """The clock and the counts that all bots of a process share."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.tally = Tally()
        self._steps: dict[int, float] = {}  # what is announced -> when it was sent
        self._old_steps: dict[int, float] = {}

    def begin(self) -> None:
        """Start to count anew."""
        self.tally = Tally()
        self._steps, self._old_steps = {}, {}

    def end(self) -> Tally:
        """Return the counts; of what comes later only the latencies still enter them."""
        tally = self.tally
        self.tally = Tally(latency=tally.latency)
        return tally

    def forget(self) -> None:
        """Forget steps from before the last time; called every few seconds."""
        self._old_steps, self._steps = self._steps, {}

    def stepped(self, char_index: int, x: int, y: int, now: float) -> None:
        """Remember that a watcher's step is being sent."""
        self._steps[char_index | x << 16 | y << 24] = now
        self.tally.timed_walks += 1

    def saw_moves(self, data: bytes, *, timed: bool = True) -> bytes:
        """Take the times of the whole steps that a read begins with; return what is behind them."""
        ids = data[:: _MOVE.size]
        count = min(len(ids) - len(ids.lstrip(_MOVE_ID)), len(data) // _MOVE.size)
        end = count * _MOVE.size
        self.tally.packets_in += count
        if timed:
            now = self.clock()
            for _, announced in _MOVE.iter_unpack(data[:end]):
                self._arrived(announced, now)
        return data[end:]

    def saw_move(self, move: CharacterMove) -> None:
        """Take the time of a step that came behind other packets."""
        self._arrived(move.char_index | move.x << 16 | move.y << 24, self.clock())

    def _arrived(self, announced: int, now: float) -> None:
        sent = self._steps.get(announced) or self._old_steps.get(announced)
        if sent is None:
            return  # somebody else's
        tally = self.tally
        tally.moves_matched += 1
        passed = now - sent
        latency = tally.latency
        latency.bins[int(passed / BIN_S)] += 1
        latency.longest_s = max(latency.longest_s, passed)
