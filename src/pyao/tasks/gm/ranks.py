"""The rights of the orders, by rank, as the classic table gives them."""

from __future__ import annotations

from pyao.rules.kinds import Privilege
from pyao.rules.orders import Right

_C, _D, _G = Privilege.COUNSELLOR, Privilege.DEMIGOD, Privilege.GOD


def counsellors(permission: str, *, masters: bool = True) -> Right:
    """Counsellors and higher, role masters among them or not."""
    return Right(permission, _C, _C if masters else None)


def demigods(permission: str, *, masters: bool = True) -> Right:
    """Demigods and higher, role masters among them or not."""
    return Right(permission, _D, _D if masters else None)


def gods(permission: str, *, masters: bool = True) -> Right:
    """Gods and higher, role masters among them or not."""
    return Right(permission, _G, _G if masters else None)


def open_to_masters(needed: Right, least: Privilege = _C) -> Right:
    """Return the same right, with role masters from another rank on."""
    return Right(needed.permission, needed.least, least)
