"""Orders that punish and forgive: silence, prison, warnings, kicks, death, bans.

Every punishment of a character is an entry of its record. Follows ao-libre/ao-server, Admin.bas.
"""

from __future__ import annotations

import time
from functools import partial

from pyao import staff
from pyao.accounts import FOREVER, AccountRecord
from pyao.game.staff_book import Penalty
from pyao.protocol import msg
from pyao.protocol.client_social_packets import Punishments
from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import (
    GmBanChar,
    GmExecute,
    GmForgive,
    GmJail,
    GmKick,
    GmKickAllChars,
    GmMakeDumb,
    GmMakeDumbNoMore,
    GmRemovePunishment,
    GmSilence,
    GmTurnCriminal,
    GmUnbanChar,
    GmWarnUser,
)
from pyao.rules import penalties, reputation, states
from pyao.rules.character import Character, Section, UserId
from pyao.rules.kinds import Privilege
from pyao.rules.names import name_key
from pyao.rules.orders import hidden_from
from pyao.rules.penalties import Ban, Kind
from pyao.storage.values import Hash
from pyao.tasks.conduct import imprison
from pyao.tasks.gm.door import AT, later, order, row_of
from pyao.tasks.gm.ranks import counsellors, demigods, gods, open_to_masters
from pyao.tasks.gm.speech import tell_staff
from pyao.tasks.gm.targets import anybody, anybody_lower, lower, name_in, present, reason_in
from pyao.tasks.growth import show_standing
from pyao.tasks.living import kill
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

DUMB_MS = 3_600_000


def write_down(turn: Turn, user_id: UserId, kind: str, reason: str) -> None:
    """Add an entry to a character's record."""
    entry = Penalty(int(turn.world.unix_time()), turn.player.name, kind, reason)
    turn.game.book.punish(user_id, entry)


@order(GmSilence, "silenciar", counsellors("people.mute"), logged=False)
def silence(turn: Turn, packet: GmSilence) -> None:
    """Silence somebody until further notice, or let it speak again."""
    target = lower(turn, packet.username)
    if target is None:
        return
    until = 0 if turn.game.muted(target) else FOREVER
    row = row_of(turn, "silenciar", packet)
    later(turn, staff.mute(turn.game, target.name, until, "", row), partial(_silenced, turn, until))


def _silenced(turn: Turn, until: int, name: str | None) -> None:
    target = None if name is None else turn.world.find(name)
    turn.tell("gm.silenced" if until else "gm.unsilenced", name=name or "")
    if until and target is not None:
        turn.game.send(target, msg.show_message_box(turn.text("chat.silenced_for_ever")))


@order(GmJail, "carcel", counsellors("people.jail", masters=False), AT)
def jail(turn: Turn, packet: GmJail) -> None:
    """Put a player into prison for up to an hour of play."""
    target = present(turn, packet.username)
    if target is None:
        return
    if target.staff:
        turn.tell("gm.higher_rank", name=target.name)
    elif not penalties.is_sentence(packet.minutes):
        turn.tell("gm.jail_minutes", most=penalties.JAIL_MINUTES_MAX)
    else:
        reason = reason_in(packet.reason)
        turn.world.break_journey(target)
        imprison(turn.game, target, packet.minutes)
        write_down(turn, target.user_id, f"{Kind.JAIL} {packet.minutes}m", reason)
        turn.tell("gm.jailed", name=target.name, minutes=packet.minutes)


@order(GmWarnUser, "advertencia", counsellors("people.warn", masters=False), AT)
def warn_user(turn: Turn, packet: GmWarnUser) -> None:
    """Write a warning into a character's record, and show it to the player."""

    def warn(who: Character) -> None:
        reason = reason_in(packet.reason)
        write_down(turn, who.user_id, Kind.WARNING, reason)
        if isinstance(who, Player):
            turn.game.tell(who, "gm.you_are_warned", Font.WARNING, reason=reason)
        turn.tell("gm.warned", name=who.name)

    anybody_lower(turn, packet.username, warn)


