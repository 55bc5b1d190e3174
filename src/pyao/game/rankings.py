"""What of the rankings must be written: a character's scores, when they changed."""

from __future__ import annotations

from pyao.rules.character import Character, UserId
from pyao.rules.ranking import Board, scores
from pyao.storage.keys import RedisKeys


class Rankings:
    """Knows the scores that were handed to the writer, so that only changed ones are again."""

    def __init__(self) -> None:
        self._written: dict[UserId, dict[Board, int]] = {}

    def changed(self, who: Character) -> dict[str, str | None]:
        """Return the records of those scores that changed, and take them for written."""
        before, now = self._written.get(who.user_id), scores(who)
        if before == now:
            return {}
        self._written[who.user_id] = now
        boards = [board for board in Board if before is None or before.get(board) != now.get(board)]
        return {
            RedisKeys.ranked(board, who.user_id): str(now[board]) if board in now else None
            for board in boards
        }

    def forget(self) -> None:
        """Take nothing for written any more: the store has lost it."""
        self._written.clear()
