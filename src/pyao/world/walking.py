"""Steps: of players and of creatures, and how ghosts make room for both."""

from __future__ import annotations

from pyao.content.world_data import tile_index
from pyao.events import EventTypes
from pyao.events.payloads import PlayerMoved
from pyao.protocol import msg
from pyao.rules import appearance
from pyao.rules.character import Section
from pyao.rules.kinds import DELTAS, TileFlag, Trigger
from pyao.rules.movement import check_ground, inside
from pyao.world.map_room import MapRoom
from pyao.world.npc import Npc
from pyao.world.player import Player
from pyao.world.travelling import Travelling

# Plain values, read once: on Python 3.11 a look at a member of an enumeration takes 0.2
# microseconds, and an operation on a flag ten times what it takes on a number; at every step.
_BLOCKED = int(TileFlag.BLOCKED)
_WATER = int(TileFlag.WATER)
_POSITION = int(Section.POSITION)
_MOVED = EventTypes.PLAYER_MOVED.value


def makes_way(other: Player | Npc) -> bool:
    """Tell whether one is pushed to where the walker comes from: ghosts, and staff nobody sees."""
    return isinstance(other, Player) and (other.dead or other.unseen)


class Walking(Travelling):
    """Moves characters by one tile, or says that there is no way."""

    def walk(self, player: Player, heading: int) -> bool:
        """Move a player one tile; False when the tile cannot be walked on.

        Everybody who saw the walker is shown the step, the walker nothing: its client has moved
        already.
        """
        dx, dy = DELTAS[heading]
        x, y = player.x + dx, player.y + dy
        room = self.maps[player.map]
        if check_ground(room.flag(x, y), sailing=player.sailing) is not None:
            return False
        at = tile_index(x, y)
        other = room.occupants.get(at)
        if other is not None and (player.unseen or not makes_way(other)):
            return False
        player.heading = heading
        if player.concealed:
            self.show_of(player, msg.character_move(player.index, x, y), player)
        else:
            room.show(msg.character_move(player.index, x, y), player.zone, player)
        leads = room.exits.get(at) if other is None else None
        if leads is not None and self.leave_by(player, x, y, leads):
            return True
        if isinstance(other, Player):
            self._swap(room, player, other, heading)
            return True
        old = room.shift(player, x, y)
        self.mark(player, _POSITION)
        if old != player.zone:
            self.rezoned(player, room, old)
        if self.events.hears(_MOVED):
            self.events.announce(
                PlayerMoved(int(player.user_id), room.number, x, y, heading), "world"
            )
        return True

    def turn_to(self, player: Player, heading: int, but: Player | None = None) -> None:
        """Turn a player and show it to everybody in view, itself included, but to `but`."""
        player.heading = heading
        self.mark(player, Section.POSITION)
        self.show_look(player, but)

    def _swap(self, room: MapRoom, walker: Player | Npc, ghost: Player, heading: int) -> None:
        """Push a ghost to where the walker came from."""
        back = (heading + 1) % 4 + 1
        ghost.heading = back
        self.show_of(ghost, msg.character_move(ghost.index, walker.x, walker.y), but=ghost)
        ghost.outlet.append(msg.force_char_move(back))
        walker_zone, ghost_zone = room.swap(walker, ghost)
        self.mark(ghost, Section.POSITION)
        self._guard_rest(room, walker, ghost)
        if isinstance(walker, Player):
            self.mark(walker, Section.POSITION)
        if walker_zone == ghost_zone:
            return
        if isinstance(walker, Player):
            self.rezoned(walker, room, walker_zone)
        else:
            self.npc_rezoned(walker, room, walker_zone)
        self.rezoned(ghost, room, ghost_zone)

    def _guard_rest(self, room: MapRoom, walker: Player | Npc, ghost: Player) -> None:
        """Lock a ghost against spells of life when it is pushed into an arena or out of it."""
        inside_now = room.trigger(ghost.x, ghost.y) == Trigger.ARENA
        if ghost.dead and inside_now != (room.trigger(walker.x, walker.y) == Trigger.ARENA):
            ghost.resurrection_safe = True
            ghost.outlet.append(msg.multi_resuscitation_safe_on())

    def npc_may_step(self, room: MapRoom, npc: Npc, x: int, y: int) -> bool:
        """Tell whether an npc may go to the tile next to it.

        Exits are left free, unlike in the classic server: a creature on one would shut players in.
        """
        if not inside(x, y):
            return False
        at = tile_index(x, y)
        flags = room.flags[at]
        if flags & _BLOCKED or at in room.exits:
            return False
        if not npc.kind.water_ok if flags & _WATER else npc.kind.land_forbidden:
            return False
        if not npc.master and room.data.triggers[at] == Trigger.NO_NPC:
            return False
        other = room.occupants.get(at)
        if other is None:
            return True
        # A ghost makes room, but never between land and water.
        return (
            isinstance(other, Player)
            and other.dead
            and not other.unseen
            and check_ground(room.flag(npc.x, npc.y), sailing=other.sailing) is None
        )

    def walk_npc(self, npc: Npc, heading: int) -> bool:
        """Move an npc one tile and show it; False when it may not go there."""
        dx, dy = DELTAS[heading]
        x, y = npc.x + dx, npc.y + dy
        room = self.maps[npc.map]
        if not self.npc_may_step(room, npc, x, y):
            return False
        npc.heading = heading
        room.show(msg.character_move(npc.index, x, y), npc.zone)
        other = room.occupant(x, y)
        if isinstance(other, Player):
            self._swap(room, npc, other, heading)
            return True
        old = room.shift(npc, x, y)
        if old != npc.zone:
            self.npc_rezoned(npc, room, old)
        return True

    def turn_npc(self, npc: Npc, heading: int) -> None:
        """Turn an npc and show it, unless it looks there already."""
        if npc.heading == heading:
            return
        npc.heading = heading
        kind, none = npc.kind, appearance.NONE
        self.maps[npc.map].show(
            msg.character_change(npc.index, kind.body, kind.head, heading, none, none, none, 0, 0),
            npc.zone,
        )
