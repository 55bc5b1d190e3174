"""What staff may do to people, whatever door it comes through: kick, ban, mute, remove.

Each act takes its row of the audit and stores it in the same cut as its effect. Who may do it is
the door's affair.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from pyao.accounts import FOREVER, AccountRecord, LoginRefusal, Why, refusal_of
from pyao.game import Game
from pyao.rules.character import Section, UserId
from pyao.rules.names import name_key
from pyao.rules.roles import Exceptions
from pyao.storage import SnapshotWriter
from pyao.storage.keys import PARTS, RedisKeys
from pyao.storage.values import Hash
from pyao.world import Player

MAX_ARGUMENTS_CHARS: Final = 500


def act_row(who: str, cause: str, target: str = "", arguments: str = "") -> Hash:
    """Return the row of the audit for one act; `arguments` must be free of secrets."""
    return {
        "when": str(int(time.time())),
        "cause": cause,
        "who": who,
        "target": target,
        "arguments": arguments[:MAX_ARGUMENTS_CHARS],
    }


def kick(game: Game, player: Player, reason: str, row: Hash) -> None:
    """Throw a player out at once, wherever it stands."""
    game.changes.note(row)
    if reason:
        game.kick(player, "logout.kicked_reason", reason=reason)
    else:
        game.kick(player, "logout.kicked")


async def ban(game: Game, name: str, until: int, reason: str, row: Hash) -> AccountRecord | None:
    """Shut out the account of a name until a moment, and throw out its characters.

    None: there is no account or character of that name.
    """
    account = await game.accounts.set_ban(name, until, reason, [row])
    if account is None:
        return None
    game.verdicts.ban(account.name, account.banned_until, account.ban_reason)
    refusal = refusal_of(LoginRefusal(Why.BANNED, 0, account.banned_until, account.ban_reason))
    for player in playing(game, account):
        game.kick(player, refusal.key, **refusal.values)
    return account


async def unban(game: Game, name: str, row: Hash) -> AccountRecord | None:
    """Let an account in again; None: there is no account or character of that name."""
    account = await game.accounts.set_ban(name, 0, "", [row])
    if account is not None:
        game.verdicts.unban(account.name)
    return account


async def set_permissions(
    game: Game, name: str, change: Callable[[Exceptions], Exceptions], row: Hash
) -> AccountRecord | None:
    """Grant or deny permissions of an account, at once also for its characters in the game.

    None: there is no account or character of that name. ValueError: no name of a permission.
    """
    account = await game.accounts.set_exceptions(name, change, [row])
    if account is not None:
        game.verdicts.exceptions[name_key(account.name)] = account.exceptions
        for player in playing(game, account):
            player.exceptions = account.exceptions
    return account


async def remove(game: Game, name: str, row: Hash) -> AccountRecord | None:
    """Remove an account with its characters, which leave the game; None: there is no such one."""
    account = await game.accounts.read(name)
    if account is None:
        return None
    game.verdicts.removed.update(account.characters)
    for player in playing(game, account):
        game.kick(player, "logout.kicked")
    return await game.accounts.remove(account.name, [row])


class Absent(NamedTuple):
    """A character as the store has it: its name, and the record that says whether it may speak."""

    user_id: UserId
    name: str
    key: str
    flags: Hash

    def muted(self, until: int) -> dict[str, Hash]:
        """Return what to write so that it is silent until a moment."""
        return {self.key: {**self.flags, "muted_until": str(until)}}


async def absent(writer: SnapshotWriter, name: str) -> Absent | None:
    """Find a character in the store; None: there is none of that name."""
    index = RedisKeys.name(name_key(name))
    entry = (await writer.read([index])).get(index)
    if entry is None:
        return None
    user_id = UserId(int(entry["user_id"]))
    profile, flags = (
        RedisKeys.player(user_id, PARTS[part]) for part in (Section.PROFILE, Section.FLAGS)
    )
    records = await writer.read([profile, flags])
    shown = records.get(profile, {}).get("name", name)
    return Absent(user_id, shown, flags, records.get(flags, {}))


async def mute_stored(writer: SnapshotWriter, name: str, until: int, row: Hash) -> str | None:
    """Mute a character of a server that is stopped; return its name, None: no such."""
    found = await absent(writer, name)
    if found is None:
        return None
    writer.submit(found.muted(until), [row])
    return found.name


async def mute(game: Game, name: str, until: int, reason: str, row: Hash) -> str | None:
    """Let a character be silent until a moment, 0 lets it speak; return its name, None: no such.

    Who is not in the game is written in the store, and in case it is just coming in, remembered.
    It may have come in and gone while it was looked for: what is written is how it is now.
    """
    player = game.world.find(name)
    if player is None:
        found = await absent(game.writer, name)
        if found is None:
            return None
        player = game.world.players.get(found.user_id)
        if player is None:
            game.verdicts.muted[found.user_id] = until
            game.changes.snapshot()  # so that what is still to be written of it counts
            now = game.writer.renewed({found.key: found.flags})
            game.changes.write(found._replace(flags=now.get(found.key, {})).muted(until))
            game.changes.note(row)
            game.changes.snapshot()
            return found.name
    player.muted_until = until
    game.world.mark(player, Section.FLAGS)
    game.changes.note(row)
    game.changes.snapshot()
    tell_muted(game, player, reason)
    return player.name


def tell_muted(game: Game, player: Player, reason: str) -> None:
    """Say to a player in the game that it may not speak, or that it may again."""
    client = game.clients.get(player.user_id)
    if client is None:
        return
    minutes = game.muted_minutes(player)
    if not game.muted(player):
        client.tell("chat.unsilenced")
    elif player.muted_until >= FOREVER:
        client.tell("chat.silenced_for_ever")
    elif reason:
        client.tell("chat.silenced_reason", minutes=minutes, reason=reason)
    else:
        client.tell("chat.silenced", minutes=minutes)


def playing(game: Game, account: AccountRecord) -> list[Player]:
    """Return the characters of an account that are in the world."""
    found = (game.world.players.get(user_id) for user_id in account.characters)
    return [player for player in found if player is not None]
