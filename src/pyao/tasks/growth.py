"""What acts bring: experience, practice in skills, a good or bad name; and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from pyao.events.payloads import BeforeExperience
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.enums import Font
from pyao.rules import equipment, skills
from pyao.rules.character import Section
from pyao.rules.fight import Lesson
from pyao.rules.kinds import Faction
from pyao.rules.leveling import gain_experience
from pyao.rules.reputation import Standing
from pyao.tasks.belongings import show_slots
from pyao.tasks.living import show_growth, show_look, show_status, show_training
from pyao.world import Player


def earn(game: Game, player: Player, amount: int, cause: str) -> None:
    """Give experience and the levels it pays for; a module may change it, the dead get none."""
    if amount <= 0 or player.dead:  # a level fills up life
        return
    asked = game.events.announce(BeforeExperience(int(player.user_id), amount, cause), "rules")
    if isinstance(asked.data.amount, int):  # a module may have put anything there
        amount = asked.data.amount
    if asked.vetoed or amount <= 0:
        return
    growth = gain_experience(player, amount, game.roll, game.options.ladder)
    show_growth(game, player, growth)


def teach(game: Game, player: Player, lessons: Iterable[Lesson]) -> None:
    """Let a player learn from what it did."""
    for lesson in lessons:
        training = skills.train(
            player,
            lesson.skill,
            game.roll,
            success=lesson.success,
            ladder=game.options.ladder,
        )
        game.world.mark(player, Section.SKILLS)
        show_training(game, player, training)
        if training.unassigned and not player.told_to_assign:
            player.told_to_assign = True
            game.tell(player, "skill.unassigned")


def show_standing(game: Game, player: Player, standing: Standing) -> None:
    """Tell what a deed did to a good name, and show the name in its new colour."""
    game.world.mark(player, Section.STATS)
    if standing.nobility_lost:
        game.send(player, msg.multi_nobility_lost())
    if standing.expelled is not Faction.NONE:
        royal = standing.expelled is Faction.ROYAL
        key = "faction.expelled_royal" if royal else "faction.expelled_chaos"
        game.tell(player, key, Font.FIGHT)
        show_dismissal(game, player)
    if standing.changed:
        key = "standing.criminal" if player.criminal else "standing.citizen"
        game.tell(player, key, Font.FIGHT)
        show_status(game, player)
        if player.sailing:
            show_look(game, player)


def show_dismissal(game: Game, player: Player) -> None:
    """Take off what only members of an army wear from one who is none any more, and show it."""
    game.world.mark(player, Section.FLAGS)
    slots = equipment.leave_faction(player)
    if slots:
        show_slots(game, player, slots)
    if slots or player.sailing:
        show_look(game, player)
