"""Leaving the game: at once where it is safe, after a count-down where it is not."""

from __future__ import annotations

from pyao.protocol.client_packets import Quit
from pyao.protocol.enums import Font
from pyao.tasks.acts import Act, act
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import close_window

SAME_KEY_MS = 1_000  # from pressing Escape to letting it go


def closed_a_window(turn: Turn) -> bool:
    """Tell whether QUIT means the window of a townsman: the client's Escape closes it and quits."""
    player = turn.player
    if player.dealer is not None:
        close_window(turn.game, player)
        return True
    closed = player.window_closed_ms
    return closed is not None and turn.now - closed < SAME_KEY_MS


@on(Quit)
def quit_game(turn: Turn, _packet: Quit) -> None:
    """Start to leave the game; the server closes the connection when the time has come."""
    player = turn.player
    if player.paralysed:
        turn.tell("logout.paralysed", Font.WARNING)
        return
    if closed_a_window(turn):
        turn.tell("logout.window")
        return
    act(turn.game, player, Act.QUIT)
    turn.world.break_journey(player)
    turn.game.start_leaving(player)