@order(GmKick, "echar", demigods("people.kick"), logged=False)
def kick(turn: Turn, packet: GmKick) -> None:
    """Throw somebody out of the game at once."""
    target = lower(turn, packet.username)
    if target is not None:
        staff.kick(turn.game, target, "", row_of(turn, "echar", packet))
        if target is not turn.player:
            tell_staff(turn, "gm.kicked", name=target.name, by=turn.player.name)


@order(GmKickAllChars, "echartodospjs", gods("people.kick", masters=False))
def kick_all_chars(turn: Turn, _packet: GmKickAllChars) -> None:
    """Throw every player out of the game, but no staff."""
    thrown = [player for player in turn.world.players.values() if not player.staff]
    for player in thrown:
        turn.game.kick(player, "logout.kicked")
    turn.tell("gm.kicked_all", count=len(thrown))


@order(GmExecute, "ejecutar", demigods("people.kick", masters=False))
def execute(turn: Turn, packet: GmExecute) -> None:
    """Kill a player; everybody is told."""
    target = present(turn, packet.username)
    if target is None:
        return
    if target.staff:
        turn.tell("gm.higher_rank", name=target.name)
    elif target.dead:
        turn.tell("gm.dead_already", name=target.name)
    else:
        kill(turn.game, target, killer=turn.player.name)
        everybody, by = turn.world.players.values(), turn.player.name
        turn.game.tell_all(everybody, "gm.executed", Font.EXECUTION, name=target.name, by=by)


# --- bans ----------------------------------------------------------------------------------------


@order(GmBanChar, "ban", demigods("people.ban", masters=False), AT, logged=False)
def ban_char(turn: Turn, packet: GmBanChar) -> None:
    """Shut out the account of a character for ever; staff hears of it."""
    name = name_in(packet.username)
    then = partial(_ban_account, turn, name, packet)
    later(turn, turn.game.accounts.read(name), then)


def _ban_account(turn: Turn, name: str, packet: GmBanChar, account: AccountRecord | None) -> None:
    player = turn.player
    if account is None or hidden_from(player.privileges, account.privileges):
        turn.tell("gm.nobody", name=name)
        return
    verdict = penalties.judge_ban(player.privileges, account.privileges)
    if verdict is Ban.REFUSED:
        turn.tell("gm.higher_rank", name=name)
    elif turn.game.accounts.ban_of(account) is not None:
        turn.tell("gm.banned_already", name=name)
    else:
        reason = reason_in(packet.reason)
        row = row_of(turn, "ban", packet)
        for user_id in account.characters:
            write_down(turn, user_id, Kind.BAN, reason)
        tell_staff(turn, "gm.banned", name=name, by=player.name, reason=reason)
        both = verdict is Ban.BOTH
        if both:
            tell_staff(turn, "gm.banned_both", name=player.name)
        later(turn, _shut_out(turn, name, reason, row, both=both), lambda _done: None)


async def _shut_out(turn: Turn, name: str, reason: str, row: Hash, *, both: bool) -> None:
    """Ban an account, and for the safety of all who banned one of its own rank."""
    own = turn.player.account
    await staff.ban(turn.game, name, FOREVER, reason, row)
    if both and name_key(own) != name_key(name):
        await staff.ban(turn.game, own, FOREVER, turn.text("gm.banned_own_rank"), row)


@order(GmUnbanChar, "unban", demigods("people.ban", masters=False), logged=False)
def unban_char(turn: Turn, packet: GmUnbanChar) -> None:
    """Let a banned account in again."""
    name = name_in(packet.username)
    later(turn, turn.game.accounts.read(name), partial(_unban_account, turn, name, packet))


