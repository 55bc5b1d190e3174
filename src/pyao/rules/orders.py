"""Which rank may give which order of a game master, and to whom.

Ranks are those of `roles.py`. A role master is a mark on top of a rank: some orders are refused to
one, others are open to one of a lower rank. Follows ao-libre/ao-server, Protocol.bas, and dakara,
ProtocolHandler.cpp.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyao.rules.kinds import Privilege
from pyao.rules.roles import Exceptions, role_of

_MASTER = int(Privilege.ROLE_MASTER)


@dataclass(frozen=True, slots=True)
class Right:
    """Who may give an order: from rank `least` on, role masters from rank `masters` on.

    `masters` None: no role master may. `permission` is what an operator grants or denies to one
    account (`pyao.rules.roles`), which is the last word.
    """

    permission: str
    least: Privilege
    masters: Privilege | None


def may_order(privileges: int, exceptions: Exceptions, needed: Right) -> bool:
    """Return whether somebody of these ranks may give an order."""
    if needed.permission in exceptions.denied:
        return False
    if needed.permission in exceptions.granted:
        return True
    least = needed.masters if privileges & _MASTER else needed.least
    return least is not None and role_of(privileges) >= least


def is_god(privileges: int) -> bool:
    """Return whether one is of the ranks whose presence is hidden from others."""
    return role_of(privileges) >= Privilege.GOD


def outranks(privileges: int, other: int) -> bool:
    """Return whether the second of two is of a higher rank than the first."""
    return role_of(other) > role_of(privileges)


def hidden_from(privileges: int, other: int) -> bool:
    """Return whether the second of two is a god, of whom the first may not know."""
    return is_god(other) and not is_god(privileges)


def enters_unseen(privileges: int) -> bool:
    """Return whether one comes into the game unseen: all staff does, but for role masters."""
    return role_of(privileges) > Privilege.PLAYER and not privileges & _MASTER
