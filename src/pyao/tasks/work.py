"""The two packets of using a skill: beginning it, and the tile chosen for it.

What a skill does stands with its own domain, entered here by number: `@begins` answers the key or
command, `@aimed` the click that follows WORK_REQUEST_TARGET.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.content.world_data import SIDE
from pyao.protocol import msg
from pyao.protocol.client_packets import LeftClick, Work, WorkLeftClick
from pyao.rules.areas import in_vision
from pyao.rules.kinds import Skill
from pyao.tasks.acts import target_at
from pyao.tasks.clicks import left_click
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player
from pyao.world.npc import Npc

Begin = Callable[[Turn], None]
Aim = Callable[[Turn, int, int], None]

BEGINNINGS: dict[int, Begin] = {}
AIMS: dict[int, Aim] = {}

SMELTING = 88  # what the client calls putting ore into a forge


def begins(skill: int) -> Callable[[Begin], Begin]:
    """Enter a function as what WORK of this skill does."""

    def enter(function: Begin) -> Begin:
        if skill in BEGINNINGS:
            message = f"skill {skill} begins twice"
            raise ValueError(message)
        BEGINNINGS[skill] = function
        return function

    return enter


def aimed(skill: int) -> Callable[[Aim], Aim]:
    """Enter a function as what a click for this skill does; it gets a tile in sight."""

    def enter(function: Aim) -> Aim:
        if skill in AIMS:
            message = f"skill {skill} is aimed twice"
            raise ValueError(message)
        AIMS[skill] = function
        return function

    return enter


@on(Work, alive=True)
def work(turn: Turn, packet: Work) -> None:
    """Begin to use a skill; one that needs a target asks for it."""
    begin = BEGINNINGS.get(packet.skill)
    if begin is not None:
        begin(turn)


@on(WorkLeftClick)
def work_left_click(turn: Turn, packet: WorkLeftClick) -> None:
    """Use a skill on a tile. Out of sight means that the client is wrong about where it is."""
    player, x, y = turn.player, packet.x, packet.y
    if player.dead or player.resting or player.meditating:
        return
    if not (1 <= x <= SIDE and 1 <= y <= SIDE):
        return
    if not in_vision(x - player.x, y - player.y):
        turn.reply(msg.pos_update(player.x, player.y))
        return
    player.aimed_at = (x, y)
    aim = AIMS.get(packet.skill)
    if aim is None or not _meant(turn, packet.skill, x, y):
        left_click(turn, LeftClick(x, y))
    else:
        aim(turn, x, y)


def ask_target(turn: Turn, skill: int) -> None:
    """Let the client choose a tile for a skill; the click comes back as WORK_LEFT_CLICK."""
    turn.reply(msg.multi_work_request_target(skill))


@begins(Skill.STEAL)
def begin_to_steal(turn: Turn) -> None:
    """Ask whom to rob, where there is anybody and robbing is possible."""
    player, room = turn.player, turn.room
    victims = room.viewers(player.zone)
    near = any(
        not other.dead and other is not player and player.sees(other) and _near(player, other)
        for other in victims
    )
    if near and not room.is_safe(player.x, player.y):
        ask_target(turn, Skill.STEAL)


@begins(Skill.TAMING)
def begin_to_tame(turn: Turn) -> None:
    """Ask what to tame, where there is anything; the same key walks east in the client."""
    player, room = turn.player, turn.room
    creatures = room.npcs_in(room.seen_from(player.zone))
    if any(npc.kind.taming and not npc.master and _near(player, npc) for npc in creatures):
        ask_target(turn, Skill.TAMING)


def _near(player: Player, other: Player | Npc) -> bool:
    return in_vision(other.x - player.x, other.y - player.y)


def _meant(turn: Turn, skill: int, x: int, y: int) -> bool:
    """Tell whether a click really was for the skill: a taming armed by chance is none."""
    return skill != Skill.TAMING or isinstance(target_at(turn.room, x, y, turn.player), Npc)