def _unban_account(
    turn: Turn, name: str, packet: GmUnbanChar, account: AccountRecord | None
) -> None:
    if account is None:
        turn.tell("gm.nobody", name=name)
    elif turn.game.accounts.ban_of(account) is None:
        turn.tell("gm.not_banned", name=name)
    else:
        for user_id in account.characters:
            write_down(turn, user_id, Kind.UNBAN, "")
        row = row_of(turn, "unban", packet)
        work = staff.unban(turn.game, name, row)
        later(turn, work, lambda _account: turn.tell("gm.unbanned", name=name))


# --- the record ----------------------------------------------------------------------------------


@on(Punishments, cost=10)
def punishments(turn: Turn, packet: Punishments) -> None:
    """Show the record of a character: players see their own, staff that of players."""
    name = name_in(packet.username) or turn.player.name
    if not turn.player.staff and name_key(name) != name_key(turn.player.name):
        turn.tell("ask.penalties_own")
        return
    anybody(turn, name, partial(show_record, turn))


def show_record(turn: Turn, who: Character) -> None:
    """Write the record of a character into the console, the newest entries last."""
    entries = turn.game.book.penalties.get(who.user_id, [])
    if not entries:
        turn.tell("ask.no_penalties", name=who.name)
    for number, entry in enumerate(entries, 1):
        date = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.when))
        text = f"{entry.kind}: {entry.reason} ({entry.by})"
        turn.tell("ask.penalty", number=number, date=date, text=text)


@order(GmRemovePunishment, "borrarpena", gods("people.warn", masters=False), AT)
def remove_punishment(turn: Turn, packet: GmRemovePunishment) -> None:
    """Replace the reason of one entry of a character's record; the old one stays in the audit."""

    def rewrite(who: Character) -> None:
        old = turn.game.book.rewrite(who.user_id, packet.number, reason_in(packet.text))
        if old is None:
            turn.tell("gm.no_penalty", name=who.name, number=packet.number)
            return
        turn.game.changes.note(row_of(turn, "borrarpena", f"{who.name}: {old.to_text()}"))
        turn.tell("gm.penalty_changed", name=who.name, number=packet.number)

    anybody_lower(turn, packet.username, rewrite)


# --- good names ----------------------------------------------------------------------------------


@order(GmForgive, "perdon", demigods("people.edit", masters=False))
def forgive(turn: Turn, packet: GmForgive) -> None:
    """Make a newcomer a citizen."""
    target = present(turn, packet.username)
    if target is None:
        return
    if not target.newbie:
        turn.tell("gm.newbies_only", name=target.name)
        return
    show_standing(turn.game, target, reputation.pardon(target))
    turn.tell("gm.forgiven", name=target.name)


@order(GmTurnCriminal, "conden", gods("people.edit", masters=False))
def turn_criminal(turn: Turn, packet: GmTurnCriminal) -> None:
    """Make a player a criminal."""
    target = lower(turn, packet.username)
    if target is not None:
        show_standing(turn.game, target, reputation.condemn(target))
        turn.tell("gm.condemned", name=target.name)


DUMB = open_to_masters(gods("people.mute"), Privilege.DEMIGOD)


@order(GmMakeDumb, "estupido", DUMB, logged=False)
def make_dumb(turn: Turn, packet: GmMakeDumb) -> None:
    """Stupefy a player."""
    target = lower(turn, packet.username)
    if target is not None:
        target.stunned = True
        target.effects.dazed_until = turn.now + DUMB_MS
        turn.game.send(target, msg.dumb())
        turn.tell("gm.stupefied", name=target.name)


@order(GmMakeDumbNoMore, "noestupido", DUMB, logged=False)
def make_dumb_no_more(turn: Turn, packet: GmMakeDumbNoMore) -> None:
    """End the stupor of a player."""
    target = present(turn, packet.username)
    if target is not None:
        was_stunned, was_blinded = states.undaze(target)
        if was_stunned:
            turn.game.send(target, msg.dumb_no_more())
        if was_blinded:
            turn.game.send(target, msg.blind_no_more())
        turn.world.mark(target, Section.FLAGS)
        turn.tell("gm.awakened", name=target.name)
