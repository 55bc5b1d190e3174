"""What the bots of a process know about where one can walk: their own places, and refusals.

A real client reads its map files; bots only have the answers of the server.
"""

from __future__ import annotations

from collections.abc import Hashable

AVOID_S = 1.0
AVOID_LONGEST_S = 600.0

Tile = tuple[int, int, int]  # map, x, y


class Ground:
    """Tiles that are taken by a bot, and tiles that were refused.

    A tile is avoided for twice as long after each refusal: a wall soon for good, a tile where
    somebody just stood hardly at all.
    """

    def __init__(self) -> None:
        self._taken: dict[Tile, Hashable] = {}
        self._avoided: dict[Tile, tuple[float, float]] = {}  # until when, and for how long

    def stand(self, who: Hashable, old: Tile, new: Tile) -> None:
        """Notice that a bot went from one tile to another."""
        self.leave(who, old)
        self._taken[new] = who

    def leave(self, who: Hashable, tile: Tile) -> None:
        """Notice that a bot is no longer on a tile."""
        if self._taken.get(tile) is who:
            del self._taken[tile]

    def refused(self, tile: Tile, now: float) -> None:
        """Notice that the server let nobody onto a tile."""
        _, span = self._avoided.get(tile, (0.0, AVOID_S / 2))
        span = min(2 * span, AVOID_LONGEST_S)
        self._avoided[tile] = now + span, span

    def is_free(self, tile: Tile, now: float) -> bool:
        """Return whether a step onto a tile is worth trying."""
        if tile in self._taken:
            return False
        avoided = self._avoided.get(tile)
        return avoided is None or avoided[0] <= now
