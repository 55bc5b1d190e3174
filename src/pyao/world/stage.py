"""What everything in the world stands on: its maps, its players by number and name, its clock.

Whoever changes a player says which section became dirty, and the next snapshot writes it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from pyao.content.world_data import WorldData
from pyao.rooms import RoomManager
from pyao.rules.character import UserId
from pyao.rules.names import name_key
from pyao.rules.numbers import Roll
from pyao.rules.options import DEFAULTS
from pyao.rules.party import Party
from pyao.rules.trade import Trade
from pyao.rules.weather import Sky
from pyao.world.clock import Clock, Schedule
from pyao.world.guilds import Guilds
from pyao.world.indices import IndexPool
from pyao.world.map_room import MapRoom
from pyao.world.player import Player


class Stage:
    """The maps, the players, and what of them must be written."""

    def __init__(
        self,
        data: WorldData,
        clock: Clock,
        rooms: RoomManager,
        dice: random.Random | None = None,
    ) -> None:
        """All chance comes from `dice`: with seeded ones the same things happen again."""
        self.data = data
        self.clock = clock
        self.rooms = rooms
        self.events = rooms.hub.events
        self.schedule = Schedule(clock)
        self.unix_time: Callable[[], float] = time.time  # the time of day
        self.players: dict[UserId, Player] = {}
        self.names: dict[str, Player] = {}
        self.sky = Sky()
        self.parties: set[Party[Player]] = set()
        self.trades: set[Trade[Player]] = set()
        self.guilds = Guilds()
        self.dirty: set[Player] = set()
        self.dirty_ground: set[MapRoom] = set()
        self.indices = IndexPool()
        self.maps: dict[int, MapRoom] = {}
        self.options = DEFAULTS  # a game has its own
        self.dice = dice or random.Random()
        self.roll: Roll = self.dice.randint  # a game lends its own way to throw them

    def mark(self, player: Player, section: int) -> None:
        """Remember that a part (`Section`) of a player must be written."""
        if not player.dirty:  # or else it is in the set, which is not looked at for each step
            self.dirty.add(player)
        player.dirty |= int(section)  # two flags would take ten times as long to join

    def find(self, name: str) -> Player | None:
        """Return the player in the world by name, whatever the case."""
        return self.names.get(name_key(name))
