"""What is put up on the notice boards, remembered between two starts of the server."""

from __future__ import annotations

from pyao.game.own_data import BOARDS
from pyao.modules import SavedData
from pyao.modules.saved_data import MAX_KEY_CHARS
from pyao.rules.board import Corner, Pinned, Post
from pyao.rules.names import name_key

ANNOUNCEMENTS, POSTS = "announcements", "posts"
_SEPARATOR = "\t"  # no text of a player holds one


class Boards:
    """The corners of all boards; those of the armies are shared by all of them."""

    def __init__(self, saved: SavedData) -> None:
        self._saved = saved

    def corner(self, board: str, corner: Corner) -> Pinned:
        """Return what is up on a corner of a board."""
        key = _key(board, corner)
        return Pinned(self._read(f"{ANNOUNCEMENTS}:{key}"), self._read(f"{POSTS}:{key}"))

    def add(self, board: str, corner: Corner, post: Post, *, announced: bool) -> None:
        """Put something up."""
        pinned = self.corner(board, corner)
        pinned.add(post, announced=announced)
        kept = pinned.announcements if announced else pinned.posts
        kind = ANNOUNCEMENTS if announced else POSTS
        record = {
            str(number): _SEPARATOR.join((one.title, one.author, one.text))
            for number, one in enumerate(kept, 1)
        }
        self._saved.put(BOARDS, f"{kind}:{_key(board, corner)}", record)

    def clear(self, board: str) -> None:
        """Take down all that is for everybody on a board."""
        for kind in (ANNOUNCEMENTS, POSTS):
            self._saved.put(BOARDS, f"{kind}:{_key(board, Corner.GENERAL)}", {})

    def _read(self, key: str) -> list[Post]:
        record = self._saved.get(BOARDS, key)
        texts = (record[number] for number in sorted(record, key=int))
        return [Post(*text.split(_SEPARATOR, 2)) for text in texts]


def _key(board: str, corner: Corner) -> str:
    name = corner.name.lower()
    whose = name_key(board)[: MAX_KEY_CHARS - 40] if corner is Corner.GENERAL else ""
    return f"{name}:{whose}"
