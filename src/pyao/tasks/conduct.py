"""Time that is counted against players: standing in a passage, and prison.

What counts is in `rules/conduct.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.game import Game
from pyao.rules import conduct
from pyao.rules.character import Section
from pyao.rules.conduct import BLOCKING_JAIL_MINUTES
from pyao.tasks.windows import close_window
from pyao.world import Player

PASSAGES_MS = 6_000
PRISON, FREEDOM = "prison", "prison_exit"  # names of places in the world's data


def watch_passages(game: Game) -> Callable[[], None]:
    """Return what looks every six seconds who stands in the way; nobody may for long."""

    def look() -> None:
        for player in list(game.world.players.values()):
            if player.staff:
                continue
            trigger = game.world.maps[player.map].trigger(player.x, player.y)
            alive = not player.dead
            player.blocking, too_long = conduct.count_blocking(
                player.blocking, trigger, alive=alive
            )
            if too_long:
                imprison(game, player, BLOCKING_JAIL_MINUTES)
            elif player.blocking:
                game.tell(player, "map.blocking_way")

    return look


def imprison(game: Game, player: Player, minutes: int) -> None:
    """Put a player into prison for so many minutes in the game."""
    close_window(game, player)
    player.jail_minutes = minutes
    game.world.mark(player, Section.FLAGS)
    go_to(game, player, PRISON)
    game.tell(player, "jail.begun", minutes=minutes)


def serve_time(game: Game) -> None:
    """Let a minute of every sentence pass, and set free those for whom it was the last."""
    for player in list(game.world.players.values()):
        if not player.jail_minutes:
            continue
        game.world.mark(player, Section.FLAGS)
        if conduct.serve_minute(player):
            go_to(game, player, FREEDOM)
            game.tell(player, "jail.ended")


def go_to(game: Game, player: Player, name: str) -> None:
    """Bring a player to a named place; a world that has none of that name uses its home."""
    places = game.world.data.rulebook.places
    game.world.warp(player, *(places.get(name) or game.start_of(player.home)))
