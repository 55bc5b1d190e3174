"""How what many are told at once is written: the same bytes to one descriptor after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from pyao.net.flusher import Flusher
from pyao.net.outbox import PIECE_BYTES
from pyao.net.stats import NetStats
from pyao.net.syscalls import SEND_FLAGS, direct_send


class CommonPost:
    """The post of one server; see `pyao.channel.Post`. A line is the descriptor of a socket."""

    longest = PIECE_BYTES

    def __init__(self, flusher: Flusher, stats: NetStats) -> None:
        self._stats = stats
        self.later = flusher.later

    def send(
        self, lines: Sequence[int], said: Sequence[bytes], data: bytes
    ) -> Sequence[tuple[int, int]]:
        """Send the same to many; return who did not take all of it, and how much."""
        if direct_send is None:  # nobody has a line then
            return ()
        size, count = len(data), len(lines)
        # The loop is the library's: with its own, each turn would cost a third more.
        sent = list(map(direct_send, lines, repeat(data), repeat(size), repeat(SEND_FLAGS)))
        stats = self._stats
        stats.packets_out += count * len(said)
        if stats.packets_out >= stats.look_at:
            stats.look(said)
        whole = sent.count(size)
        stats.bytes_out += whole * size
        if whole == count:
            return ()
        return [(place, taken) for place, taken in enumerate(sent) if taken != size]
