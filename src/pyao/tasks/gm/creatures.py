"""Orders about creatures: make them, take them away, lead them, look like them.

Follows ao-libre/ao-server, Protocol.bas. What a creature carries is not dropped when staff takes it
away.
"""

from __future__ import annotations

from typing import Final

from pyao.content.npcs import NpcKind
from pyao.protocol.gm_world_packets import (
    GmCreateNpc,
    GmCreateNpcWithRespawn,
    GmCreatePretorianClan,
    GmImitate,
    GmImpersonate,
    GmKillAllNearbyNpcs,
    GmKillNpc,
    GmKillNpcNoRespawn,
    GmNpcFollow,
    GmRemovePretorianClan,
    GmResetNpcInventory,
    GmSpawnCreature,
    GmSpawnListRequest,
)
from pyao.rules.appearance import Look
from pyao.rules.kinds import Movement, NpcRole
from pyao.rules.states import undisguise
from pyao.tasks.creatures import replace, show_arrival, spawn, vanish
from pyao.tasks.gm.door import order
from pyao.tasks.gm.inspection import show_list
from pyao.tasks.gm.lists import room_of
from pyao.tasks.gm.ranks import counsellors, demigods, gods
from pyao.tasks.gm.targets import clicked_npc
from pyao.tasks.gm.travel import bring
from pyao.tasks.living import show_look
from pyao.tasks.turn import Turn
from pyao.world import MapRoom
from pyao.world.npc import Npc

NO_RESPAWN_FROM: Final = 900  # creatures from this number on may not be made to come back
SUMMON = demigods("world.creatures")
MAKE = gods("world.creatures")
CLAN_OF: Final = (
    Movement.CLAN_KING,
    Movement.CLAN_HEALER,
    Movement.CLAN_CASTER,
    Movement.CLAN_SWORDSMAN,
    Movement.CLAN_ARCHER,
)
CLAN_SIZES: Final = (1, 2, 2, 2, 1)


@order(GmKillNpc, "rmata", counsellors("world.creatures"))
def kill_npc(turn: Turn, _packet: GmKillNpc) -> None:
    """Take the clicked creature away; another comes if one would."""
    npc = clicked_npc(turn)
    if npc is not None:
        vanish(turn.game, npc)
        replace(turn.game, npc)
        turn.tell("gm.creature_gone", name=npc.kind.name)


@order(GmKillNpcNoRespawn, "mata", MAKE)
def kill_npc_no_respawn(turn: Turn, _packet: GmKillNpcNoRespawn) -> None:
    """Take the clicked creature away for good."""
    npc = clicked_npc(turn)
    if npc is not None:
        vanish(turn.game, npc)
        turn.tell("gm.creature_gone", name=npc.kind.name)


@order(GmKillAllNearbyNpcs, "masskill", MAKE)
def kill_all_nearby_npcs(turn: Turn, _packet: GmKillAllNearbyNpcs) -> None:
    """Take all creatures in view away for good."""
    room = turn.room
    near = list(room.npcs_in(room.seen_from(turn.player.zone)))
    for npc in near:
        vanish(turn.game, npc)
    turn.tell("gm.creatures_gone", count=len(near))


@order(GmCreateNpc, "acc", MAKE)
def create_npc(turn: Turn, packet: GmCreateNpc) -> None:
    """Make a creature that does not come back when it dies."""
    make(turn, packet.npc)


@order(GmCreateNpcWithRespawn, "racc", gods("world.creatures", masters=False))
def create_npc_with_respawn(turn: Turn, packet: GmCreateNpcWithRespawn) -> None:
    """Make a creature that comes back when it dies, as long as the server runs."""
    if packet.npc >= NO_RESPAWN_FROM:
        turn.tell("gm.no_respawn", least=NO_RESPAWN_FROM)
        return
    npc = make(turn, packet.npc)
    if npc is not None:
        npc.returns = True


def make(turn: Turn, number: int) -> Npc | None:
    """Bring a creature to life next to the game master; say what came of it."""
    kind = turn.world.data.npcs.get(number)
    if kind is None:
        turn.tell("gm.no_creature", number=number)
        return None
    npc = spawn(turn.game, kind, turn.room, turn.player.x, turn.player.y)
    if npc is None:
        turn.tell("gm.no_place")
        return None
    show_arrival(turn.game, npc)
    turn.tell("gm.creature_made", name=kind.name)
    return npc


def summonable(turn: Turn) -> list[NpcKind]:
    """Return the creatures that can be called, in the order they are numbered in."""
    kinds = turn.world.data.npcs.values()
    return sorted((kind for kind in kinds if kind.hostile), key=lambda kind: kind.number)


