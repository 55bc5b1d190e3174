"""What bots are asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What bots do once they are in the game."""

    WALK = "walk"  # step after step, as a player who holds a key down
    STAND = "stand"
    FIGHT = "fight"  # walk, and fight creatures that are met
    PING = "ping"  # ask and wait for the answer, without a pause if the server allows such a rate


@dataclass(frozen=True, slots=True)
class Region:
    """Tiles from (left, top) to (right, bottom), all included."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, x: int, y: int) -> bool:
        """Return whether a tile lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def around(self, x: int, y: int, tiles: int) -> Region:
        """Return the part of the region at most `tiles` from a place."""
        return Region(
            max(self.left, x - tiles),
            max(self.top, y - tiles),
            min(self.right, x + tiles),
            min(self.bottom, y + tiles),
        )


# Where characters may stand at all: the map less half a screen on each side.
WHOLE_MAP = Region(9, 7, 92, 94)


@dataclass(frozen=True)  # no slots: its defaults are read from the class
class BotOptions:
    """One run of bots. Bot number n has the same name and character in every run."""

    host: str = "127.0.0.1"
    port: int = 7666
    count: int = 50
    minutes: float = 1.0
    mode: Mode = Mode.WALK
    region: Region = WHOLE_MAP
    watchers: int = 500  # read at once and take the times; the others read some times a second
    roam_tiles: int = 100  # how far from where it entered a bot walks; few make a dense crowd
    talk_s: float = 60.0  # each bot says something about so often; 0 is never
    ping_pause_s: float = 0.0  # between an answer and the next PING
    settle_s: float = 2.0  # between the last log-in and the measurement
    first: int = 0  # number of the first bot
    prefix: str = "Bot"  # first word of all names: letters, eight at most
    password: str = "bots play too"  # noqa: S105 - of characters that own nothing
    known: bool = False  # the characters exist: log in without trying to create them
    logins_at_once: int = 16  # fewer than a server lets wait for their password check
    processes: int = 1
    seed: int = 1
