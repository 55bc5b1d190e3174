"""Notice boards ("foros"): who may read and post what, and how much of it stays.

Each board has a corner for everybody; the corners of the two armies are the same at every board.
Follows ao-libre/ao-server, modForum.bas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from pyao.rules.kinds import Faction, Privilege
from pyao.rules.person import Person

REACH = 2
POSTS_MAX = 30
ANNOUNCEMENTS_MAX = 5
TITLE_MAX_CHARS = 40
TEXT_MAX_CHARS = 255


class Corner(IntEnum):
    """A part of a board; a packet's kind is twice its number, and one more for announcements."""

    GENERAL = 0
    ROYAL = 1
    CHAOS = 2


class PostProblem(Enum):
    """Why nothing is put up; the value is the key of the text told."""

    NO_BOARD = "board.none"
    CORNER = "board.members_only"
    ANNOUNCING = "board.no_announcing"
    EMPTY = "board.empty"


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody put up."""

    title: str
    author: str
    text: str


@dataclass(slots=True)
class Pinned:
    """What is on a corner, the newest first."""

    announcements: list[Post] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def __iter__(self) -> Iterator[Post]:
        """Go through all of it in the order in which it is read."""
        yield from self.announcements
        yield from self.posts

    def add(self, post: Post, *, announced: bool) -> None:
        """Put something up; the oldest of its kind falls out when there is no more room."""
        kept = self.announcements if announced else self.posts
        kept.insert(0, post)
        del kept[ANNOUNCEMENTS_MAX if announced else POSTS_MAX :]


def may_read(who: Person, corner: Corner) -> bool:
    """Tell whether somebody may read a corner, and put things up there."""
    faction = {Corner.ROYAL: Faction.ROYAL, Corner.CHAOS: Faction.CHAOS}.get(corner)
    return faction is None or who.staff or who.faction is faction


def may_announce(who: Person, corner: Corner) -> bool:
    """Tell whether what somebody puts up may stay on top: staff, and a council for its army."""
    council = {Corner.ROYAL: Privilege.ROYAL_COUNCIL, Corner.CHAOS: Privilege.CHAOS_COUNCIL}
    return who.staff or bool(who.privileges & council.get(corner, 0))


def check_post(
    who: Person, corner: Corner, title: str, text: str, *, announced: bool
) -> PostProblem | None:
    """Return why somebody cannot put something up, or None."""
    checks = (
        (PostProblem.CORNER, not may_read(who, corner)),
        (PostProblem.ANNOUNCING, announced and not may_announce(who, corner)),
        (PostProblem.EMPTY, not (title and text)),
    )
    return next((problem for problem, applies in checks if applies), None)