@order(GmSpawnListRequest, "cc", SUMMON, logged=False, cost=20)
def spawn_list_request(turn: Turn, _packet: GmSpawnListRequest) -> None:
    """List the creatures that can be called."""
    show_list(turn, (f"{n}. {kind.name}" for n, kind in enumerate(summonable(turn), 1)))


@order(GmSpawnCreature, "spa", SUMMON)
def spawn_creature(turn: Turn, packet: GmSpawnCreature) -> None:
    """Call a creature of that list."""
    kinds = summonable(turn)
    if 1 <= packet.index <= len(kinds):
        make(turn, kinds[packet.index - 1].number)
    else:
        turn.tell("gm.no_creature", number=packet.index)


@order(GmNpcFollow, "seguir", SUMMON, logged=False)
def npc_follow(turn: Turn, _packet: GmNpcFollow) -> None:
    """Let the clicked creature follow oneself, or go its own way again."""
    npc = clicked_npc(turn)
    if npc is None:
        return
    if npc.master and npc.master != turn.player.user_id:
        turn.tell("gm.has_master", name=npc.kind.name)
        return
    npc.free()
    follows = npc.movement != Movement.FOLLOWS_MASTER or npc.master != turn.player.user_id
    npc.master = turn.player.user_id if follows else 0
    npc.movement = Movement.FOLLOWS_MASTER if follows else npc.kind.movement
    npc.hostile = npc.kind.hostile and not follows
    npc.foe, npc.attacked_by = None, 0
    turn.tell("gm.follows" if follows else "gm.follows_no_more", name=npc.kind.name)


@order(GmResetNpcInventory, "resetinv", demigods("world.creatures", masters=False))
def reset_npc_inventory(turn: Turn, _packet: GmResetNpcInventory) -> None:
    """Let the clicked merchant begin anew with the goods of its kind."""
    npc = clicked_npc(turn)
    if npc is not None:
        npc.stock = None
        turn.tell("gm.restocked", name=npc.kind.name)


# --- looks ---------------------------------------------------------------------------------------


@order(GmImitate, "mimetizar", SUMMON)
def imitate(turn: Turn, _packet: GmImitate) -> None:
    """Take the look of the clicked creature; without one, one's own again."""
    player = turn.player
    npc = player.clicked
    if isinstance(npc, Npc) and not npc.gone:
        player.disguise = Look(npc.kind.body, npc.kind.head)
        player.effects.mimicry_until = 2**62
        show_look(turn.game, player)
    elif undisguise(player):
        show_look(turn.game, player)
    else:
        turn.tell("gm.click_creature")


@order(GmImpersonate, "impersonar", SUMMON)
def impersonate(turn: Turn, _packet: GmImpersonate) -> None:
    """Take the look and the place of the clicked creature, which goes."""
    npc = clicked_npc(turn)
    if npc is None:
        return
    imitate(turn, GmImitate())
    room, x, y = npc.map, npc.x, npc.y
    vanish(turn.game, npc)
    bring(turn, turn.player, room, x, y)


# --- pretorians ----------------------------------------------------------------------------------


def clans(room: MapRoom) -> list[Npc]:
    """Return the pretorians of a map."""
    return [npc for npc in room.npcs() if npc.kind.role == NpcRole.PRETORIAN]


@order(GmCreatePretorianClan, "crearpretorianos", MAKE)
def create_pretorian_clan(turn: Turn, packet: GmCreatePretorianClan) -> None:
    """Let a clan of pretorians stand around a place: its king with those who guard him."""
    room = room_of(turn, packet.map)
    if room is None:
        return
    if clans(room):
        turn.tell("gm.clan_there", map=packet.map)
        return
    kinds = turn.world.data.npcs.values()
    made = 0
    for movement, size in zip(CLAN_OF, CLAN_SIZES, strict=True):
        kind = next(
            (k for k in kinds if k.role == NpcRole.PRETORIAN and k.movement == movement), None
        )
        for _ in range(size if kind is not None else 0):
            if kind is not None and spawn(turn.game, kind, room, packet.x, packet.y) is not None:
                made += 1
    turn.tell("gm.clan_made" if made else "gm.no_pretorians", count=made)


@order(GmRemovePretorianClan, "eliminarpretorianos", MAKE)
def remove_pretorian_clan(turn: Turn, packet: GmRemovePretorianClan) -> None:
    """Take the pretorians of a map away."""
    room = room_of(turn, packet.map)
    if room is not None:
        gone = clans(room)
        for npc in gone:
            vanish(turn.game, npc)
        turn.tell("gm.creatures_gone", count=len(gone))
