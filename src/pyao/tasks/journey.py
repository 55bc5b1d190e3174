"""The trip home of the dead, and the governor who changes what is called home.

Follows ao-libre/ao-server, General.bas (goHome) and Protocol.bas (HandleHome).
"""

from __future__ import annotations

from functools import partial

from pyao.content.world_data import City
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.client_packets import Home
from pyao.rules import sailing
from pyao.rules.character import Section
from pyao.rules.journey import (
    UNKNOWN,
    check_journey,
    distance_home,
    journey_seconds,
    map_distances,
)
from pyao.rules.kinds import NpcRole
from pyao.rules.person import distance
from pyao.tasks.acts import refuse
from pyao.tasks.living import show_look
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import say
from pyao.world import MapRoom, Player, World
from pyao.world.npc import Npc

GOVERNOR_REACH = 10
SURVEYED_AT_ONCE, SURVEY_MS = 5, 50


@on(Home)
def home(turn: Turn, _packet: Home) -> None:
    """Travel home as a ghost, or break the trip off; before a governor, choose a home."""
    game, player = turn.game, turn.player
    governor = clicked_governor(player)
    if governor is not None:
        settle_in(turn, governor)
        return
    if turn.world.break_journey(player):
        turn.tell("map.journey_cancelled")
        return
    city = home_of(turn.world, player)
    away = UNKNOWN if city is None else how_far(turn.world, player, city)
    at_home = city is not None and city.map == player.map
    restricted = bool(turn.room.data.restriction)
    problem = check_journey(player, away, at_home=at_home, restricted=restricted)
    if problem is not None or city is None:
        refuse(game, player, "map.journey_refused" if problem is None else problem.value)
        return
    seconds = journey_seconds(away, player.level, game.options.journey)
    player.journey = turn.world.schedule.after(
        seconds * 1000, partial(arrive, game, player, city), name="trip home"
    )
    turn.reply(msg.multi_home(away, seconds, city.name))
    turn.tell("map.journey", city=city.name, seconds=seconds)


def survey(world: World, left: list[MapRoom] | None = None) -> None:
    """Learn the borders of a few maps, and of more from time to time, so that no trip waits."""
    left = list(world.maps.values()) if left is None else left
    for room in left[-SURVEYED_AT_ONCE:]:
        room.learn_borders()
    del left[-SURVEYED_AT_ONCE:]
    if left:
        world.schedule.after(SURVEY_MS, partial(survey, world, left), name="borders of maps")


def arrive(game: Game, player: Player, city: City) -> None:
    """Put a ghost down at home."""
    player.journey = None
    if player.sailing:
        sailing.land(player)
        game.send(player, msg.navigate_toggle())
        show_look(game, player)
        game.world.mark(player, Section.FLAGS | Section.INVENTORY)
    game.world.warp(player, city.map, city.x, city.y, flash=True)
    game.send(player, msg.multi_finish_home())
    game.tell(player, "map.journey_done", city=city.name)


def home_of(world: World, player: Player) -> City | None:
    """Return the city a player calls home, where the world has one."""
    return world.data.cities.get(player.home) or next(iter(world.data.cities.values()), None)


def how_far(world: World, player: Player, city: City) -> int:
    """Return the distance home in maps; who came into the game in a dungeon counts from home."""
    borders = {number: room.borders for number, room in world.maps.items()}
    distances = map_distances(city.map, borders)
    return distance_home(distances, player.map, player.last_surface or city.map)


def clicked_governor(player: Player) -> Npc | None:
    """Return the governor a player clicked, if it is near."""
    npc = player.clicked
    if not isinstance(npc, Npc) or npc.gone or npc.map != player.map:
        return None
    near = distance(player.x, player.y, npc.x, npc.y) <= GOVERNOR_REACH
    return npc if near and npc.kind.role == NpcRole.GOVERNOR else None


def settle_in(turn: Turn, governor: Npc) -> None:
    """Let the governor's city become a player's home."""
    city = turn.world.data.cities.get(governor.kind.city)
    if city is None:
        return
    turn.player.home = governor.kind.city
    turn.mark(Section.PROFILE)
    say(turn, governor, "map.home_chosen", city=city.name)
