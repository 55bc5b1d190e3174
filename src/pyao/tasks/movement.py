"""Walking, turning and asking where one stands."""

from __future__ import annotations

from functools import partial

import structlog

from pyao.protocol import msg
from pyao.protocol.client_packets import ChangeHeading, RequestPositionUpdate, Walk
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import PosUpdate
from pyao.rules.intervals import ANSWER_MS, Pace
from pyao.rules.kinds import DELTAS, Heading
from pyao.rules.movement import check_ground, may_turn
from pyao.tasks.acts import Act, act
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import leave_strayed_from
from pyao.world import Player

log = structlog.get_logger(__name__)

HEADINGS = frozenset(int(heading) for heading in Heading)
_IN_TIME = Pace.OK  # read once: on Python 3.11 each look at a member takes 0.2 microseconds


@on(Walk)
def walk(turn: Turn, packet: Walk) -> None:
    """Move the player one tile, or answer with where they really stand."""
    player = turn.player
    pace = player.pace.walk(turn.now, turn.game.options.intervals)
    if pace is _IN_TIME and packet.heading in HEADINGS and not player.paralysed:
        if may_go(turn):
            if turn.world.walk(player, packet.heading):
                if player.denied:
                    turn_back(turn)
                if player.trading:
                    leave_strayed_from(turn.game, player)
                return
            stop_short(turn, packet.heading)
    elif pace is Pace.CHEATING:
        figure = player.pace.figure
        log.warning("speed hack", who=str(player), figure=figure)
        staff = [other for other in turn.world.players.values() if other.staff]
        turn.game.tell_all(staff, "walk.cheats", Font.SERVER, name=player.name, figure=figure)
        turn.session.refuse("logout.speed")
        return
    elif player.paralysed:
        player.pace.forgive()
        turn.tell_once("walk.paralysed")
    put_back(turn)


def put_back(turn: Turn) -> None:
    """Answer a walk that led nowhere with where the player stands, soon if not at once."""
    player, world = turn.player, turn.world
    if player.pace.answers(turn.now):
        turn.reply(PosUpdate(player.x, player.y))
    elif player.late is None:
        late = partial(put_back_late, player)
        player.late = world.schedule.after(ANSWER_MS, late, name="put back")
    world.make_sure(player)


def put_back_late(player: Player) -> None:
    """Tell a client that asked too often where its character stands."""
    player.late = None
    player.outlet.append(msg.pos_update(player.x, player.y))


def may_go(turn: Turn) -> bool:
    """End what a step ends; one that wakes a player or makes it get up leads nowhere."""
    player = turn.player
    if player.journey is not None:
        turn.tell_once("walk.travelling")
        return False
    if player.leaving is None and not (player.hidden or player.meditating or player.resting):
        return True
    if not act(turn.game, player, Act.WALK):
        return True
    player.pace.wake(turn.now, turn.game.options.intervals)
    return False


def stop_short(turn: Turn, heading: int) -> None:
    """Turn a player to what it walked into, as its client has done when it stepped ahead."""
    player = turn.player
    player.pace.give_back(turn.game.options.intervals)
    if player.heading != heading:
        turn.world.turn_to(player, heading, but=player)


def turn_back(turn: Turn) -> None:
    """Tell why an exit does not let a player through, and put it beside the exit."""
    player = turn.player
    turn.tell(player.denied)
    player.denied = ""
    turn.world.warp(player, player.map, player.x, player.y)


@on(ChangeHeading)
def change_heading(turn: Turn, packet: ChangeHeading) -> None:
    """Turn without walking; the client turns its own character only when told."""
    player = turn.player
    if packet.heading not in HEADINGS:
        return
    dx, dy = DELTAS[packet.heading]
    x, y = player.x + dx, player.y + dy
    room = turn.room
    ahead_is_free = (
        check_ground(room.flag(x, y), sailing=player.sailing) is None
        and room.occupant(x, y) is None
    )
    if may_turn(
        paralysed=player.paralysed, immobilised=player.immobilised, ahead_is_free=ahead_is_free
    ):
        turn.world.turn_to(player, packet.heading)


@on(RequestPositionUpdate)
def request_position_update(turn: Turn, _packet: RequestPositionUpdate) -> None:
    """Tell the client where its character stands."""
    turn.reply(PosUpdate(turn.player.x, turn.player.y))
