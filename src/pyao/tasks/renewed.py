"""Changed content under the feet of players: it holds from one moment on, and they see it.

What cannot be taken over was refused before (`world/renewal.py`).
"""

from __future__ import annotations

from pyao.content.world_data import WorldData
from pyao.game import Game
from pyao.tasks.belongings import show_belongings
from pyao.tasks.windows import close_window
from pyao.world.renewal import renew


def take_over(game: Game, data: WorldData) -> list[int]:
    """Let a world take the place of the running one; return the numbers of the maps changed.

    Windows of merchants close: a slot that a customer looks at may hold something else by now.
    """
    players = list(game.world.players.values())
    for player in players:
        close_window(game, player)
    changed = renew(game.world, data)
    for player in players:
        show_belongings(game, player)
    return changed
