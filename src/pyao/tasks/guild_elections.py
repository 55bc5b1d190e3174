"""The election of a guild's leader, and what becomes of guilds as time passes."""

from __future__ import annotations

from pyao.game import Game
from pyao.protocol.client_social_packets import GuildOpenElections, GuildVote
from pyao.protocol.enums import Font
from pyao.rules import elections as rules
from pyao.rules import loyalty
from pyao.rules.diplomacy import add_news
from pyao.rules.guild import WORDS, Guild
from pyao.rules.kinds import Faction
from pyao.rules.reputation import Standing
from pyao.tasks.growth import show_standing
from pyao.tasks.guilds import drop, led_guild, online, own_guild, tell_guild
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

LOYALTY_MS = 6_000
COUNT_MS = 60_000


@on(GuildOpenElections)
def guild_open_elections(turn: Turn, _packet: GuildOpenElections) -> None:
    """Let the members elect a leader within a day."""
    guild = led_guild(turn)
    if guild is None:
        return
    problem = rules.open_election(guild, int(turn.world.unix_time()))
    if problem is not None:
        turn.tell(problem.value, Font.GUILD)
        return
    turn.world.guilds.mark(guild)
    tell_guild(turn.game, guild, "guild.election")


@on(GuildVote)
def guild_vote(turn: Turn, packet: GuildVote) -> None:
    """Vote for a member; a vote cannot be changed."""
    guild = own_guild(turn)
    if guild is None:
        return
    problem = rules.vote(guild, turn.player.user_id, packet.candidate, int(turn.world.unix_time()))
    if problem is not None:
        turn.tell(problem.value, Font.GUILD)
        return
    turn.world.guilds.mark(guild)
    turn.tell("guild.vote_counted", Font.GUILD)


def count_votes(game: Game, now_s: int) -> None:
    """End the elections whose day is over (`now_s` in unix seconds), and tell who leads."""
    for guild in game.world.guilds:
        if not rules.is_due(guild, now_s):
            continue
        before = guild.leader
        rules.close_election(guild)
        key = "guild.elected" if guild.leader != before else "guild.same_leader"
        add_news(guild, game.texts(key, name=guild.leader_name))
        game.world.guilds.mark(guild)
        tell_guild(game, guild, key, name=guild.leader_name)


def count_due_votes(game: Game) -> None:
    """End the elections whose day is over by now."""
    count_votes(game, int(game.world.unix_time()))


# --- loyalty -------------------------------------------------------------------------------------


def look_at_members(game: Game) -> None:
    """Judge every member who plays: who stands for its guild no more has to go."""
    for guild in game.world.guilds:
        for member in online(game, guild):
            judge(game, guild, member)


def judge(game: Game, guild: Guild, member: Player) -> None:
    """Expel a member who does not fit, or let the guild fall as low as its leader."""
    faction = member.faction
    breach = loyalty.judge(guild, member)
    if breach is None:
        return
    game.world.guilds.mark(guild)
    if breach.expelled:
        drop(game, guild, member.user_id, "guild.disloyal")
        game.tell(member, "guild.expelled", Font.GUILD, guild=guild.name)
    if breach.left_faction and faction is not Faction.NONE:
        show_standing(game, member, Standing(expelled=faction))
    if breach.fell:
        tell_guild(game, guild, "guild.fell", alignment=WORDS[guild.alignment])
