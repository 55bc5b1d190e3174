"""Stealing: the click on a victim, and what both sides and their names get out of it."""

from __future__ import annotations

from pyao.game import Game
from pyao.game.trades import break_off
from pyao.protocol.enums import Font
from pyao.rules import reputation, stealing
from pyao.rules.fight import Lesson
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.kinds import Skill
from pyao.rules.stealing import StealProblem, Theft
from pyao.storage.ledger import of_player
from pyao.tasks.acts import Act, act, lay_by, refuse, target_at
from pyao.tasks.belongings import show_gold, show_slots
from pyao.tasks.growth import show_standing, teach
from pyao.tasks.living import show_stamina, spot
from pyao.tasks.turn import Turn
from pyao.tasks.work import aimed
from pyao.world import Player


@aimed(Skill.STEAL)
def steal(turn: Turn, x: int, y: int) -> None:
    """Try to rob the player on a tile, if the last time is long enough ago."""
    game, player = turn.game, turn.player
    victim = target_at(turn.room, x, y, player)
    if not player.intervals.may_work(turn.now, game.options.intervals):
        return
    if not isinstance(victim, Player):
        turn.tell("action.nobody_there")
        return
    problem = stealing.check_steal(player, victim, spot(game, player), spot(game, victim))
    if isinstance(problem, StealProblem):
        refuse(game, player, problem.value, Font.WARNING)
        return
    act(game, player, Act.WORK)
    theft = stealing.steal(player, victim, game.world.data.items, lay_by(game, player), game.roll)
    show_stamina(game, player)
    game.stay(victim)
    if theft.success:
        break_off(game.send, game.tell, game.world, victim)
    show_theft(game, player, victim, theft)
    teach(game, player, [Lesson(Skill.STEAL, success=theft.success)])
    show_standing(game, player, reputation.rob(player, victim))


def note_theft(game: Game, thief: Player, victim: Player, item: int, amount: int) -> None:
    """Write into the ledger what a victim lost to a thief."""
    source, target = of_player(victim.user_id), of_player(thief.user_id)
    game.changes.record("stolen", thief, item, amount, source=source, target=target)


def show_theft(game: Game, thief: Player, victim: Player, theft: Theft) -> None:
    """Tell both what went wrong, or show what changed hands and write it down."""
    if not theft.success:
        game.tell(thief, "steal.failed")
        game.tell(victim, "steal.tried", Font.WARNING, name=thief.name)
    elif theft.pile is not None:
        item, amount = theft.pile
        note_theft(game, thief, victim, item, amount)
        name = game.world.data.items[item].name
        game.tell(thief, "steal.thing", item=name, amount=amount, name=victim.name)
        show_slots(game, victim, (theft.slot,))
        show_slots(game, thief, (theft.own_slot,) if theft.own_slot else ())
        game.changes.snapshot()
    elif theft.gold:
        note_theft(game, thief, victim, GOLD_ITEM, theft.gold)
        game.tell(thief, "steal.gold", gold=theft.gold, name=victim.name)
        show_gold(game, thief)
        show_gold(game, victim)
        game.changes.snapshot()
    else:
        game.tell(thief, "steal.nothing", name=victim.name)
