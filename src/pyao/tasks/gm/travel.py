"""Orders that bring people somewhere: game masters themselves, and others.

Follows ao-libre/ao-server, Protocol.bas, and dakara, ProtocolHandler.cpp.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyao.content.world_data import tile_index
from pyao.protocol import msg
from pyao.protocol.gm_packets import (
    GmGoNearby,
    GmGoToChar,
    GmInvisible,
    GmSummonChar,
    GmWarpChar,
    GmWarpMeToTarget,
    GmWhere,
)
from pyao.protocol.gm_world_packets import GmIgnored, GmNavigateToggle
from pyao.rules import states
from pyao.rules.character import Character
from pyao.rules.kinds import Privilege
from pyao.rules.movement import check_ground
from pyao.rules.orders import is_god
from pyao.rules.roles import role_of
from pyao.rules.sailing import land
from pyao.tasks.gm.door import Form, order
from pyao.tasks.gm.ranks import counsellors, demigods
from pyao.tasks.gm.targets import anybody, name_in, present
from pyao.tasks.living import show_look, show_visible
from pyao.tasks.turn import Turn
from pyao.world import MapRoom, Player

ONESELF = "YO"
NEAR, FAR = 2, 5  # tiles from a player whom one visits unseen
VISIT, SEE = counsellors("people.visit"), counsellors("people.see")


def oneself(_turn: Turn, parts: list[str]) -> list[str]:
    """Let who names nobody mean itself: MAP X Y."""
    return [ONESELF, *parts] if len(parts) == 3 else parts  # noqa: PLR2004 - map, x, y


@order(GmWarpChar, "telep", VISIT, Form(fill=oneself))
def warp_char(turn: Turn, packet: GmWarpChar) -> None:
    """Bring somebody, or oneself, to a place; counsellors only themselves."""
    player = turn.player
    target: Player | None = player
    if name_in(packet.username).upper() != ONESELF:
        if role_of(player.privileges) < Privilege.DEMIGOD:
            turn.tell("gm.only_oneself")
            return
        target = present(turn, packet.username)
    if target is not None and target is not player and is_god(target.privileges):
        turn.tell("gm.higher_rank", name=target.name)
    elif target is not None:
        bring(turn, target, packet.map, packet.x, packet.y)


@order(GmWarpMeToTarget, "teleploc", VISIT)
def warp_me_to_target(turn: Turn, _packet: GmWarpMeToTarget) -> None:
    """Go to the tile clicked last."""
    x, y = turn.player.aimed_at
    if x and y:
        bring(turn, turn.player, turn.player.map, x, y)
    else:
        turn.tell("gm.click_tile")


@order(GmGoToChar, "ira", VISIT)
def go_to_char(turn: Turn, packet: GmGoToChar) -> None:
    """Go to the south of a player, who is told unless the game master is unseen."""
    target = present(turn, packet.username)
    if target is None or target is turn.player:
        return
    if bring(turn, turn.player, target.map, target.x, target.y + 1) and not turn.player.unseen:
        turn.game.tell(target, "gm.came_to_you", name=turn.player.name)


@order(GmGoNearby, "ircerca", VISIT)
def go_nearby(turn: Turn, packet: GmGoNearby) -> None:
    """Go near a player, but not next to it."""
    target = present(turn, packet.username)
    if target is None or target is turn.player:
        return
    room = turn.world.maps[target.map]
    for x, y in rings(target.x, target.y):
        if stands_free(room, x, y):
            bring(turn, turn.player, target.map, x, y)
            return
    turn.tell("gm.no_place")


@order(GmSummonChar, "sum", demigods("people.summon"))
def summon_char(turn: Turn, packet: GmSummonChar) -> None:
    """Bring a player to one's south; demigods only players and counsellors."""
    player, target = turn.player, present(turn, packet.username)
    if target is None or target is player:
        return
    if not is_god(player.privileges) and role_of(target.privileges) > Privilege.COUNSELLOR:
        turn.tell("gm.higher_rank", name=target.name)
    elif bring(turn, target, player.map, player.x, player.y + 1):
        turn.game.tell(target, "gm.summoned", name=player.name)


@order(GmWhere, "donde", SEE)
def where(turn: Turn, packet: GmWhere) -> None:
    """Say where a character is, or where it left the game."""

    def tell(who: Character) -> None:
        key = "gm.where" if isinstance(who, Player) else "gm.where_absent"
        turn.tell(key, name=who.name, map=who.map, x=who.x, y=who.y)

    anybody(turn, packet.username, tell)


@order(GmInvisible, "invisible", VISIT)
def invisible(turn: Turn, _packet: GmInvisible) -> None:
    """Vanish from everybody's sight, or appear again."""
    set_unseen(turn, unseen=not turn.player.unseen)


def set_unseen(turn: Turn, *, unseen: bool) -> None:
    """Take a game master out of everybody's sight, or show it again.

    Its own client gets a line, and not SET_INVISIBLE as in the classic server: it would hide its
    character from itself.
    """
    game, player = turn.game, turn.player
    if unseen:
        states.unhide(player)
        states.end_invisibility(player)
        show_visible(game, player)
        if states.undisguise(player):
            show_look(game, player)
    player.unseen = unseen
    turn.world.refresh_veil(player)
    if not unseen:
        show_look(game, player)
    turn.tell("gm.unseen" if unseen else "gm.seen")


@order(GmIgnored, "ignorado", counsellors("world.creatures"), logged=False)
def ignored(turn: Turn, _packet: GmIgnored) -> None:
    """Let creatures take no notice of oneself, or take notice again."""
    player = turn.player
    player.ignored = not player.ignored
    turn.tell("gm.ignored" if player.ignored else "gm.noticed")


@order(GmNavigateToggle, "nave", demigods("people.visit"), logged=False)
def navigate_toggle(turn: Turn, _packet: GmNavigateToggle) -> None:
    """Sail without a boat, or stop it."""
    player = turn.player
    if player.sailing:
        land(player)
    else:
        player.sailing = True
    turn.reply(msg.navigate_toggle())
    show_look(turn.game, player)
    turn.tell("gm.sails" if player.sailing else "gm.lands")


def bring(turn: Turn, player: Player, map_number: int, x: int, y: int) -> bool:
    """Put a player on the free tile nearest to a place; say so when there is none."""
    arrived = turn.world.warp(player, map_number, x, y, flash=True)
    if not arrived:
        turn.tell("gm.no_place")
    return arrived


def rings(x: int, y: int) -> Iterator[tuple[int, int]]:
    """Go through the tiles around one, ring by ring, from two to five tiles away."""
    for radius in range(NEAR, FAR + 1):
        for dy in range(-radius, radius + 1):
            edge = abs(dy) == radius
            for dx in range(-radius, radius + 1) if edge else (-radius, radius):
                yield x + dx, y + dy


def stands_free(room: MapRoom, x: int, y: int) -> bool:
    """Tell whether one on foot could be put on a tile."""
    return (
        check_ground(room.flag(x, y), sailing=False) is None
        and room.occupant(x, y) is None
        and tile_index(x, y) not in room.exits
    )
