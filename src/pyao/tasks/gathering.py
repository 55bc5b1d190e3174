"""Fishing, cutting and mining: the click that follows WORK_REQUEST_TARGET, and what it brings."""

from __future__ import annotations

from pyao.content.world_data import tile_index
from pyao.protocol.enums import Sound
from pyao.rules import gathering, reputation
from pyao.rules.fight import Lesson
from pyao.rules.gathering import Clicked, GatherProblem, Source
from pyao.rules.kinds import Skill, TileFlag
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.acts import Act, act, lay_by, refuse
from pyao.tasks.belongings import show_slots
from pyao.tasks.growth import show_standing, teach
from pyao.tasks.living import show_stamina, spot
from pyao.tasks.turn import Turn
from pyao.tasks.work import aimed

SOUNDS = {
    Skill.FISHING: Sound.FISH,
    Skill.WOODCUTTING: Sound.WOODCUT,
    Skill.MINING: Sound.MINE,
}


@aimed(Skill.FISHING)
def fish(turn: Turn, x: int, y: int) -> None:
    """Throw the rod or the net."""
    here = spot(turn.game, turn.player)
    work_on(turn, gathering.fishing_place(turn.player, here, clicked(turn, x, y)))


@aimed(Skill.WOODCUTTING)
def cut(turn: Turn, x: int, y: int) -> None:
    """Swing the axe at a tree."""
    work_on(turn, gathering.cutting_place(turn.player, clicked(turn, x, y)))


@aimed(Skill.MINING)
def mine(turn: Turn, x: int, y: int) -> None:
    """Swing the pick at a deposit."""
    work_on(turn, gathering.mining_place(turn.player, clicked(turn, x, y)))


def clicked(turn: Turn, x: int, y: int) -> Clicked:
    """Return what the rules ask of a tile."""
    pile = turn.room.ground.get(tile_index(x, y))
    water = bool(turn.room.flag(x, y) & TileFlag.WATER)
    if pile is None:
        return Clicked(x, y, water=water)
    return Clicked(x, y, pile.item.kind, pile.item.ore, water)


def work_on(turn: Turn, source: GatherProblem | Source) -> None:
    """Try once to gather, if the last time is long enough ago; show and write down what came."""
    game, player = turn.game, turn.player
    if not player.intervals.may_work(turn.now, game.options.intervals):
        return
    if isinstance(source, GatherProblem):
        refuse(game, player, source.value)
        return
    act(game, player, Act.WORK)
    catch = gathering.gather(player, source, lay_by(game, player), game.roll)
    if isinstance(catch, GatherProblem):
        refuse(game, player, catch.value)
        return
    trade = source.trade
    player.work.add(player.pace.steps)
    show_stamina(game, player)
    game.world.sound_of(player, SOUNDS[trade.skill])
    if catch.pile is None:
        turn.tell_once(trade.failure)
    else:
        player.told = ""
        name = game.world.data.items[catch.pile.item].name
        turn.tell("work.gathered", item=name, amount=catch.pile.amount)
        target = of_player(player.user_id)
        game.changes.record("gathered", player, *catch.pile, source=NOBODY, target=target)
        show_slots(game, player, (catch.slot,) if catch.slot else ())
    teach(game, player, [Lesson(trade.skill, success=catch.pile is not None)])
    if source.everyone or not player.criminal:
        show_standing(game, player, reputation.work(player))
