"""The commands of guilds that the Godot client has packets but no buttons for."""

from __future__ import annotations

from pyao.protocol.client_social_packets import (
    GuildAcceptNewMember,
    GuildKickMember,
    GuildMemberInfo,
    GuildRejectNewMember,
    GuildRequestJoinerInfo,
    ShowGuildNews,
)
from pyao.tasks.commands import command
from pyao.tasks.guild_windows import guild_member_info, guild_request_joiner_info, show_guild_news
from pyao.tasks.guilds import guild_accept_new_member, guild_kick_member, guild_reject_new_member
from pyao.tasks.turn import Turn


@command("admitir")
def admitir(turn: Turn, rest: str) -> None:
    """Admit an applicant."""
    guild_accept_new_member(turn, GuildAcceptNewMember(rest))


@command("denegar")
def denegar(turn: Turn, rest: str) -> None:
    """Refuse an applicant; what follows a colon is the reason."""
    name, _, reason = rest.partition(":")
    guild_reject_new_member(turn, GuildRejectNewMember(name, reason))


@command("solicitud")
def solicitud(turn: Turn, rest: str) -> None:
    """Read what an applicant wrote."""
    guild_request_joiner_info(turn, GuildRequestJoinerInfo(rest))


@command("miembro", cost=4)
def miembro(turn: Turn, rest: str) -> None:
    """Learn about a member or an applicant."""
    guild_member_info(turn, GuildMemberInfo(rest))


@command("expulsar")
def expulsar(turn: Turn, rest: str) -> None:
    """Expel a member."""
    guild_kick_member(turn, GuildKickMember(rest))


@command("noticiasclan", cost=40)
def noticiasclan(turn: Turn, _rest: str) -> None:
    """Read the news of one's guild."""
    show_guild_news(turn, ShowGuildNews())
