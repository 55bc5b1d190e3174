"""How a character looks to others: bodies, ghosts, boats, the name and its colour.

The numbers 8, 87 and 500 are part of the protocol: the client knows the dead by them.
Follows ao-libre/ao-server, InvUsuario.bas and Modulo_UsUaRiOs.bas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyao.rules.kinds import Faction, NickColor
from pyao.rules.reputation import Reputed, is_criminal

NONE = 2  # no weapon, shield or helmet in hand or on head
DEAD_BODY = 8
DEAD_HEAD = 500
GHOST_SHIP = 87
NO_HEAD = 0

BARGE, GALLEY, GALLEON = 84, 85, 86  # the clothing numbers of boats


@dataclass(frozen=True, slots=True)
class Look:
    """What CharacterCreate and CharacterChange show of a character."""

    body: int
    head: int
    weapon: int = NONE
    shield: int = NONE
    helmet: int = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """The graphics of what a character has equipped; body 0 is naked."""

    body: int = 0
    weapon: int = NONE
    shield: int = NONE
    helmet: int = NONE


GHOST = Look(DEAD_BODY, DEAD_HEAD)
GHOST_AT_SEA = Look(GHOST_SHIP, NO_HEAD)

_Hull = tuple[int, int, int]
_ORDER: tuple[int, int, int] = (BARGE, GALLEY, GALLEON)
_CITIZEN: _Hull = (395, 397, 399)
_CITIZEN_ATTACKABLE: _Hull = (552, 560, 556)
_ROYAL: _Hull = (550, 558, 554)
_ROYAL_ATTACKABLE: _Hull = (553, 561, 557)
_CRIMINAL: _Hull = (396, 398, 400)
_CHAOS: _Hull = (551, 559, 555)
_FLEETS: Mapping[tuple[Faction, bool], _Hull] = MappingProxyType(
    {
        (Faction.NONE, False): _CITIZEN,
        (Faction.NONE, True): _CITIZEN_ATTACKABLE,
        (Faction.ROYAL, False): _ROYAL,
        (Faction.ROYAL, True): _ROYAL_ATTACKABLE,
    }
)


# A table: to read and join flags takes a microsecond, for everybody who comes into view.
_COLORS: MappingProxyType[tuple[bool, bool], NickColor] = MappingProxyType(
    {
        (False, False): NickColor.CITIZEN,
        (False, True): NickColor.CITIZEN | NickColor.ATTACKABLE,
        (True, False): NickColor.CRIMINAL,
        (True, True): NickColor.CRIMINAL | NickColor.ATTACKABLE,
    }
)


def boat_body(
    clothes: int, *, criminal: bool, faction: Faction = Faction.NONE, attackable: bool = False
) -> int:
    """Return the body of a boat; a clothing number that is no boat's is shown as a barge."""
    hull = _ORDER.index(clothes) if clothes in _ORDER else 0
    if faction is Faction.CHAOS:
        return _CHAOS[hull]
    if criminal:
        return _CRIMINAL[hull]
    return _FLEETS[faction, attackable][hull]


def look(naked: int, head: int, worn: Worn) -> Look:
    """Return the look of a living character on land; `naked` is its body without clothes."""
    return Look(worn.body or naked, head, worn.weapon, worn.shield, worn.helmet)


def ghost(*, sailing: bool) -> Look:
    """Return the look of the dead."""
    return GHOST_AT_SEA if sailing else GHOST


def aboard(body: int) -> Look:
    """Return the look of one who sails: the boat hides head, weapon, shield and helmet."""
    return Look(body, NO_HEAD)


def looks_dead(look: Look) -> bool:
    """Return whether the client lets its player walk into a character that looks so."""
    return look.head == DEAD_HEAD or look.body == GHOST_SHIP


def nick_color(who: Reputed, *, attackable: bool = False) -> NickColor:
    """Return the colour bits of a player's name; creatures have none."""
    return _COLORS[is_criminal(who), attackable]


def tag(name: str, guild: str = "", *, unseen: bool = False, consulting: bool = False) -> str:
    """Return the label over a head: `Name <Guild>`, with the marks that staff are shown."""
    text = f"{name} <{guild}>" if guild else name
    if unseen:
        text += " [INVISIBLE]"
    if consulting:
        text += " [CONSULTA]"
    return text
