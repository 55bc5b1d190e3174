"""Commands about people: their accounts, and who may be in the game."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Final

from pyao import staff
from pyao.accounts import FOREVER, AccountRecord, LoginRefusal, Why
from pyao.console.answer import Answer, Row, facts, refused, said, table
from pyao.console.command import (
    AccountName,
    Arg,
    Minutes,
    PlayerName,
    Rest,
    Secret,
    Text,
    command,
)
from pyao.console.commands.records import moment
from pyao.console.desk import Call
from pyao.rules.kinds import Privilege
from pyao.rules.roles import PERMISSIONS, ROLE_NAMES, Exceptions, allows, role_of

Rank = Annotated[str, Arg(words=tuple(ROLE_NAMES))]
MARKS: Final = {
    "role_master": Privilege.ROLE_MASTER,
    "chaos_council": Privilege.CHAOS_COUNCIL,
    "royal_council": Privilege.ROYAL_COUNCIL,
}
Mark = Annotated[str, Arg(words=tuple(MARKS))]
Has = Annotated[str, Arg(words=("on", "off"))]
Part = Annotated[str, Arg(words=("password", "rank"))]
PermissionName = Annotated[str, Arg("permissions")]

PROBLEMS: Final = {
    Why.TAKEN: "that name belongs to somebody already",
    Why.WRONG: "there is no account or character of that name",
    Why.BUSY: "too many passwords are being hashed; try again",
    Why.NAME: "a name has 3 to 15 letters with single spaces between, and no forbidden words",
}


@command("users", "users list")
async def users(call: Call) -> Answer:
    """List all accounts with their rank, characters and ban."""
    accounts = call.game.accounts
    rows: list[Row] = []
    for name in await accounts.names():
        record = await accounts.read(name)
        if record is not None:
            characters = ", ".join(record.characters.values())
            rows.append((record.name, rank_of(record), characters, ban_of(record)))
    return table(("account", "rank", "characters", "banned"), rows)


@command("users show")
async def users_show(call: Call, name: AccountName) -> Answer:
    """Show one account, found by its own name or by that of a character."""
    record = await call.game.accounts.read(name)
    if record is None:
        return nobody(name)
    playing = ", ".join(player.name for player in staff.playing(call.game, record))
    numbered = (
        f"{character} (number {user_id})" for user_id, character in record.characters.items()
    )
    return facts(
        [
            ("account", record.name),
            ("rank", rank_of(record)),
            ("e-mail", record.email),
            ("created", moment(record.created)),
            ("characters", ", ".join(numbered)),
            ("playing", playing),
            ("banned", ban_of(record)),
        ]
    )


@command("users add", act=True)
async def users_add(call: Call, name: Text, password: Secret) -> Answer:
    """Make an account without characters."""
    made = await call.game.accounts.create(name, password, ledger=[call.row(name)])
    if isinstance(made, LoginRefusal):
        return refused(f"{name}: {problem_of(call, made)}")
    return said(f"account {made.name} is made")


@command("users remove", act=True)
async def users_remove(call: Call, name: AccountName) -> Answer:
    """Remove an account with all its characters, for good. Make a backup before."""
    gone = await staff.remove(call.game, name, call.row(name))
    if gone is None:
        return nobody(name)
    return said(f"account {gone.name} is removed with {len(gone.characters)} characters")


@command("users password", act=True)
async def users_password(call: Call, name: AccountName, password: Secret) -> Answer:
    """Replace a password; that also unlocks the account."""
    problem = await call.game.accounts.set_password(name, password, [call.row(name)])
    if problem is not None:
        return refused(f"{name}: {problem_of(call, problem)}")
    return said(f"the password of {name} is changed")


@command("users rank", act=True)
async def users_rank(call: Call, name: AccountName, rank: Rank) -> Answer:
    """Give an account a rank; it holds from the next log-in on. Marks stay."""
    record = await call.game.accounts.read(name)
    if record is None:
        return nobody(name)
    marks = sum(bit for bit in MARKS.values() if record.privileges & bit)
    bits = int(ROLE_NAMES[rank] | Privilege.PLAYER) | marks
    problem = await call.game.accounts.set_privileges(name, bits, [call.row(name)])
    if problem is not None:
        return refused(f"{name}: {problem_of(call, problem)}")
    return said(f"{name} is {rank} from the next log-in on")


@command("users mark", act=True)
async def users_mark(call: Call, name: AccountName, mark: Mark, has: Has = "on") -> Answer:
    """Give an account a mark on top of its rank, or take it; it holds from the next log-in on.

    A role_master leads stories and does not punish; the councils are honours of players.
    """
    record = await call.game.accounts.read(name)
    if record is None:
        return nobody(name)
    bit = int(MARKS[mark])
    bits = record.privileges | bit if has == "on" else record.privileges & ~bit
    problem = await call.game.accounts.set_privileges(name, bits, [call.row(name)])
    if problem is not None:
        return refused(f"{name}: {problem_of(call, problem)}")
    return said(f"{name} {'has' if has == 'on' else 'has not'} {mark} from the next log-in on")


@command("users modify", act=True)
async def users_modify(call: Call, name: AccountName, what: Part, value: Secret) -> Answer:
    """Change one part of an account, as `users password` and `users rank` do."""
    if what == "password":
        return await users_password(call, name, value)
    rank = value.casefold()
    if rank not in ROLE_NAMES:
        return refused(f"{value[:40]!r} is no rank; there are {', '.join(ROLE_NAMES)}")
    call.arguments = f"{name} rank {rank}"
    return await users_rank(call, name, rank)


@command("users permissions")
async def users_permissions(call: Call, name: AccountName) -> Answer:
    """List what an account may do, and whether its rank or an exception says so."""
    record = await call.game.accounts.read(name)
    if record is None:
        return nobody(name)
    own = record.exceptions
    rows: list[Row] = []
    for one in sorted({*PERMISSIONS, *own.granted, *own.denied}):
        why = "revoked" if one in own.denied else "granted" if one in own.granted else "rank"
        known = PERMISSIONS.get(one)
        about = known.about if known is not None else "of a module"
        rows.append((one, allows(record.privileges, own, one), why, about))
    return table(("permission", "may", "because", "what"), rows)


@command("users grant", act=True)
async def users_grant(call: Call, name: AccountName, permission: PermissionName) -> Answer:
    """Let one account do what its rank does not allow; holds at once."""
    return await _set_permission(call, name, permission, lambda own: own.with_grant(permission))


@command("users revoke", act=True)
async def users_revoke(call: Call, name: AccountName, permission: PermissionName) -> Answer:
    """Take a permission from one account, granted or of its rank; holds at once."""
    return await _set_permission(call, name, permission, lambda own: own.with_denial(permission))


async def _set_permission(
    call: Call, name: str, permission: str, change: Callable[[Exceptions], Exceptions]
) -> Answer:
    try:
        record = await staff.set_permissions(call.game, name, change, call.row(name))
    except ValueError as error:
        return refused(str(error))
    if record is None:
        return nobody(name)
    may = allows(record.privileges, record.exceptions, permission)
    return said(f"{record.name} {'has' if may else 'has not'} {permission}")


@command("users logout", act=True)
async def users_logout(call: Call, name: AccountName) -> Answer:
    """Make every log-in token of an account worthless. Who plays goes on: see kick."""
    gone = await call.game.accounts.forget_tokens(name, [call.row(name)])
    return nobody(name) if gone is None else said(f"{gone} tokens of {name} are worthless")


@command("kick", act=True)
def kick(call: Call, name: PlayerName, reason: Rest = "") -> Answer:
    """Throw a player out of the game at once; coming back is allowed."""
    player = call.game.world.find(name)
    if player is None:
        return refused(f"{name} is not in the game; `sessions` lists who is")
    staff.kick(call.game, player, reason, call.row(player.name))
    return said(f"{player.name} is out")


@command("ban", act=True)
async def ban(call: Call, name: AccountName, minutes: Minutes = 0, reason: Rest = "") -> Answer:
    """Shut an account out, with all its characters; without MINUTES for ever.

    NAME is the account's or a character's. Who is in the game leaves it.
    """
    until = int(time.time()) + minutes * 60 if minutes else FOREVER
    record = await staff.ban(call.game, name, until, reason, call.row(name))
    if record is None:
        return nobody(name)
    return said(f"account {record.name} is banned {ban_of(record)}")


@command("unban", act=True)
async def unban(call: Call, name: AccountName) -> Answer:
    """Let a banned account in again."""
    record = await staff.unban(call.game, name, call.row(name))
    return nobody(name) if record is None else said(f"account {record.name} may come in")


@command("mute", act=True)
async def mute(call: Call, name: PlayerName, minutes: Minutes, reason: Rest = "") -> Answer:
    """Let a character be silent for so many minutes, in the game or not."""
    until = int(time.time()) + minutes * 60
    found = await staff.mute(call.game, name, until, reason, call.row(name))
    return nobody(name) if found is None else said(f"{found} is silent until {moment(until)}")


@command("unmute", act=True)
async def unmute(call: Call, name: PlayerName) -> Answer:
    """Let a character speak again."""
    found = await staff.mute(call.game, name, 0, "", call.row(name))
    return nobody(name) if found is None else said(f"{found} may speak")


def nobody(name: str) -> Answer:
    """Say that there is no account or character of that name."""
    return refused(f"{name}: {PROBLEMS[Why.WRONG]}")


def problem_of(call: Call, refusal: LoginRefusal) -> str:
    """Say in words why something about an account was refused."""
    if refusal.why is Why.PASSWORD:
        least, most = call.game.accounts.password_chars
        return f"a password has {least} to {most} characters"
    return PROBLEMS[refusal.why]


def rank_of(record: AccountRecord) -> str:
    """Return the name of an account's role."""
    return (role_of(record.privileges).name or "").lower()


def ban_of(record: AccountRecord) -> str:
    """Return until when an account is banned and why, or nothing."""
    if record.banned_until <= time.time():
        return ""
    until = "for ever" if record.banned_until >= FOREVER else f"until {moment(record.banned_until)}"
    return f"{until}: {record.ban_reason}" if record.ban_reason else until
