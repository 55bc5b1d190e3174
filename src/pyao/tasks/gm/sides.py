"""Orders about councils, factions and guilds: admit, expel, forget, rename.

Follows ao-libre/ao-server, Protocol.bas, ModFacciones.bas and modGuilds.bas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pyao import staff
from pyao.accounts import FOREVER, AccountRecord
from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import (
    GmAcceptChaosCouncilMember,
    GmAcceptRoyalCouncilMember,
    GmChaosLegionKick,
    GmCouncilKick,
    GmGuildBan,
    GmRemoveCharFromGuild,
    GmResetFactions,
    GmRoyalArmyKick,
)
from pyao.rules import faction as rules
from pyao.rules.character import Character, Section, UserId
from pyao.rules.guild import is_good_name
from pyao.rules.kinds import Faction, Privilege
from pyao.rules.penalties import Kind
from pyao.rules.social import is_staff
from pyao.storage.values import Hash
from pyao.tasks import factions
from pyao.tasks.gm.discipline import write_down
from pyao.tasks.gm.door import AT, later, order, row_of, typed
from pyao.tasks.gm.lists import guild_of
from pyao.tasks.gm.ranks import gods
from pyao.tasks.gm.speech import tell_staff
from pyao.tasks.gm.targets import anybody_lower, keep, lower, name_in, reason_in
from pyao.tasks.guilds import drop, show_tag
from pyao.tasks.living import show_status
from pyao.tasks.turn import Turn
from pyao.world import Player

COUNCILS = int(Privilege.CHAOS_COUNCIL | Privilege.ROYAL_COUNCIL)
COUNCIL, FACTION = gods("people.edit", masters=False), gods("people.edit")


# --- councils ------------------------------------------------------------------------------------


@order(GmAcceptRoyalCouncilMember, "aceptconse", COUNCIL)
def accept_royal_council_member(turn: Turn, packet: GmAcceptRoyalCouncilMember) -> None:
    """Admit a player to the royal council; everybody is told."""
    admit(turn, packet.username, Privilege.ROYAL_COUNCIL, "gm.royal_council", Font.COUNCIL)


@order(GmAcceptChaosCouncilMember, "aceptconsecaos", COUNCIL)
def accept_chaos_council_member(turn: Turn, packet: GmAcceptChaosCouncilMember) -> None:
    """Admit a player to the chaos council; everybody is told."""
    admit(turn, packet.username, Privilege.CHAOS_COUNCIL, "gm.chaos_council", Font.CHAOS_COUNCIL)


def admit(turn: Turn, text: str, council: Privilege, key: str, font: Font) -> None:
    """Make a player a member of a council, and of no other."""
    target = lower(turn, text)
    if target is None:
        return
    seat(turn, target.name, int(council), partial(_admitted, turn, target.name, key, font))


def _admitted(turn: Turn, name: str, key: str, font: Font) -> None:
    turn.game.tell_all(turn.world.players.values(), key, font, name=name)


def seat(turn: Turn, name: str, council: int, then: Callable[[], None]) -> None:
    """Give an account a seat in a council, 0: in none; it holds at once in the game.

    Its ranks stay what they are, in the store as in the game: they may differ, when an operator
    changed them since it came in.
    """

    def change(bits: int) -> int:
        return bits & ~COUNCILS | council

    def go_on(account: AccountRecord | None) -> None:
        if account is None:
            turn.tell("gm.nobody", name=name)
            return
        for player in staff.playing(turn.game, account):
            player.privileges = change(player.privileges)
            show_status(turn.game, player)
        then()

    row = row_of(turn, "councils", f"{name} {council}")
    later(turn, turn.game.accounts.change_privileges(name, change, [row]), go_on)


@order(GmCouncilKick, "kickconse", COUNCIL)
def council_kick(turn: Turn, packet: GmCouncilKick) -> None:
    """Expel a character from the councils, be it in the game or not."""
    name = name_in(packet.username)

    def expel(account: AccountRecord | None) -> None:
        if account is None or not account.privileges & COUNCILS:
            turn.tell("gm.no_council", name=name)
            return
        target = turn.world.find(name)
        if target is not None:
            turn.game.tell(target, "gm.out_of_council")
        seat(turn, name, 0, partial(turn.tell, "gm.council_kicked", name=name))

    later(turn, turn.game.accounts.read(name), expel)


# --- factions ------------------------------------------------------------------------------------


@order(GmRoyalArmyKick, "noreal", FACTION, AT)
def royal_army_kick(turn: Turn, packet: GmRoyalArmyKick) -> None:
    """Expel a character from the royal army for good."""
    expel_from(turn, packet.username, packet.reason, Faction.ROYAL)


@order(GmChaosLegionKick, "nocaos", FACTION, AT)
def chaos_legion_kick(turn: Turn, packet: GmChaosLegionKick) -> None:
    """Expel a character from the chaos legion for good."""
    expel_from(turn, packet.username, packet.reason, Faction.CHAOS)


def expel_from(turn: Turn, text: str, reason: str, faction: Faction) -> None:
    """Put a character out of an army for good, be it in the game or not."""

    def expel(who: Character) -> None:
        if who.faction is not faction:
            turn.tell("gm.not_of_faction", name=who.name)
            return
        if isinstance(who, Player):
            factions.expel(turn.game, who, for_good=True)
        else:
            rules.banish(who)
        write_down(turn, who.user_id, Kind.EXPELLED, reason_in(reason))
        keep(turn, who, Section.FLAGS)
        turn.tell("gm.expelled", name=who.name)

    anybody_lower(turn, text, expel)


@order(GmResetFactions, "rajar", FACTION)
def reset_factions(turn: Turn, packet: GmResetFactions) -> None:
    """Forget all about factions of a character, and whom it killed."""

    def reset(who: Character) -> None:
        if isinstance(who, Player) and who.faction is not Faction.NONE:
            factions.expel(turn.game, who)
        rules.forget(who)
        write_down(turn, who.user_id, Kind.RESET, "")
        keep(turn, who, Section.STATS | Section.FLAGS)
        turn.tell("gm.reset", name=who.name)

    anybody_lower(turn, packet.username, reset)


# --- guilds --------------------------------------------------------------------------------------


@order(GmRemoveCharFromGuild, "rajarclan", gods("people.edit", masters=False))
def remove_char_from_guild(turn: Turn, packet: GmRemoveCharFromGuild) -> None:
    """Take a character out of its guild, but not its leader."""

    def remove(who: Character) -> None:
        guild = turn.world.guilds.of(who.user_id)
        if guild is None:
            turn.tell("gm.no_guild", name=who.name)
        elif guild.leader == who.user_id:
            turn.tell("guild.leader_stays")
        else:
            drop(turn.game, guild, who.user_id, "guild.was_expelled")
            turn.tell("gm.out_of_guild", name=who.name, guild=guild.name)

    anybody_lower(turn, packet.username, remove)


@order(GmGuildBan, "banclan", gods("people.ban", masters=False))
def guild_ban(turn: Turn, packet: GmGuildBan) -> None:
    """Ban every member of a guild; everybody is told."""
    guild = guild_of(turn, packet.guild)
    if guild is None:
        return
    turn.game.tell_all(turn.world.players.values(), "gm.guild_banned", Font.FIGHT, guild=guild.name)
    row = row_of(turn, "banclan", guild.name)
    work = ban_members(turn, dict(guild.members), guild.name, row)
    later(turn, work, partial(_banned, turn))


async def ban_members(turn: Turn, members: dict[UserId, str], guild: str, row: Hash) -> int:
    """Ban those of a guild who are of no staff rank; return how many."""
    banned = 0
    for user_id, name in members.items():
        account = await turn.game.accounts.read(name)
        playing = turn.world.find(name)
        rank = 0 if playing is None else playing.privileges  # a rank may be of this session only
        if account is not None and not is_staff(account.privileges | rank):
            write_down(turn, user_id, Kind.GUILD_BAN, guild)
            await staff.ban(turn.game, name, FOREVER, guild, {**row, "target": name})
            banned += 1
    return banned


def _banned(turn: Turn, count: int) -> None:
    tell_staff(turn, "gm.members_banned", count=count)


@typed("aclan", gods("people.edit", masters=False), "OLD@NEW")
def rename_guild(turn: Turn, rest: str) -> None:
    """Give a guild another name."""
    old, _, new = rest.partition("@")
    new = " ".join(new.split())
    guild = guild_of(turn, old)
    if guild is None:
        return
    guilds = turn.world.guilds
    if not is_good_name(new) or guilds.is_taken(new):
        turn.tell("guild.taken" if is_good_name(new) else "guild.bad_name")
        return
    turn.game.changes.rename_guild(guild, new)
    for user_id in guild.members:
        member = turn.world.players.get(user_id)
        if member is not None:
            show_tag(turn.game, member, guild)
    turn.tell("gm.guild_renamed", name=new)
