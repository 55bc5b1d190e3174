"""The packets that draw creatures and things for those who see them."""

from __future__ import annotations

from pyao.content.world_data import tile_place
from pyao.protocol import msg
from pyao.protocol.enums import FX_FOR_EVER, Fx
from pyao.rules import appearance
from pyao.rules.kinds import NickColor, ObjectType, TileFlag
from pyao.rules.meditation import meditation_look
from pyao.world.map_room import GroundItem, MapRoom
from pyao.world.npc import Npc
from pyao.world.player import Player


def npc_bytes(npc: Npc) -> bytes:
    """Encode an npc as players are shown it: without a name."""
    kind = npc.kind
    return msg.character_create(
        npc.index,
        kind.body,
        kind.head,
        npc.heading,
        npc.x,
        npc.y,
        appearance.NONE,
        appearance.NONE,
        appearance.NONE,
        0,
        0,
        "",
        int(NickColor.NONE),
        0,
    )


def glow_bytes(player: Player) -> bytes:
    """Encode the light of a trance, or its end: the client ignores that of CHARACTER_CREATE."""
    effect = meditation_look(player.level) if player.meditating else Fx.NONE
    return msg.create_fx(player.index, effect, FX_FOR_EVER if player.meditating else 0)


def ground_bytes(room: MapRoom, at: int, pile: GroundItem) -> list[bytes]:
    """Encode what lies on a tile; doors and walls bring the state of the tiles they close."""
    x, y = tile_place(at)
    packets = [msg.object_create(x, y, pile.item.graphic)]
    if pile.item.kind == ObjectType.DOOR:
        packets += [
            msg.block_position(door_x, y, bool(room.flag(door_x, y) & TileFlag.BLOCKED))
            for door_x in (x, x - 1)
            if door_x > 0
        ]
    elif pile.fixed and (blocked := bool(room.flag(x, y) & TileFlag.BLOCKED)):
        # Walls of our own stand where the client draws open ground.
        packets.append(msg.block_position(x, y, blocked))
    return packets
