"""Whom an order means: somebody in the game, a character in the store, or what was clicked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from pyao.game import Game
from pyao.rules.character import Character, Section, UserId
from pyao.rules.orders import hidden_from, outranks
from pyao.rules.social import chat_text
from pyao.staff import absent
from pyao.storage import records
from pyao.storage.keys import character_keys
from pyao.storage.values import Hash
from pyao.tasks.gm.door import later
from pyao.tasks.turn import Turn
from pyao.world import Player
from pyao.world.npc import Npc

NAME_CHARS: Final = 64
REASON_CHARS: Final = 200
_NEVER_IN_NAMES: Final = str.maketrans({"+": " ", **dict.fromkeys("/\\.:|")})


def name_in(text: str) -> str:
    """Return the name that was typed: + stands for a space, and some marks are in no name."""
    return chat_text(text.translate(_NEVER_IN_NAMES), NAME_CHARS)


def reason_in(text: str) -> str:
    """Return a reason as it is kept."""
    return chat_text(text, REASON_CHARS)


def present(turn: Turn, text: str) -> Player | None:
    """Return the player of a name; say so when there is none, or one this player may not know."""
    name = name_in(text)
    found = turn.world.find(name)
    if found is None or hidden_from(turn.player.privileges, found.privileges):
        turn.tell("chat.not_online", name=name)
        return None
    return found


def lower(turn: Turn, text: str) -> Player | None:
    """Return the player of a name who is of no higher rank; say why not."""
    found = present(turn, text)
    return None if found is None or is_above(turn, found) else found


def is_above(turn: Turn, who: Character) -> bool:
    """Tell whether somebody is of a higher rank than the player; say so when it is."""
    above = outranks(turn.player.privileges, who.privileges)
    if above:
        turn.tell("gm.higher_rank", name=who.name)
    return above


def clicked_npc(turn: Turn) -> Npc | None:
    """Return the creature that was clicked, if it is still there; say so when not."""
    npc = turn.player.clicked
    if isinstance(npc, Npc) and not npc.gone and npc.map == turn.player.map:
        return npc
    turn.tell("gm.click_creature")
    return None


def anybody(turn: Turn, text: str, then: Callable[[Character], None]) -> None:
    """Go on with the character of a name, as it lives or as it is stored."""
    name = name_in(text)
    found = turn.world.find(name)
    if found is not None:
        if present(turn, name) is not None:
            then(found)
    else:
        later(turn, stored(turn.game, name), partial(_go_on, turn, name, then))


def anybody_lower(turn: Turn, text: str, then: Callable[[Character], None]) -> None:
    """Go on like `anybody`, but only with one who is of no higher rank; say why not."""

    def judge(who: Character) -> None:
        if not is_above(turn, who):
            then(who)

    anybody(turn, text, judge)


class Stored(NamedTuple):
    """A character as it was read from the store, and the rank of its account."""

    user_id: UserId
    records: dict[str, Hash]
    privileges: int


async def stored(game: Game, name: str) -> Stored | None:
    """Read a character from the store; None: there is none of that name."""
    found = await absent(game.writer, name)
    if found is None:
        return None
    account = await game.accounts.read(name)
    hashes = await game.writer.read(character_keys(found.user_id))
    who = records.load_character(found.user_id, hashes)
    # A rank that was given since it last played is only in the account.
    rank = who.privileges | (0 if account is None else account.privileges)
    return Stored(found.user_id, hashes, rank)


def _go_on(turn: Turn, name: str, then: Callable[[Character], None], found: Stored | None) -> None:
    """Go on with what was read, unless one may not know of it.

    It may have come in meanwhile, or have been here and gone, or somebody else may have changed it:
    what counts is how it is now.
    """
    if found is None or hidden_from(turn.player.privileges, found.privileges):
        turn.tell("gm.nobody", name=name)
        return
    live = turn.world.players.get(found.user_id)
    if live is not None:
        then(live)
        return
    who = records.load_character(found.user_id, turn.game.writer.renewed(found.records))
    who.privileges = found.privileges
    then(who)


def keep(turn: Turn, character: Character, changed: Section, *rows: Hash) -> None:
    """Let a changed character be written, be it in the game or not.

    One that is away is written at once, for it may come in with the next packet; one that was read
    for a log-in before this change must be read again.
    """
    game = turn.game
    for row in rows:
        game.changes.note(row)
    if isinstance(character, Player):
        game.world.mark(character, changed)
        return
    game.verdicts.edit(character.user_id)
    game.changes.write(records.sections(character, changed))
    game.changes.snapshot()
