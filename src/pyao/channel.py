"""What many are told at once is queued once: channels, and the queues of those who listen.

Everybody in one zone of a map is told nearly the same. A `Channel` keeps what the zone is told; a
`Subscriber` has a queue only for what it alone is told, and takes the channel's part over when that
is needed to keep both in the order in which they were said. When the channel is flushed, whoever
has nothing of its own is given the same bytes as its neighbours.

Plain bookkeeping for the loop's thread; it knows neither sockets nor the world.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol


class Flushable(Protocol):
    """What waits to be written."""

    def flush(self) -> None:
        """Write what is queued; nothing queued is no error."""
        ...


Defer = Callable[[Flushable], None]
"""Sees to it that something is flushed, soon or at once. It is asked once until that is done."""


def at_once(waiting: Flushable) -> None:
    """Flush now: for a world without a network."""
    waiting.flush()


class Subscriber(ABC):
    """The queue of one client: whole packets, in the order in which they were said.

    `append` queues one packet. While it follows no channel, the first packet after a flush asks to
    be flushed, and for those behind it `append` is the list's own.
    """

    append: Callable[[bytes], None]

    __slots__ = ("_channel", "_defer", "_first", "_heard", "_parts", "_push", "append")

    def __init__(self, defer: Defer) -> None:
        self._defer = defer
        self._parts: list[bytes] = []  # always this one list: `append` may be its own
        self._push: Callable[[bytes], None] = self._parts.append
        self._channel: Channel | None = None
        self._heard = 0  # how many of the channel's packets are in `_parts` already, or not for it
        self._first: Callable[[bytes], None] = self._append_first
        self.append = self._first

    @abstractmethod
    def flush(self) -> None:
        """Write everything: what the channel has said so far, and its own."""

    @abstractmethod
    def flush_shared(self, said: list[bytes], data: bytes) -> None:
        """Write everything, where `said` is what the channel says and `data` the same in one."""

    def follow(self, channel: Channel) -> None:
        """Hear what the channel says from now on, and no other any more."""
        self.unfollow()
        self._channel = channel
        self._heard = len(channel.said)
        channel.subscribers.append(self)
        self._first = self._append_following
        self.append = self._first

    def unfollow(self) -> None:
        """Hear no channel any more. What it has said until now is still written."""
        channel = self._channel
        if channel is None:
            return
        self._collect()
        self._channel = None
        self._heard = 0
        channel.subscribers.remove(self)
        self._first = self.append = self._append_first
        if self._parts:
            self.append = self._push
            if channel.waits:  # what has waited with the others leaves with them
                channel.leavers.append(self)
            else:
                self._defer(self)

    def miss_next(self) -> None:
        """Do not hear the very next packet of the channel."""
        if self._channel is not None:
            self._collect()
            self._heard += 1

    def keep(self) -> None:
        """Take over what the channel has said before it forgets it, and leave alone."""
        self._collect()
        self._heard = 0
        if self._parts:
            self._defer(self)

    def _collect(self) -> None:
        """Take over what the channel has said."""
        channel = self._channel
        if channel is not None:
            said, heard = channel.said, self._heard
            if heard < len(said):
                self._parts += said[heard:] if heard else said
                self._heard = len(said)

    def _append_first(self, data: bytes) -> None:
        self._parts.append(data)
        self.append = self._push
        self._defer(self)

    def _append_following(self, data: bytes) -> None:
        channel = self._channel
        if channel is None:  # `append` was kept from before it left
            self._append_first(data)
            return
        self._collect()
        self._parts.append(data)
        if not channel.waits:
            channel.wait()


class Channel:
    """What everybody in one place is told. Make one with the first who listens.

    `append` queues one packet for every subscriber; while packets wait it is the list's own, for
    the hottest loop of the server.
    """

    append: Callable[[bytes], None]

    __slots__ = ("_defer", "_first", "_push", "append", "leavers", "said", "subscribers", "waits")

    def __init__(self, defer: Defer) -> None:
        self._defer = defer
        self.said: list[bytes] = []  # since the last flush; always this one list
        self.subscribers: list[Subscriber] = []
        self.leavers: list[Subscriber] = []  # who left since then with something still to write
        self.waits = False  # a flush has been asked for
        self._push: Callable[[bytes], None] = self.said.append
        self._first: Callable[[bytes], None] = self._append_first
        self.append = self._first

    def wait(self) -> None:
        """Ask to be flushed."""
        self.waits = True
        self._defer(self)

    def flush(self) -> None:
        """Write what waits for each subscriber, and for those who left meanwhile."""
        self.waits = False
        self.append = self._first
        said = self.said
        data = b"".join(said)
        leaving, staying = iter(self.leavers), iter(self.subscribers.copy())
        self.leavers = []
        try:
            for one in leaving:
                one.flush()
            for one in staying:
                one.flush_shared(said, data)
        finally:  # only when one of them raised is anybody left: the others are not to pay for it
            for one in leaving:
                self._defer(one)
            for one in staying:
                one.keep()
            said.clear()

    def _append_first(self, data: bytes) -> None:
        self.said.append(data)
        self.append = self._push
        if not self.waits:
            self.wait()
