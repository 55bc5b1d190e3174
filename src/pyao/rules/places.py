"""Which maps one may enter.

Follows ao-libre/ao-server, General.bas (DoTileEvents) and the map files' `Restringir`.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.kinds import Faction
from pyao.rules.person import Person


class Restriction(Enum):
    """Who may enter a map, as its file names them."""

    NONE = "NO"
    NEWBIES = "NEWBIE"
    ROYAL = "ARMADA"
    CHAOS = "CAOS"
    FACTIONS = "FACCION"
    STAFF = "GM"


class EntryProblem(Enum):
    """Why somebody may not enter; the value is the key of the text told."""

    NEWBIES = "map.newbies_only"
    ROYAL = "map.royal_only"
    CHAOS = "map.chaos_only"
    FACTIONS = "map.faction_only"
    STAFF = "map.staff_only"
    DEAD = "map.no_dead"


def check_entry(
    who: Person, restriction: Restriction, *, living_only: bool = False
) -> EntryProblem | None:
    """Return why one may not enter a map, or None; staff may always."""
    if who.staff:
        return None
    if living_only and who.dead:
        return EntryProblem.DEAD
    faction = who.faction
    refused = {
        Restriction.NONE: False,
        Restriction.NEWBIES: not who.newbie,
        Restriction.ROYAL: faction is not Faction.ROYAL,
        Restriction.CHAOS: faction is not Faction.CHAOS,
        Restriction.FACTIONS: faction is Faction.NONE,
        Restriction.STAFF: True,
    }
    return EntryProblem[restriction.name] if refused[restriction] else None
