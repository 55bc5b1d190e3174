"""War, peace and alliance between guilds: declared, proposed, accepted, turned down.

What one guild is to another the other is to it. War ends by peace only, an alliance by war only; in
fights neither changes anything. Follows ao-libre/ao-server, modGuilds.bas.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.guild import NEWS_MAX_CHARS, Guild, Relation, Wish, one_line
from pyao.rules.names import name_key

PROPOSAL_MAX_CHARS = 256


class DiplomacyProblem(Enum):
    """Why nothing changes between two guilds; the value is the key of the text told."""

    UNKNOWN = "guild.unknown"
    ONESELF = "guild.own_guild"
    AT_WAR = "guild.at_war"
    NOT_AT_WAR = "guild.not_at_war"
    NOT_AT_PEACE = "guild.not_at_peace"
    PENDING = "guild.pending"
    NO_PROPOSAL = "guild.no_proposal"


def between(own: Guild, other: Guild) -> Relation:
    """Return what two guilds are to each other."""
    return own.relations.get(name_key(other.name), Relation.PEACE)


def declare_war(own: Guild, other: Guild) -> DiplomacyProblem | None:
    """Begin a war at once; what the two proposed to each other is forgotten."""
    if own is other:
        return DiplomacyProblem.ONESELF
    if between(own, other) is Relation.WAR:
        return DiplomacyProblem.AT_WAR
    for wish in Wish:
        _forget(own, other, wish)
    _relate(own, other, Relation.WAR)
    return None


def propose(own: Guild, other: Guild, wish: Wish, text: str) -> DiplomacyProblem | None:
    """Propose peace to an enemy, or an alliance to one who is neither enemy nor ally."""
    if own is other:
        return DiplomacyProblem.ONESELF
    relation = between(own, other)
    if wish is Wish.PEACE and relation is not Relation.WAR:
        return DiplomacyProblem.NOT_AT_WAR
    if wish is Wish.ALLIANCE and relation is not Relation.PEACE:
        return DiplomacyProblem.NOT_AT_PEACE
    if (wish, name_key(own.name)) in other.proposals or (
        wish,
        name_key(other.name),
    ) in own.proposals:
        return DiplomacyProblem.PENDING
    other.proposals[wish, name_key(own.name)] = one_line(text, PROPOSAL_MAX_CHARS)
    return None


def accept(own: Guild, other: Guild, wish: Wish) -> DiplomacyProblem | None:
    """Accept what another guild proposed."""
    if (wish, name_key(other.name)) not in own.proposals:
        return DiplomacyProblem.NO_PROPOSAL
    _forget(own, other, wish)
    _relate(own, other, Relation.PEACE if wish is Wish.PEACE else Relation.ALLIANCE)
    return None


def turn_down(own: Guild, other: Guild, wish: Wish, note: str) -> DiplomacyProblem | None:
    """Turn down what another guild proposed; `note` stands in the news of that one."""
    if (wish, name_key(other.name)) not in own.proposals:
        return DiplomacyProblem.NO_PROPOSAL
    _forget(own, other, wish)
    add_news(other, note)
    return None


def add_news(guild: Guild, note: str) -> None:
    """Put a line before the news of a guild; what has no room at the end is cut off."""
    guild.news = f"{note}\n{guild.news}".strip()[:NEWS_MAX_CHARS]


def proposers(guild: Guild, wish: Wish) -> list[str]:
    """Return the compared names of the guilds that propose something."""
    return sorted(name for kind, name in guild.proposals if kind is wish)


def related(guild: Guild, relation: Relation) -> list[str]:
    """Return the compared names of the enemies or allies of a guild."""
    return sorted(name for name, one in guild.relations.items() if one is relation)


def _forget(own: Guild, other: Guild, wish: Wish) -> None:
    own.proposals.pop((wish, name_key(other.name)), None)
    other.proposals.pop((wish, name_key(own.name)), None)


def _relate(own: Guild, other: Guild, relation: Relation) -> None:
    for one, another in ((own, other), (other, own)):
        if relation is Relation.PEACE:
            one.relations.pop(name_key(another.name), None)
        else:
            one.relations[name_key(another.name)] = relation
