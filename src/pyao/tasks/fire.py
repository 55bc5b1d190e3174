"""Fire: twigs cut from logs with a dagger, and campfires lit with a double click on twigs."""

from __future__ import annotations

from dataclasses import replace

from pyao.content.world_data import tile_index
from pyao.rules import gathering
from pyao.rules.fight import Lesson
from pyao.rules.gathering import CAMPFIRE, TWIGS, WOOD, GatherProblem
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Skill
from pyao.storage.ledger import NOBODY, of_map
from pyao.tasks.acts import refuse
from pyao.tasks.growth import teach
from pyao.tasks.inventory import find
from pyao.tasks.living import spot
from pyao.tasks.turn import Turn

CITY = "CIUDAD"


def aims_at_logs(turn: Turn) -> bool:
    """Tell whether logs to cut twigs of lie where the player clicked last."""
    x, y = turn.player.aimed_at
    pile = turn.room.ground.get(tile_index(x, y)) if x and y else None
    if pile is None or pile.fixed:
        return False
    return pile.item.number == WOOD and TWIGS in turn.world.data.items


def cut_twigs(turn: Turn) -> None:
    """Cut the logs that were clicked last into twigs."""
    game, player, room = turn.game, turn.player, turn.room
    x, y = player.aimed_at
    pile = room.ground[tile_index(x, y)]
    twigs = gathering.cut_twigs(player, x, y, pile.amount, game.roll)
    if isinstance(twigs, GatherProblem):
        refuse(game, player, twigs.value)
        return
    if twigs:
        here = of_map(room.number)
        game.changes.record("cut", player, WOOD, pile.amount, source=here, target=NOBODY)
        game.changes.record("made", player, TWIGS, twigs, source=NOBODY, target=here)
        game.world.set_ground(room, x, y, Pile(TWIGS, twigs))
    turn.tell("work.twigs" if twigs else "work.no_twigs", amount=twigs)
    teach(game, player, [Lesson(Skill.SURVIVAL, success=twigs > 0)])


def light(turn: Turn, x: int, y: int) -> None:
    """Try to light a campfire with the twigs on a tile."""
    game, player, room = turn.game, turn.player, turn.room
    if CAMPFIRE not in game.world.data.items:
        return
    there = replace(spot(game, player), trigger=room.trigger(x, y))
    city = room.data.zone.upper() == CITY
    lit = gathering.light_fire(player, x, y, there, game.roll, city=city)
    if isinstance(lit, GatherProblem):
        refuse(game, player, lit.value)
        return
    if lit:
        pile = room.ground[tile_index(x, y)]
        find(turn, pile)
        here = of_map(room.number)
        game.changes.record("burnt", player, TWIGS, pile.amount, source=here, target=NOBODY)
        game.changes.record("made", player, CAMPFIRE, 1, source=NOBODY, target=here)
        game.world.set_ground(room, x, y, Pile(CAMPFIRE, 1))
    turn.tell("work.fire" if lit else "work.no_fire")
    teach(game, player, [Lesson(Skill.SURVIVAL, success=lit)])
