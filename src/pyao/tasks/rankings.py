"""Who is the best: /ranking, which no packet of the client asks for.

The store keeps the rankings and is read only when somebody asks; what was done since the last
snapshot is not in them yet.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Final

from pyao.errors import StorageUnavailable
from pyao.game import Game
from pyao.protocol.enums import Font
from pyao.rules.character import UserId
from pyao.rules.ranking import Board, figure
from pyao.storage.rankings import Ranked, Standings
from pyao.tasks.commands import command
from pyao.tasks.turn import Turn

BEST: Final = 5  # the client's console keeps ten paragraphs
AROUND: Final = 1
WORDS: Final = MappingProxyType(
    {
        "": Board.LEVEL,
        "nivel": Board.LEVEL,
        "muertes": Board.KILLS,
        "oro": Board.GOLD,
    }
)


@command("ranking", cost=10)
def ranking(turn: Turn, rest: str) -> None:
    """Show the best of a ranking, and who is just ahead of the player and just behind."""
    board = WORDS.get(rest.strip().lower())
    if board is None:
        turn.tell("ranking.usage")
        return
    turn.wait(read(turn.game, board, turn.player.user_id), partial(show, turn, board))


async def read(game: Game, board: Board, user_id: UserId) -> Standings | None:
    """Read a ranking; None when that is not possible now."""
    try:
        return await game.writer.standings(board, user_id, best=BEST, around=AROUND)
    except StorageUnavailable:
        return None


def show(turn: Turn, board: Board, found: Standings | None) -> None:
    """Write a ranking into the player's console."""
    if found is None:
        turn.tell("ranking.not_now")
        return
    turn.tell(f"ranking.{board}", Font.INFO_BOLD)
    if not found.best:
        turn.tell("ranking.nobody")
    for one in found.best:
        tell_place(turn, board, one)
    for one in found.around:
        if one not in found.best:
            tell_place(turn, board, one)
    if found.best and not found.around:
        turn.tell("ranking.not_you")


def tell_place(turn: Turn, board: Board, one: Ranked) -> None:
    """Write one place of a ranking; the player's own stands out."""
    font = Font.INFO_BOLD if one.user_id == turn.player.user_id else Font.INFO
    turn.tell(
        "ranking.place",
        font,
        place=one.place,
        name=one.name,
        figure=figure(board, one.score),
    )
