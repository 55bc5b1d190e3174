"""War, peace and alliance between guilds, over the wire.

The Godot client shows proposals and answers them, but has no button to begin anything: its leaders
type /guerra, /paz and /alianza.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from pyao.protocol import msg
from pyao.protocol.client_social_packets import (
    GuildAcceptAlliance,
    GuildAcceptPeace,
    GuildAllianceDetails,
    GuildAlliancePropList,
    GuildDeclareWar,
    GuildOfferAlliance,
    GuildOfferPeace,
    GuildPeaceDetails,
    GuildPeacePropList,
    GuildRejectAlliance,
    GuildRejectPeace,
)
from pyao.protocol.enums import Font
from pyao.protocol.text import guild_lines
from pyao.rules import diplomacy as rules
from pyao.rules.diplomacy import DiplomacyProblem
from pyao.rules.guild import Guild, Wish
from pyao.rules.names import name_key
from pyao.tasks.commands import command
from pyao.tasks.guilds import LEFT_SOUND, led_guild, names_of, short, tell_guild
from pyao.tasks.task import on
from pyao.tasks.turn import Turn

WAR_SOUND = LEFT_SOUND
PROPOSES = MappingProxyType(
    {Wish.PEACE: "guild.proposes_peace", Wish.ALLIANCE: "guild.proposes_alliance"}
)
MADE = MappingProxyType({Wish.PEACE: "guild.peace_made", Wish.ALLIANCE: "guild.alliance_made"})
REFUSED = MappingProxyType(
    {Wish.PEACE: "guild.peace_refused", Wish.ALLIANCE: "guild.alliance_refused"}
)
Do = Callable[[Guild, Guild], DiplomacyProblem | None]


# --- beginning something -------------------------------------------------------------------------


@on(GuildDeclareWar)
def guild_declare_war(turn: Turn, packet: GuildDeclareWar) -> None:
    """Begin a war with a guild."""
    both = settle(turn, packet.guild, rules.declare_war)
    if both is not None:
        tell_both(turn, both, "guild.war", sound=WAR_SOUND)


@on(GuildOfferPeace)
def guild_offer_peace(turn: Turn, packet: GuildOfferPeace) -> None:
    """Propose peace to an enemy."""
    propose(turn, packet.guild, Wish.PEACE, packet.proposal)


@on(GuildOfferAlliance)
def guild_offer_alliance(turn: Turn, packet: GuildOfferAlliance) -> None:
    """Propose an alliance."""
    propose(turn, packet.guild, Wish.ALLIANCE, packet.proposal)


def propose(turn: Turn, name: str, wish: Wish, text: str) -> None:
    """Send a proposal; the other leader is told, if playing."""
    words = guild_lines(text).replace("\n", " / ")
    both = settle(turn, name, lambda own, other: rules.propose(own, other, wish, words))
    if both is None:
        return
    own, other = both
    turn.tell("guild.proposed", Font.GUILD, guild=other.name)
    leader = turn.world.players.get(other.leader)
    if leader is not None:
        turn.game.tell(leader, PROPOSES[wish], Font.GUILD, guild=own.name)


# --- answering -----------------------------------------------------------------------------------


@on(GuildAcceptPeace)
def guild_accept_peace(turn: Turn, packet: GuildAcceptPeace) -> None:
    """Make peace with a guild that proposes it."""
    accept(turn, packet.guild, Wish.PEACE)


@on(GuildAcceptAlliance)
def guild_accept_alliance(turn: Turn, packet: GuildAcceptAlliance) -> None:
    """Become the ally of a guild that proposes it."""
    accept(turn, packet.guild, Wish.ALLIANCE)


@on(GuildRejectPeace)
def guild_reject_peace(turn: Turn, packet: GuildRejectPeace) -> None:
    """Turn down a peace."""
    turn_down(turn, packet.guild, Wish.PEACE)


@on(GuildRejectAlliance)
def guild_reject_alliance(turn: Turn, packet: GuildRejectAlliance) -> None:
    """Turn down an alliance."""
    turn_down(turn, packet.guild, Wish.ALLIANCE)


def accept(turn: Turn, name: str, wish: Wish) -> None:
    """Accept a proposal; both guilds are told."""
    both = settle(turn, name, lambda own, other: rules.accept(own, other, wish))
    if both is not None:
        tell_both(turn, both, MADE[wish])


def turn_down(turn: Turn, name: str, wish: Wish) -> None:
    """Turn down a proposal; the other guild reads it in its news."""

    def refuse(own: Guild, other: Guild) -> DiplomacyProblem | None:
        note = turn.text(REFUSED[wish], guild=own.name)
        return rules.turn_down(own, other, wish, note)

    if settle(turn, name, refuse) is not None:
        turn.tell("guild.changed", Font.GUILD)


def settle(turn: Turn, name: str, do: Do) -> tuple[Guild, Guild] | None:
    """Let a leader do something with another guild; return both when it is done."""
    own = led_guild(turn)
    if own is None:
        return None
    other = turn.world.guilds.find(name)
    problem = DiplomacyProblem.UNKNOWN if other is None else do(own, other)
    if problem is not None or other is None:
        turn.tell((problem or DiplomacyProblem.UNKNOWN).value, Font.GUILD)
        return None
    turn.world.guilds.mark(own)
    turn.world.guilds.mark(other)
    return own, other


def tell_both(turn: Turn, both: tuple[Guild, Guild], key: str, sound: int = 0) -> None:
    """Tell the members of two guilds what became of them, each of the other."""
    for one, another in (both, both[::-1]):
        tell_guild(turn.game, one, key, sound=sound, guild=another.name)


# --- reading -------------------------------------------------------------------------------------


@on(GuildPeacePropList, cost=20)
def guild_peace_prop_list(turn: Turn, _packet: GuildPeacePropList) -> None:
    """List the guilds that propose peace."""
    show_proposers(turn, Wish.PEACE, msg.peace_proposals_list)


@on(GuildAlliancePropList, cost=20)
def guild_alliance_prop_list(turn: Turn, _packet: GuildAlliancePropList) -> None:
    """List the guilds that propose an alliance."""
    show_proposers(turn, Wish.ALLIANCE, msg.aliance_proposals_list)


def show_proposers(turn: Turn, wish: Wish, packet: Callable[[list[str]], bytes]) -> None:
    """List the guilds that propose something, in the packet that is for it."""
    own = led_guild(turn)
    if own is not None:
        turn.reply(packet(short(names_of(turn.world, rules.proposers(own, wish)))))


@on(GuildPeaceDetails, cost=2)
def guild_peace_details(turn: Turn, packet: GuildPeaceDetails) -> None:
    """Read a proposal of peace."""
    read(turn, packet.guild, Wish.PEACE)


@on(GuildAllianceDetails, cost=2)
def guild_alliance_details(turn: Turn, packet: GuildAllianceDetails) -> None:
    """Read a proposal of an alliance."""
    read(turn, packet.guild, Wish.ALLIANCE)


def read(turn: Turn, name: str, wish: Wish) -> None:
    """Show the text of a proposal."""
    own = led_guild(turn)
    if own is None:
        return
    text = own.proposals.get((wish, name_key(name.strip())))
    if text is None:
        turn.tell(DiplomacyProblem.NO_PROPOSAL.value, Font.GUILD)
    else:
        turn.reply(msg.offer_details(text))


# --- by word -------------------------------------------------------------------------------------


@command("guerra")
def guerra(turn: Turn, rest: str) -> None:
    """Declare war on a guild."""
    guild_declare_war(turn, GuildDeclareWar(rest))


@command("paz")
def paz(turn: Turn, rest: str) -> None:
    """Propose peace; what follows a colon is the text of the proposal."""
    name, _, text = rest.partition(":")
    propose(turn, name, Wish.PEACE, text)


@command("alianza")
def alianza(turn: Turn, rest: str) -> None:
    """Propose an alliance; what follows a colon is the text of the proposal."""
    name, _, text = rest.partition(":")
    propose(turn, name, Wish.ALLIANCE, text)
