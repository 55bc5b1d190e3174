"""What becomes of a guild whose members do not stand for it any more ("antifacción").

Follows ao-libre/ao-server, modGuilds.bas.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from pyao.rules.faction import leave
from pyao.rules.guild import Alignment, Guild, fits
from pyao.rules.person import Person

POINTS_MAX = 5
LOWER = MappingProxyType({Alignment.ROYAL: Alignment.LEGAL, Alignment.EVIL: Alignment.CRIMINAL})
"""What an alignment falls to; every other one falls to neutral."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What followed: a member has to go, the alignment fell, the leader left its faction."""

    expelled: bool = False
    fell: bool = False
    left_faction: bool = False


def judge(guild: Guild, who: Person) -> Breach | None:
    """Look whether a member still fits its guild; None when it does.

    A leader is not expelled: the alignment falls until the leader fits.
    """
    if fits(who, guild.alignment):
        return None
    if guild.leader == who.user_id:
        return _lower_for(guild, who)
    guild.points += 1
    fell = guild.points >= POINTS_MAX
    if fell:
        fall(guild)
    return Breach(expelled=True, fell=fell)


def fall(guild: Guild) -> None:
    """Let an alignment fall by one step; a neutral guild stays what it is."""
    guild.points = 0
    guild.alignment = LOWER.get(guild.alignment, Alignment.NEUTRAL)


def _lower_for(guild: Guild, leader: Person) -> Breach:
    before = guild.alignment
    while not fits(leader, guild.alignment) and guild.alignment is not Alignment.NEUTRAL:
        fall(guild)
    leaves = not fits(leader, guild.alignment)
    if leaves:
        leave(leader)
        leader.enlistments = max(leader.enlistments - 1, 0)  # it did not choose to go
    return Breach(fell=guild.alignment is not before, left_faction=leaves)
