"""Commands about one's own state: meditate, rest, ask a priest for life and health."""

from __future__ import annotations

import structlog

from pyao.protocol import msg
from pyao.protocol.client_packets import Heal, Meditate, ModifySkills, Rest, Resucitate
from pyao.protocol.enums import Font
from pyao.rules import death, effects, meditation, skills
from pyao.rules.character import Section
from pyao.rules.death import Blessing, PriestProblem
from pyao.rules.kinds import NpcRole, ObjectType, Skill
from pyao.rules.meditation import MeditateProblem, Trance
from pyao.tasks.acts import in_sight
from pyao.tasks.information import skills_of
from pyao.tasks.living import revive, show_hp, show_mana, show_trance
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import show_prices
from pyao.world.npc import Npc

log = structlog.get_logger(__name__)

PRIESTS = (NpcRole.PRIEST, NpcRole.NEWBIE_PRIEST)


@on(Meditate)
def meditate(turn: Turn, _packet: Meditate) -> None:
    """Fall into a trance that brings mana, or wake from it."""
    outcome = meditation.meditate(turn.player, turn.now)
    if isinstance(outcome, MeditateProblem):
        turn.tell(outcome.value)
    elif outcome is Trance.FILLED:
        show_mana(turn.game, turn.player)
    else:
        show_trance(turn.game, turn.player)
        begun = outcome is Trance.BEGUN
        turn.tell("meditate.begun" if begun else "state.meditation_ends")


@on(Rest)
def rest(turn: Turn, _packet: Rest) -> None:
    """Sit down at a fire in sight, or get up."""
    fire = in_sight(turn.room, turn.player, ObjectType.CAMPFIRE)
    outcome = effects.rest(turn.player, fire=fire)
    if outcome in (effects.Rest.BEGUN, effects.Rest.ENDED):
        turn.reply(msg.rest_ok())
    turn.tell(outcome.value)


@on(Resucitate)
def resucitate(turn: Turn, _packet: Resucitate) -> None:
    """Ask a priest nearby for one's life."""
    ask_priest(turn, healing=False)


@on(Heal)
def heal(turn: Turn, _packet: Heal) -> None:
    """Ask a priest nearby for health."""
    ask_priest(turn, healing=True)


def ask_priest(turn: Turn, *, healing: bool) -> None:
    """Let the priest a player clicked, else the nearest in view, do what it can."""
    player = turn.player
    priest = find_priest(turn)
    if priest is None:
        turn.tell("action.no_target")
        return
    away = abs(priest.x - player.x) + abs(priest.y - player.y)
    outcome = death.ask_priest(player, priest.kind.role, away, healing=healing)
    if isinstance(outcome, PriestProblem):
        if outcome.value:
            turn.tell(outcome.value)
        return
    if outcome is Blessing.REVIVED:
        revive(turn.game, player)
        turn.tell("priest.revived", Font.INFO)
    else:
        turn.tell("priest.healed", Font.INFO)
    show_hp(turn.game, player)


def find_priest(turn: Turn) -> Npc | None:
    """Return the priest a player clicked last or, without one, the nearest in view."""
    player, room = turn.player, turn.room
    clicked = player.clicked
    if isinstance(clicked, Npc) and clicked.map == player.map and clicked.kind.role in PRIESTS:
        return clicked
    near = [npc for npc in room.npcs_in(room.seen_from(player.zone)) if npc.kind.role in PRIESTS]
    return min(near, key=lambda npc: abs(npc.x - player.x) + abs(npc.y - player.y), default=None)


@on(ModifySkills)
def modify_skills(turn: Turn, packet: ModifySkills) -> None:
    """Spend free skill points: all of what is asked, or nothing."""
    player = turn.player
    problem = skills.assign(player, packet.skills)
    if problem is not None:
        log.warning("impossible skill points", who=str(player), why=problem.name)
        turn.tell(problem.value)
    turn.mark(Section.SKILLS)
    turn.reply(skills_of(turn))
    turn.reply(msg.level_up(player.free_skill_points))
    if problem is None and packet.skills[Skill.TRADE - 1]:
        show_prices(turn.game, player)
