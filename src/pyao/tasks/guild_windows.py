"""What the client shows of guilds and what members say to each other.

The windows for a member's data and for an application do not exist in the Godot client: they are
written into its console.
"""

from __future__ import annotations

import time
from functools import partial

from pyao.protocol import msg
from pyao.protocol.client_social_packets import (
    ClanCodexUpdate,
    GuildMemberInfo,
    GuildMessage,
    GuildNewWebsite,
    GuildOnline,
    GuildRequestDetails,
    GuildRequestJoinerInfo,
    GuildUpdateNews,
    RequestGuildLeaderInfo,
    ShowGuildNews,
)
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ChatOverHead
from pyao.protocol.server_window_packets import GuildDetails
from pyao.protocol.text import guild_lines
from pyao.rules import guild as rules
from pyao.rules import social
from pyao.rules.diplomacy import related
from pyao.rules.guild import WORDS, Guild, MemberProblem, Relation
from pyao.rules.kinds import Faction
from pyao.rules.loyalty import POINTS_MAX
from pyao.rules.person import Person
from pyao.tasks.chat import spoken
from pyao.tasks.guilds import (
    led_applicant,
    led_guild,
    names_of,
    online,
    own_guild,
    short,
    stored_person,
)
from pyao.tasks.task import on
from pyao.tasks.turn import Turn


@on(RequestGuildLeaderInfo, cost=40)
def request_guild_leader_info(turn: Turn, _packet: RequestGuildLeaderInfo) -> None:
    """Open the window of guilds: that of a leader, of a member, or of everybody else."""
    guild, names = turn.world.guilds.of(turn.player.user_id), turn.world.guilds.names()
    if guild is None:
        turn.reply(msg.guild_list(short(names)))
        return
    members = short(sorted(guild.members.values()))
    if guild.leader != turn.player.user_id:
        turn.reply(msg.guild_member_info(short(names), members))
        return
    applicants = [one.name for one in guild.applicants.values()]
    turn.reply(msg.guild_leader_info(short(names), members, guild.news, applicants))


@on(GuildRequestDetails, cost=20)
def guild_request_details(turn: Turn, packet: GuildRequestDetails) -> None:
    """Open the window with what everybody may know of a guild."""
    guild = turn.world.guilds.find(packet.guild)
    if guild is None:
        turn.tell("guild.unknown", Font.GUILD)
        return
    turn.reply(
        GuildDetails(
            guild.name,
            guild.founder_name,
            time.strftime("%d/%m/%Y", time.gmtime(guild.founded)),
            guild.leader_name,
            guild.website,
            len(guild.members),
            guild.election_until > 0,
            WORDS[guild.alignment],
            len(related(guild, Relation.WAR)),
            len(related(guild, Relation.ALLIANCE)),
            f"{guild.points}/{POINTS_MAX}",
            list(guild.codex),
            guild.description,
        )
    )


@on(ShowGuildNews, cost=40)
def show_guild_news(turn: Turn, _packet: ShowGuildNews) -> None:
    """Open the window with the news of one's guild."""
    guild = own_guild(turn)
    if guild is not None:
        enemies, allies = (
            short(names_of(turn.world, related(guild, relation)))
            for relation in (Relation.WAR, Relation.ALLIANCE)
        )
        turn.reply(msg.guild_news(guild.news, enemies, allies))


# --- what a leader reads -------------------------------------------------------------------------


@on(GuildRequestJoinerInfo)
def guild_request_joiner_info(turn: Turn, packet: GuildRequestJoinerInfo) -> None:
    """Read to a leader what an applicant wrote."""
    guild, who = led_applicant(turn, packet.username)
    if guild is not None and who is not None:
        one = guild.applicants[who]
        turn.tell("guild.wrote", Font.GUILD, name=one.name, text=one.text)


@on(GuildMemberInfo, cost=4)
def guild_member_info(turn: Turn, packet: GuildMemberInfo) -> None:
    """Tell a leader about a member or an applicant; one who is away is looked up in the store."""
    guild = led_guild(turn)
    if guild is None:
        return
    who = guild.member(packet.username) or guild.applicant(packet.username)
    if who is None:
        turn.tell(MemberProblem.NOT_MEMBER.value, Font.GUILD)
        return
    present = turn.world.players.get(who)
    if present is not None:
        tell_about(turn, present)
    else:
        turn.wait(stored_person(turn.game, who), partial(tell_about, turn))


