"""Guilds over the wire: found one, ask to join, admit, refuse, leave, expel.

What the client shows of guilds is in `guild_windows.py`. Its leader's window has no buttons to
admit, refuse or expel: the commands of `guilds_by_word.py` do that.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.client_social_packets import (
    CreateNewGuild,
    GuildAcceptNewMember,
    GuildFundate,
    GuildFundation,
    GuildKickMember,
    GuildLeave,
    GuildRejectNewMember,
    GuildRequestMembership,
)
from pyao.protocol.enums import Font
from pyao.protocol.text import guild_lines, strip_controls
from pyao.rules import guild as rules
from pyao.rules.character import UserId
from pyao.rules.guild import Alignment, FoundProblem, Guild, MemberProblem, Texts
from pyao.rules.person import Person
from pyao.storage import records
from pyao.storage.keys import character_keys
from pyao.tasks.living import show_status
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player, World

JOINED_SOUND, FOUNDED_SOUND, LEFT_SOUND = 43, 44, 45
REASON_MAX_CHARS = 256
LIST_MAX_CHARS = 4_000  # of a list of names: a longer packet may reach the client in two reads


# --- founding ------------------------------------------------------------------------------------


@on(GuildFundate, alive=True)
def guild_fundate(turn: Turn, _packet: GuildFundate) -> None:
    """Begin to found a guild: ask what it shall stand for."""
    if may_found(turn):
        turn.reply(msg.show_guild_align())


@on(GuildFundation, alive=True)
def guild_fundation(turn: Turn, packet: GuildFundation) -> None:
    """Choose what the guild shall stand for: ask for its name."""
    if not may_found(turn):
        return
    if not rules.may_found(turn.player, packet.alignment):
        turn.tell(FoundProblem.ALIGNMENT.value, Font.GUILD)
        return
    turn.player.founding = Alignment(packet.alignment)
    turn.reply(msg.show_guild_fundation_form())


@on(CreateNewGuild, alive=True)
def create_new_guild(turn: Turn, packet: CreateNewGuild) -> None:
    """Found the guild; everybody is told."""
    player, guilds = turn.player, turn.world.guilds
    alignment, player.founding = player.founding, None
    name = " ".join(packet.name.split())
    if not may_found(turn):
        return
    problem = (
        FoundProblem.ALIGNMENT
        if alignment is None or not rules.may_found(player, alignment)
        else FoundProblem.NAME
        if not rules.is_good_name(name)
        else FoundProblem.TAKEN
        if guilds.is_taken(name)
        else None
    )
    if problem is not None or alignment is None:
        turn.tell((problem or FoundProblem.ALIGNMENT).value, Font.GUILD)
        return
    texts = Texts(guild_lines(packet.description), packet.website, packet.codex)
    guild = rules.found(player, name, alignment, int(turn.world.unix_time()), texts)
    guilds.add(guild)
    guilds.mark(guild)
    turn.game.changes.snapshot()
    show_tag(turn.game, player, guild)
    everybody = turn.world.players.values()
    turn.game.tell_all(everybody, "guild.founded", Font.GUILD, name=player.name, guild=guild.name)
    for other in everybody:
        other.outlet.append(msg.play_wave(FOUNDED_SOUND, 0, 0))


def may_found(turn: Turn) -> bool:
    """Tell whether the player may found a guild of any kind; say why not."""
    player, guilds = turn.player, turn.world.guilds
    problem = rules.check_founder(
        player,
        in_guild=guilds.of(player.user_id) is not None,
        founded=guilds.founded_by(player.user_id),
        guilds=len(guilds),
    )
    if problem is not None:
        turn.tell(problem.value, Font.GUILD)
    return problem is None


def show_tag(game: Game, player: Player, guild: Guild | None) -> None:
    """Show everybody in view of which guild a player is now."""
    player.guild_name = "" if guild is None else guild.name
    show_status(game, player)


# --- joining -------------------------------------------------------------------------------------


@on(GuildRequestMembership)
def guild_request_membership(turn: Turn, packet: GuildRequestMembership) -> None:
    """Apply to a guild; an application elsewhere is withdrawn."""
    player, guilds = turn.player, turn.world.guilds
    guild = guilds.find(packet.guild)
    in_guild = guilds.of(player.user_id) is not None
    problem = rules.check_application(player, guild, in_guild=in_guild)
    if problem is not None or guild is None:
        turn.tell((problem or rules.JoinProblem.NO_GUILD).value, Font.GUILD)
        return
    for changed in rules.apply(player, guild, packet.application, list(guilds)):
        guilds.mark(changed)
    turn.tell("guild.applied", Font.GUILD, guild=guild.name)
    leader = turn.world.players.get(guild.leader)
    if leader is not None:
        turn.game.tell(leader, "guild.applies", Font.GUILD, name=player.name)


@on(GuildAcceptNewMember)
def guild_accept_new_member(turn: Turn, packet: GuildAcceptNewMember) -> None:
    """Admit an applicant who still fits; one who is away is looked up in the store."""
    guild, who = led_applicant(turn, packet.username)
    if guild is None or who is None:
        return
    present = turn.world.players.get(who)
    if present is not None:
        admit(turn, guild, present)
    else:
        turn.wait(stored_person(turn.game, who), partial(admit, turn, guild))


async def stored_person(game: Game, user_id: UserId) -> Person | None:
    """Read a character that is not in the game; None when that is not possible now."""
    try:
        hashes = await game.writer.read(character_keys(user_id))
        return Player.of(records.load_character(user_id, hashes))
    except (StorageUnavailable, StorageCorrupt):
        return None


def admit(turn: Turn, guild: Guild, who: Person | None) -> None:
    """Make an applicant a member, or take one who does not fit off the list."""
    if who is None:
        turn.tell("guild.not_now", Font.GUILD)
        return
    game, guilds = turn.game, turn.world.guilds
    if who.user_id not in guild.applicants or guild.leader != turn.player.user_id:
        turn.tell(MemberProblem.NOT_ASKED.value, Font.GUILD)  # it changed while the store was read
        return
    if guilds.of(who.user_id) is not None or not rules.fits(who, guild.alignment):
        del guild.applicants[who.user_id]
        guilds.mark(guild)
        turn.tell("guild.fits_no_more", Font.GUILD, name=who.name)
        return
    guilds.enrol(guild, who.user_id, who.name)
    present = turn.world.players.get(who.user_id)
    if present is not None:
        show_tag(game, present, guild)
    tell_guild(game, guild, "guild.joined", sound=JOINED_SOUND, name=who.name)


@on(GuildRejectNewMember)
def guild_reject_new_member(turn: Turn, packet: GuildRejectNewMember) -> None:
    """Refuse an applicant, who is told why now or at the next log-in."""
    guild, who = led_applicant(turn, packet.username)
    if guild is None or who is None:
        return
    name = guild.applicants.pop(who).name
    reason = rules.one_line(packet.reason, REASON_MAX_CHARS)
    present = turn.world.players.get(who)
    if present is not None:
        turn.game.tell(present, "guild.refused", Font.GUILD, guild=guild.name, reason=reason)
    else:
        guild.notices[who] = reason
    turn.world.guilds.mark(guild)
    turn.tell("guild.you_refused", Font.GUILD, name=name)


def led_applicant(turn: Turn, name: str) -> tuple[Guild | None, UserId | None]:
    """Return the guild a player leads and one of its applicants; tell why there is none."""
    guild = led_guild(turn)
    who = None if guild is None else guild.applicant(name)
    if guild is not None and who is None:
        turn.tell(MemberProblem.NOT_ASKED.value, Font.GUILD)
    return guild, who


def led_guild(turn: Turn) -> Guild | None:
    """Return the guild a player leads; tell why there is none."""
    guild = turn.world.guilds.of(turn.player.user_id)
    problem = rules.check_lead(turn.player.user_id, guild)
    if problem is not None:
        turn.tell(problem.value, Font.GUILD)
        return None
    return guild


def own_guild(turn: Turn) -> Guild | None:
    """Return the guild a player is of; tell when there is none."""
    guild = turn.world.guilds.of(turn.player.user_id)
    if guild is None:
        turn.tell(MemberProblem.NO_GUILD.value, Font.GUILD)
    return guild


# --- leaving -------------------------------------------------------------------------------------


@on(GuildLeave)
def guild_leave(turn: Turn, _packet: GuildLeave) -> None:
    """Leave the guild; its leader cannot."""
    player = turn.player
    guild = turn.world.guilds.of(player.user_id)
    problem = rules.check_leave(player.user_id, guild)
    if problem is not None or guild is None:
        turn.tell((problem or MemberProblem.NO_GUILD).value, Font.GUILD)
        return
    drop(turn.game, guild, player.user_id, "guild.left")
    turn.tell("guild.you_left", Font.GUILD, guild=guild.name)


@on(GuildKickMember)
def guild_kick_member(turn: Turn, packet: GuildKickMember) -> None:
    """Expel a member, be it in the game or not; a leader does not expel itself."""
    guild = led_guild(turn)
    if guild is None:
        return
    who = guild.member(packet.username)
    problem = MemberProblem.NOT_MEMBER if who is None else rules.check_leave(who, guild)
    if problem is not None or who is None:
        turn.tell((problem or MemberProblem.NOT_MEMBER).value, Font.GUILD)
        return
    drop(turn.game, guild, who, "guild.was_expelled")
    present = turn.world.players.get(who)
    if present is not None:
        turn.game.tell(present, "guild.expelled", Font.GUILD, guild=guild.name)


def drop(game: Game, guild: Guild, user_id: UserId, key: str) -> None:
    """Take a member out of its guild; the others are told by `key`."""
    name = guild.members[user_id]
    game.world.guilds.strike(guild, user_id)
    present = game.world.players.get(user_id)
    if present is not None:
        show_tag(game, present, None)
    tell_guild(game, guild, key, sound=LEFT_SOUND, name=name)


# --- naming ---------------------------------------------------------------------------------------


def short(names: Iterable[str]) -> list[str]:
    """Return as many of a list of names as one packet may hold."""
    kept, length = [], 0
    for name in names:
        length += len(name) + 1
        if length > LIST_MAX_CHARS:
            break
        kept.append(name)
    return kept


def names_of(world: World, keys: Iterable[str]) -> list[str]:
    """Return what guilds are called whose compared names are given."""
    return [guild.name for key in keys if (guild := world.guilds.find(key)) is not None]


# --- telling -------------------------------------------------------------------------------------


def online(game: Game, guild: Guild) -> list[Player]:
    """Return the members who play."""
    players = game.world.players
    return [players[user_id] for user_id in guild.members if user_id in players]


def tell_guild(game: Game, guild: Guild, key: str, /, *, sound: int = 0, **values: object) -> None:
    """Write a line into the console of every member who plays."""
    members = online(game, guild)
    game.tell_all(members, key, Font.GUILD, **values)
    for member in members if sound else ():
        member.outlet.append(msg.play_wave(sound, 0, 0))


def greet(turn: Turn) -> None:
    """Tell one who came in of its guild, and the others that it came; gods come unnoticed."""
    player, game = turn.player, turn.game
    for each in turn.world.guilds:
        reason = each.notices.pop(player.user_id, None)
        if reason is not None:
            turn.world.guilds.mark(each)
            text = turn.text("guild.refused", guild=each.name, reason=strip_controls(reason))
            turn.reply(msg.show_message_box(text))
    guild = turn.world.guilds.of(player.user_id)
    if guild is None:
        return
    if guild.news:
        turn.tell("guild.news", Font.GUILD, news=" / ".join(guild.news.splitlines()))
    if guild.election_until:
        turn.tell("guild.election", Font.GUILD)
    if not player.unseen:
        for member in online(game, guild):
            if member is not player:
                game.tell(member, "guild.came", Font.GUILD, name=player.name)
