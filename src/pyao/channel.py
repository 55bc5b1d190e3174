"""What many are told at once is queued once: channels, and the queues of those who listen.

Everybody in one zone of a map is told nearly the same. A `Channel` keeps what the zone is told; a
`Subscriber` has a queue only for what it alone is told, and takes the channel's part over when that
is needed to keep both in the order in which they were said. When the channel is flushed, whoever
has nothing of its own is given the same bytes as its neighbours, without even being looked at: the
channel keeps the lines of those, and memory that was not touched for a while is slow. Who is told
all but one packet, as a walker is whose own step the others see, stays among them: the channel
notes the gap.

Plain bookkeeping for the loop's thread; it knows neither sockets nor the world.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Sequence
from typing import Protocol

NO_LINE = -1


class Flushable(Protocol):
    """What waits to be written."""

    def flush(self) -> None:
        """Write what is queued; nothing queued is no error."""
        ...


Defer = Callable[[Flushable], None]
"""Sees to it that something is flushed, soon or at once. It is asked once until that is done."""


class Post(Protocol):
    """The ways from a queue to those it is for. A line is what one client is reached by."""

    longest: int
    """How many bytes `send` takes at most."""

    def later(self, waiting: Flushable) -> None:
        """See to it that something is flushed, soon or at once."""
        ...

    def send(
        self, lines: Sequence[int], said: Sequence[bytes], data: bytes
    ) -> Sequence[tuple[int, int]]:
        """Send the same to many: whole packets, and `data`, the same in one.

        Returns who did not take all of it: its place among `lines`, and how many bytes it took;
        fewer than none if that is not known.
        """
        ...


class AtOnce:
    """Flushes what waits at once, and knows no lines: for a world without a network."""

    longest = 0

    def later(self, waiting: Flushable) -> None:
        """Flush now."""
        waiting.flush()

    def send(
        self, lines: Sequence[int], said: Sequence[bytes], data: bytes
    ) -> Sequence[tuple[int, int]]:
        """Take nothing from anybody: whoever has a line has a network."""
        del said, data
        return [(place, 0) for place in range(len(lines))]


class Subscriber(ABC):
    """The queue of one client: whole packets, in the order in which they were said.

    `append` queues one packet. While it follows no channel, the first packet after a flush asks to
    be flushed, and for those behind it `append` is the list's own.
    """

    append: Callable[[bytes], None]

    __slots__ = (
        "_carried",
        "_channel",
        "_defer",
        "_first",
        "_heard",
        "_line",
        "_parts",
        "_push",
        "_quiet",
        "append",
    )

    def __init__(self, defer: Defer) -> None:
        self._defer = defer
        self._parts: list[bytes] = []  # always this one list: `append` may be its own
        self._push: Callable[[bytes], None] = self._parts.append
        self._channel: Channel | None = None
        self._heard = 0  # how many of the channel's packets are in `_parts` already, or not for it
        self._line = NO_LINE
        self._quiet = False  # has nothing of its own: its channel writes to its line
        self._carried = 0  # bytes that channels have written for it, but for the time it is quiet
        self._first: Callable[[bytes], None] = self._append_first
        self.append = self._first

    @abstractmethod
    def flush(self) -> None:
        """Write everything: what the channel has said so far, and its own."""

    @abstractmethod
    def flush_shared(self, said: list[bytes], data: bytes) -> None:
        """Write everything, where `said` is what the channel says and `data` the same in one."""

    @abstractmethod
    def refused(self, data: bytes, taken: int) -> None:
        """Write what its line did not take of `data` all by itself; see `Post.send`."""

    def follow(self, channel: Channel) -> None:
        """Hear what the channel says from now on, and no other any more."""
        self.unfollow()
        self._channel = channel
        self._heard = len(channel.said)
        channel.subscribers.append(self)
        self._first = self._append_following
        self.append = self._first
        self.fall_quiet()

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
        channel = self._channel
        if channel is None:
            return
        if self._quiet and self._line not in channel.gaps:
            channel.gaps[self._line] = (self, len(channel.said))
        else:
            self._collect()
            self._heard += 1

    def keep(self) -> None:
        """Take over what the channel has said before it forgets it, and leave alone."""
        self._collect()
        self._heard = 0
        if self._parts:
            self._defer(self)

    def fall_quiet(self) -> None:
        """Leave it to the channel to write to the line, until there is something of its own."""
        channel = self._channel
        if channel is None or self._line == NO_LINE or self._quiet or self._parts or self._heard:
            return
        channel.take_line(self, self._line)
        self._quiet = True
        self._carried -= channel.carried

    def step_out(self, heard: int) -> None:
        """Write for oneself from now on, having heard so many packets of what is being said."""
        self.wake()
        self._heard = heard

    def was_spared(self, size: int) -> None:
        """Know that so many bytes less than its channel wrote went to its line."""
        self._carried -= size

    def carried(self) -> int:
        """Return how many bytes channels have written to its line."""
        channel = self._channel
        return self._carried + (channel.carried if self._quiet and channel is not None else 0)

    def _use_line(self, line: int) -> None:
        """Let a channel write to a line, or from now on to none."""
        if line != self._line:
            if self._quiet:
                self.wake()
            self._line = line

    def wake(self) -> None:
        """Write for oneself from now on, what the channel has said and not written yet included."""
        channel = self._channel
        if channel is None:
            return
        self._quiet = False
        self._carried += channel.carried
        channel.give_line_back(self, self._line)
        gap = channel.gaps.pop(self._line, None)
        if gap is not None:
            _, place = gap
            self._parts += _without(channel.said, place)
            self._heard = max(len(channel.said), place + 1)

    def _collect(self) -> None:
        """Take over what the channel has said."""
        channel = self._channel
        if channel is not None:
            if self._quiet:
                self.wake()
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

    Whoever listens is in `listeners`, with its line at the same place of `lines`, if the channel
    may write to it, or else in `subscribers`. The lines are numbers side by side: objects that were
    not touched for a while would have to be fetched from memory for each write.
    """

    __slots__ = (
        "_post",
        "carried",
        "gaps",
        "leavers",
        "lines",
        "listeners",
        "said",
        "subscribers",
        "waits",
    )

    def __init__(self, post: Post) -> None:
        self._post = post
        self.said: list[bytes] = []  # since the last flush; always this one list, see `append`
        self.lines = array("i")
        self.listeners: list[Subscriber] = []
        self.gaps: dict[int, tuple[Subscriber, int]] = {}  # by line, at most one: place in `said`
        self.subscribers: list[Subscriber] = []
        self.leavers: list[Subscriber] = []  # who left since then with something still to write
        self.waits = False  # a flush has been asked for
        self.carried = 0  # bytes written to each line so far

    @property
    def deserted(self) -> bool:
        """Whether nobody listens."""
        return not (self.lines or self.subscribers)

    def take_line(self, one: Subscriber, line: int) -> None:
        """Write to the line of a subscriber from now on."""
        self.subscribers.remove(one)
        self.listeners.append(one)
        self.lines.append(line)

    def give_line_back(self, one: Subscriber, line: int) -> None:
        """Leave it to a subscriber to write to its line."""
        lines, listeners = self.lines, self.listeners
        place = lines.index(line)  # in numbers, not in objects that would have to be looked at
        last = lines.pop()
        if place == len(lines):
            listeners.pop()
        else:
            lines[place] = last
            listeners[place] = listeners.pop()
        self.subscribers.append(one)

    def append(self, data: bytes) -> None:
        """Queue one packet for everybody.

        The hottest loop of the server puts it into `said` itself, and calls `begin` with the first.
        """
        self.said.append(data)
        if len(self.said) == 1:
            self.begin()

    def begin(self) -> None:
        """See to it that what was just said first is written."""
        if not self.waits:
            self.wait()

    def wait(self) -> None:
        """Ask to be flushed."""
        self.waits = True
        self._post.later(self)

    def flush(self) -> None:
        """Write what waits for everybody, and for those who left meanwhile."""
        self.waits = False
        said = self.said
        data = b"".join(said)
        refused = self._write(data) if said and self.lines else ()
        try:
            if refused or self.subscribers or self.leavers:
                self._flush_each(data, refused)
        finally:
            said.clear()

    def _write(self, data: bytes) -> Sequence[Refused]:
        """Write to all lines what is the same for them, unless it is too long for that.

        Returns whose line took only so many bytes of what.
        """
        refused: list[Refused] = []
        if len(data) > self._post.longest:
            for one in tuple(self.listeners):
                one.wake()
            return refused
        lines = self._write_around(len(data), refused) if self.gaps else self.lines
        if lines:
            self._send(lines, self.said, data, refused)
        self.carried += len(data)
        return refused

    def _write_around(self, size: int, refused: list[Refused]) -> array[int]:
        """Write to who has missed something all else; return the lines of the others."""
        others = self.lines[:]
        gaps, self.gaps = self.gaps, {}
        for line, (one, place) in gaps.items():
            others.remove(line)
            said = _without(self.said, place)
            data = b"".join(said)
            if not said or self._send((line,), said, data, refused):
                one.was_spared(size - len(data))
        return others

    def _send(
        self, lines: Sequence[int], said: list[bytes], data: bytes, refused: list[Refused]
    ) -> bool:
        """Write to some lines, and tell whether all have taken it."""
        short = [
            (self.listeners[self.lines.index(lines[place])], data, taken)
            for place, taken in self._post.send(lines, said, data)
        ]
        for one, _, _ in short:
            one.step_out(len(self.said))
        refused += short
        return not short

    def _flush_each(self, data: bytes, refused: Sequence[Refused]) -> None:
        said = self.said
        leaving, staying = iter(self.leavers), iter(tuple(self.subscribers))
        torn = iter(refused)
        self.leavers = []
        try:
            for one in leaving:
                one.flush()
            for one, wanted, taken in torn:
                one.refused(wanted, taken)
            for one in staying:
                one.flush_shared(said, data)
                one.fall_quiet()
        finally:  # only when one of them raised is anybody left: the others are not to pay for it
            for one in leaving:
                self._post.later(one)
            for one in staying:
                one.keep()
            for one, wanted, taken in torn:
                one.refused(wanted, taken)


Refused = tuple[Subscriber, bytes, int]
"""Whose line did not take all of these bytes, and how many it took; see `Post.send`."""


def _without(said: list[bytes], place: int) -> list[bytes]:
    """Return all packets but the one at a place, if there is one yet."""
    others = said.copy()
    del others[place : place + 1]
    return others
