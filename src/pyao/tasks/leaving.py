"""Leaving the game: at once where it is safe, after a count-down where it is not."""

from __future__ import annotations

from pyao.protocol.client_packets import Quit
from pyao.tasks.acts import Act, act
from pyao.tasks.task import on
from pyao.tasks.turn import Turn


@on(Quit)
def quit_game(turn: Turn, _packet: Quit) -> None:
    """Start to leave the game; the server closes the connection when the time has come."""
    player = turn.player
    if player.paralysed:
        turn.tell("logout.paralysed")
        return
    act(turn.game, player, Act.QUIT)
    turn.game.start_leaving(player)
