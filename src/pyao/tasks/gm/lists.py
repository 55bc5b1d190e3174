"""Orders that list people, creatures and things: who plays, who works, what stands and lies where.

Gods are shown to gods only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from pyao.content.world_data import tile_place
from pyao.protocol.gm_packets import (
    GmGuildMemberList,
    GmGuildOnlineMembers,
    GmHiding,
    GmOnlineChaosLegion,
    GmOnlineGm,
    GmOnlineMap,
    GmOnlineRoyalArmy,
    GmRequestUserList,
    GmWorking,
)
from pyao.protocol.gm_world_packets import GmCreaturesInMap, GmDumpIpTables, GmItemsInTheFloor
from pyao.rules.guild import Guild
from pyao.rules.kinds import Faction, ObjectType
from pyao.rules.orders import hidden_from, is_god
from pyao.rules.roles import role_of
from pyao.tasks.gm.door import Form, order
from pyao.tasks.gm.inspection import address_of, show_list
from pyao.tasks.gm.ranks import counsellors, demigods, gods
from pyao.tasks.turn import Turn
from pyao.world import MapRoom, Player

SEE, SEE_STRICT = counsellors("people.see"), counsellors("people.see", masters=False)
TREES = (ObjectType.TREE, ObjectType.ELVEN_TREE)
COST = 10


def known(turn: Turn, players: Iterable[Player]) -> list[Player]:
    """Return the players this one may know to be there."""
    own = turn.player.privileges
    return [one for one in players if not hidden_from(own, one.privileges)]


def show_names(turn: Turn, picks: Callable[[Player], bool]) -> None:
    """List the players of a kind by name, and how many they are."""
    names = sorted(one.name for one in known(turn, turn.world.players.values()) if picks(one))
    turn.tell("gm.count", count=len(names))
    show_list(turn, names)


@order(GmOnlineRoyalArmy, "onlinereal", SEE, logged=False, cost=COST)
def online_royal_army(turn: Turn, _packet: GmOnlineRoyalArmy) -> None:
    """List who of the royal army plays."""
    show_names(turn, lambda one: one.faction is Faction.ROYAL)


@order(GmOnlineChaosLegion, "onlinecaos", SEE, logged=False, cost=COST)
def online_chaos_legion(turn: Turn, _packet: GmOnlineChaosLegion) -> None:
    """List who of the chaos legion plays."""
    show_names(turn, lambda one: one.faction is Faction.CHAOS)


@order(GmRequestUserList, "usuarios", SEE_STRICT, logged=False, cost=COST)
def request_user_list(turn: Turn, _packet: GmRequestUserList) -> None:
    """List everybody who plays."""
    show_names(turn, lambda _one: True)


@order(GmWorking, "trabajando", SEE_STRICT, logged=False, cost=COST)
def working(turn: Turn, _packet: GmWorking) -> None:
    """List who works; a star marks those whom a centinel asks."""
    asked = turn.game.centinels.asked()
    working_now = [one for one in turn.world.players.values() if one.working]
    names = (one.name + ("*" if one.user_id in asked else "") for one in known(turn, working_now))
    show_list(turn, sorted(names))


@order(GmHiding, "ocultando", SEE_STRICT, logged=False, cost=COST)
def hiding(turn: Turn, _packet: GmHiding) -> None:
    """List who hides."""
    show_names(turn, lambda one: one.hiding_attempts > 0)


@order(GmOnlineGm, "onlinegm", demigods("people.see"), logged=False, cost=COST)
def online_gm(turn: Turn, _packet: GmOnlineGm) -> None:
    """List the staff of lower rank; gods see all of it."""
    own = turn.player.privileges
    god = is_god(own)
    show_names(turn, lambda one: one.staff and (god or role_of(one.privileges) < role_of(own)))


def own_map(turn: Turn, parts: list[str]) -> list[str]:
    """Let who names no map mean the one it is on."""
    return parts or [str(turn.player.map)]


@order(GmOnlineMap, "onlinemap", demigods("people.see"), Form(fill=own_map), cost=COST)
def online_map(turn: Turn, packet: GmOnlineMap) -> None:
    """List who is on a map."""
    show_names(turn, lambda one: one.map == packet.map)


@order(GmCreaturesInMap, "nene", SEE, Form(fill=own_map), cost=COST)
def creatures_in_map(turn: Turn, packet: GmCreaturesInMap) -> None:
    """List the creatures of a map: the hostile ones first, each with where it stands."""
    room = room_of(turn, packet.map)
    if room is None:
        return
    for key, hostile in (("gm.hostile", True), ("gm.peaceful", False)):
        turn.tell(key)
        found = [npc for npc in room.npcs() if npc.hostile is hostile]
        show_list(turn, sorted(f"{npc.kind.name} ({npc.x},{npc.y})" for npc in found)[:200])


@order(GmItemsInTheFloor, "piso", gods("world.items"), logged=False, cost=COST)
def items_in_the_floor(turn: Turn, _packet: GmItemsInTheFloor) -> None:
    """List what lies on the map, but no trees."""
    lying = [
        (tile_place(at), pile)
        for at, pile in turn.room.ground.items()
        if pile.item.kind not in TREES
    ]
    show_list(turn, [f"{p.item.name} x{p.amount} ({x},{y})" for (x, y), p in lying][:200])


def room_of(turn: Turn, number: int) -> MapRoom | None:
    """Return a map; say so when there is none of that number."""
    room = turn.world.maps.get(number)
    if room is None:
        turn.tell("gm.no_map", map=number)
    return room


@order(GmDumpIpTables, "dumpsecurity", gods("people.see"), logged=False, cost=COST)
def dump_ip_tables(turn: Turn, _packet: GmDumpIpTables) -> None:
    """List the addresses people are connected from, with how many are."""
    counts = Counter(address_of(turn, one) for one in turn.world.players.values())
    show_list(turn, [f"{address or '-'}: {count}" for address, count in counts.most_common(100)])


# --- guilds --------------------------------------------------------------------------------------


def guild_of(turn: Turn, text: str) -> Guild | None:
    """Return the guild of a name, + standing for spaces; say so when there is none."""
    guild = turn.world.guilds.find(text.replace("+", " "))
    if guild is None:
        turn.tell("guild.unknown")
    return guild


@order(GmGuildOnlineMembers, "onclan", demigods("people.see", masters=False), logged=False)
def guild_online_members(turn: Turn, packet: GmGuildOnlineMembers) -> None:
    """List the members of a guild who play."""
    guild = guild_of(turn, packet.guild)
    if guild is not None:
        show_names(turn, lambda one: one.user_id in guild.members)


@order(GmGuildMemberList, "miembrosclan", gods("people.see"), logged=False, cost=COST)
def guild_member_list(turn: Turn, packet: GmGuildMemberList) -> None:
    """List all members of a guild."""
    guild = guild_of(turn, packet.guild)
    if guild is not None:
        show_list(turn, sorted(guild.members.values())[:500])
