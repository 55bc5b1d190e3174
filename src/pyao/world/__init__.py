"""The live state: maps, players, npcs, what lies on the ground, and the clock that drives them."""

from pyao.world.clock import Clock, Schedule, SystemClock
from pyao.world.map_room import MapRoom
from pyao.world.player import Player
from pyao.world.world import World

__all__ = ["Clock", "MapRoom", "Player", "Schedule", "SystemClock", "World"]
