"""Taking over changed content while players play: all of it, or none of it.

What does not change stays as it lives: doors as they stand, creatures where they are. A map that
changed is furnished anew; whoever stands on it is shown the difference.
"""

from __future__ import annotations

from pyao.content.npcs import NpcKind
from pyao.content.world_data import MapData, WorldData, tile_place
from pyao.protocol import msg
from pyao.rules import deeds
from pyao.rules.character import UserId
from pyao.rules.ground import nearest
from pyao.rules.movement import check_ground
from pyao.world.grid import zone
from pyao.world.map_room import MapRoom
from pyao.world.npc import Npc
from pyao.world.pictures import ground_bytes, npc_bytes
from pyao.world.player import Player
from pyao.world.world import World


def problem_with(world: World, data: WorldData) -> str | None:
    """Say why a world cannot take the place of the running one, or None."""
    if not data.maps:
        return "it has no maps"
    for number, room in world.maps.items():
        if number not in data.maps and room.population:
            return f"map {number} is gone from it, and {room.population} players are there"
    return None


def renew(world: World, data: WorldData) -> list[int]:
    """Take over a world that `problem_with` let pass; return the numbers of the maps changed."""
    world.data = data
    changed = []
    for number in [number for number in world.maps if number not in data.maps]:
        _clear(world, world.maps[number], pets=True)
        del world.maps[number]
        world.rooms.delete_room(f"map:{number}", "gone from the world")
    for number, entry in data.maps.items():
        room = world.maps.get(number)
        if room is None:
            world.add_map(entry)
            changed.append(number)
        elif room.data != entry:
            _refurnish(world, room, entry)
            changed.append(number)
        else:
            _rename(world, room)
    for player in world.players.values():
        world.dress(player)
    return changed


def _refurnish(world: World, room: MapRoom, entry: MapData) -> None:
    """Replace the ground, the people and the things of a map."""
    _clear(world, room)
    before, stayed = room.flags, set(room.npcs())
    room.take_over(entry)
    world.furnish(room)
    _crowd_in(world, room)
    for npc in room.npcs():
        if npc not in stayed:
            room.show(npc_bytes(npc), npc.zone)
    for at, pile in room.ground.items():
        if pile.fixed and room.is_sent(pile.item):  # what people left there is shown already
            place = zone(*tile_place(at))
            for packet in ground_bytes(room, at, pile):
                room.show(packet, place)
    for at, (old, new) in enumerate(zip(before, room.flags, strict=True)):
        if (old ^ new) & 1:
            x, y = tile_place(at)
            room.show(msg.block_position(x, y, bool(new & 1)), zone(x, y))
    for player in list(room.players()):
        if check_ground(room.flag(player.x, player.y), sailing=player.sailing) is not None:
            world.warp(player, room.number, player.x, player.y)


def _crowd_in(world: World, room: MapRoom) -> None:
    """Put beside its place whoever finds a player there, who cannot know that it is taken."""
    for at, number in room.data.npcs:
        kind = world.data.npcs.get(number)
        if kind is None or not isinstance(room.occupants.get(at), Player):
            continue
        npc = Npc.at(kind, room.number, at)
        npc.returns = kind.respawns

        def fits(x: int, y: int, npc: Npc = npc) -> bool:
            return room.occupant(x, y) is None and world.npc_may_step(room, npc, x, y)

        place = nearest(npc.x, npc.y, fits)
        if place is not None:
            npc.x, npc.y = place
            world.settle(room, npc)


def _clear(world: World, room: MapRoom, *, pets: bool = False) -> None:
    """Take the people and the things that belong to a map off it; pets belong to their masters."""
    for npc in list(room.npcs()):
        master = world.players.get(UserId(npc.master))
        if master is not None and not pets:
            continue
        if master is not None and npc in master.pets:
            master.pets.remove(npc)
        owner = world.players.get(UserId(npc.owner))
        if owner is not None and owner.owned is npc:
            deeds.release(owner)
        world.remove_npc(npc)
    for at in [at for at, pile in room.ground.items() if pile.fixed]:
        x, y = tile_place(at)
        pile = room.lift(x, y)
        if room.is_sent(pile.item):
            room.show(msg.object_delete(x, y), zone(x, y))


def _rename(world: World, room: MapRoom) -> None:
    """Let what lives and lies on an unchanged map be of the new definitions, as it looks then."""
    for npc in room.npcs():
        _redefine(room, npc, world.data.npcs.get(npc.kind.number, npc.kind))
    for at, pile in room.ground.items():
        item = world.data.items.get(pile.item.number, pile.item)
        if item is pile.item or item == pile.item:
            continue
        x, y = tile_place(at)
        if room.is_sent(pile.item):
            room.show(msg.object_delete(x, y), zone(x, y))
        pile.item = item
        if room.is_sent(item):
            room.show(msg.object_create(x, y, item.graphic), zone(x, y))


def _redefine(room: MapRoom, npc: Npc, kind: NpcKind) -> None:
    """Make a living npc one of another definition; a merchant whose goods changed has them new."""
    was = npc.kind
    if kind == was:
        return
    npc.kind = kind
    if kind.stock != was.stock or kind.no_restock != was.no_restock:
        npc.stock = None
    if _look(kind) != _look(was):
        npc.heading = kind.heading
        room.show(msg.character_remove(npc.index), npc.zone)
        room.show(npc_bytes(npc), npc.zone)


def _look(kind: NpcKind) -> tuple[object, ...]:
    return kind.name, kind.body, kind.head, kind.heading
