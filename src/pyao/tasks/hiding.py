"""Hiding in the shadows; what ends it is in `acts.py`, and in `living.py` when its time is over."""

from __future__ import annotations

from pyao.rules import hiding
from pyao.rules.fight import Lesson
from pyao.rules.hiding import Hid, HideProblem
from pyao.rules.kinds import Skill
from pyao.tasks.acts import Act, act, refuse, veil
from pyao.tasks.growth import teach
from pyao.tasks.living import spot
from pyao.tasks.turn import Turn
from pyao.tasks.work import begins


@begins(Skill.HIDE)
def hide(turn: Turn) -> None:
    """Try to get out of sight for a while."""
    game, player = turn.game, turn.player
    outcome = hiding.hide(player, spot(game, player), turn.now, game.roll, game.options)
    if isinstance(outcome, HideProblem):
        refuse(game, player, outcome.value)
        return
    act(game, player, Act.WORK)
    player.hiding.add(player.pace.steps)
    hidden = outcome is Hid.HIDDEN
    if hidden:
        veil(game, player)
    turn.tell("hide.hidden" if hidden else "hide.seen")
    teach(game, player, [Lesson(Skill.HIDE, success=hidden)])