def tell_about(turn: Turn, who: Person | None) -> None:
    """Write into a leader's console what it may know of somebody."""
    if who is None:
        turn.tell("guild.not_now", Font.GUILD)
        return
    standing = turn.text("look.criminal" if who.criminal else "look.citizen")
    if who.faction is not Faction.NONE:
        royal = who.faction is Faction.ROYAL
        standing += f", {turn.text('look.royal' if royal else 'look.chaos')}"
    turn.tell(
        "guild.about",
        Font.GUILD,
        name=who.name,
        level=who.level,
        standing=standing,
        gold=who.gold,
        bank=who.bank_gold,
        citizens=who.citizens_killed,
        criminals=who.criminals_killed,
    )
    former = turn.world.guilds.former_of(who.user_id)
    if former:
        names = ", ".join(short(former))
        turn.tell("guild.about_former", Font.GUILD, name=who.name, guilds=names)


# --- what a leader writes ------------------------------------------------------------------------


@on(GuildUpdateNews)
def guild_update_news(turn: Turn, packet: GuildUpdateNews) -> None:
    """Replace the news; members read them when they ask, or come in."""
    guild = led_guild(turn)
    if guild is not None:
        guild.news = rules.lines(guild_lines(packet.news), rules.NEWS_MAX_CHARS)
        changed(turn, guild)


@on(ClanCodexUpdate)
def clan_codex_update(turn: Turn, packet: ClanCodexUpdate) -> None:
    """Replace description and codex."""
    guild = led_guild(turn)
    if guild is not None:
        text = guild_lines(packet.description)
        guild.description = rules.lines(text, rules.DESCRIPTION_MAX_CHARS)
        guild.codex = rules.codex_of(packet.codex)
        changed(turn, guild)


@on(GuildNewWebsite)
def guild_new_website(turn: Turn, packet: GuildNewWebsite) -> None:
    """Replace the web address."""
    guild = led_guild(turn)
    if guild is not None:
        guild.website = rules.one_line(packet.url, rules.WEBSITE_MAX_CHARS)
        changed(turn, guild)


def changed(turn: Turn, guild: Guild) -> None:
    """Remember a change and tell the leader that it was made."""
    turn.world.guilds.mark(guild)
    turn.tell("guild.changed", Font.GUILD)


# --- talking -------------------------------------------------------------------------------------


@on(GuildMessage)
def guild_message(turn: Turn, packet: GuildMessage) -> None:
    """Speak to the guild wherever its members are; those in view see it over the head too."""
    guild = own_guild(turn)
    text = "" if guild is None else spoken(turn, packet.text, "guild")
    if guild is None or not text:
        return
    player, game = turn.player, turn.game
    members = online(game, guild)
    game.tell_all(members, "guild.said", Font.GUILD_MSG, name=player.name, text=text)
    over_head = ChatOverHead(f"< {text} >", player.index, *social.OVERHEARD_COLOR)
    words = over_head.encode(game.encoding)
    for member in set(turn.room.viewers(player.zone)).intersection(members):
        if member.sees(player):
            member.outlet.append(words)
    for listener, name in game.book.listening.items():
        present = game.world.players.get(listener)
        if name != guild.name or present is None or listener in guild.members:
            continue
        if present.may("people.see"):
            game.tell(
                present, "guild.overheard", Font.GUILD_MSG, guild=name, name=player.name, text=text
            )


@on(GuildOnline)
def guild_online(turn: Turn, _packet: GuildOnline) -> None:
    """List the other members who play; gods are not shown to others."""
    guild = own_guild(turn)
    if guild is None:
        return
    others = [one for one in online(turn.game, guild) if one is not turn.player and not one.unseen]
    names = ", ".join(sorted(one.name for one in others))
    if names:
        turn.tell("guild.online", Font.GUILD, names=names)
    else:
        turn.tell("guild.alone", Font.GUILD)
