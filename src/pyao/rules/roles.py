"""What staff may do: roles, the named permissions each role has, and exceptions for one account.

`allows` is the only place where a permission is decided, whatever door asks. Ranks are the bits of
`Privilege`, which the client colours names by; councils and role masters are no roles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pyao.rules.kinds import Privilege

# From the lowest to the highest; each has what those before it have.
ROLES: Final = (
    Privilege.PLAYER,
    Privilege.COUNSELLOR,
    Privilege.DEMIGOD,
    Privilege.GOD,
    Privilege.ADMIN,
)
ROLE_NAMES: Final = {(role.name or "").lower(): role for role in ROLES}
MAX_EXCEPTIONS: Final = 64

_NAME: Final = re.compile(r"(?=.{1,64}\Z)[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Permission:
    """One named permission: the lowest role that has it, and what it allows."""

    role: Privilege
    about: str


PERMISSIONS: Final[dict[str, Permission]] = {
    "people.see": Permission(Privilege.COUNSELLOR, "See who plays, where, and from which address"),
    "people.visit": Permission(Privilege.COUNSELLOR, "Go to people and places at once"),
    "people.mute": Permission(Privilege.COUNSELLOR, "Silence people and let them speak again"),
    "people.jail": Permission(Privilege.COUNSELLOR, "Put people in jail and let them out"),
    "people.warn": Permission(Privilege.COUNSELLOR, "Write warnings into people's records"),
    "people.summon": Permission(Privilege.DEMIGOD, "Bring people to oneself"),
    "people.inspect": Permission(Privilege.DEMIGOD, "See what people carry, know and own"),
    "people.kick": Permission(Privilege.DEMIGOD, "Throw people out of the game"),
    "people.ban": Permission(Privilege.DEMIGOD, "Shut accounts out and let them in again"),
    "people.edit": Permission(Privilege.GOD, "Change what people are and have"),
    "world.creatures": Permission(Privilege.DEMIGOD, "Make and remove creatures"),
    "world.items": Permission(Privilege.GOD, "Make and remove items"),
    "world.edit": Permission(Privilege.GOD, "Change maps: walls, exits, weather, safety"),
    "operate.announce": Permission(Privilege.COUNSELLOR, "Write to everybody's console"),
    "operate.console": Permission(Privilege.ADMIN, "Use the operator's console from another door"),
    "operate.modules": Permission(Privilege.ADMIN, "Load, reload and unload modules"),
    "operate.config": Permission(Privilege.ADMIN, "Change settings while the server runs"),
    "operate.save": Permission(Privilege.GOD, "Write the world down and back it up"),
    "operate.stop": Permission(Privilege.ADMIN, "Stop the server"),
    "accounts.manage": Permission(Privilege.ADMIN, "Make and remove accounts, set passwords"),
    "accounts.rank": Permission(Privilege.ADMIN, "Give ranks and permissions"),
}


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What one account may or may not, whatever its role says; a denial is the last word."""

    granted: frozenset[str] = field(default_factory=frozenset)
    denied: frozenset[str] = field(default_factory=frozenset)

    @staticmethod
    def of(granted: str, denied: str) -> Exceptions:
        """Return those that two lists of names, parted by blanks, stand for.

        Hardly anybody has any, and everybody in the game has an account: none are made twice.
        """
        if not (granted or denied):
            return NO_EXCEPTIONS
        return Exceptions(frozenset(granted.split()), frozenset(denied.split()))

    def with_grant(self, permission: str) -> Exceptions:
        """Return the same with one more permission granted."""
        return Exceptions(self.granted | {permission}, self.denied - {permission})

    def with_denial(self, permission: str) -> Exceptions:
        """Return the same with one permission taken away."""
        return Exceptions(self.granted - {permission}, self.denied | {permission})

    def without(self, permission: str) -> Exceptions:
        """Return the same with nothing said of a permission: the role decides again."""
        return Exceptions(self.granted - {permission}, self.denied - {permission})

    def __len__(self) -> int:
        return len(self.granted) + len(self.denied)


NO_EXCEPTIONS: Final = Exceptions()


def is_permission_name(name: str) -> bool:
    """Return whether a permission may be called so: `arena.open`, up to 64 characters."""
    return _NAME.fullmatch(name) is not None


def role_of(privileges: int) -> Privilege:
    """Return the highest role among these bits."""
    return next((role for role in reversed(ROLES) if privileges & role), Privilege.PLAYER)


def allows(
    privileges: int, exceptions: Exceptions, permission: str, *, privileged: int = 0
) -> bool:
    """Return whether somebody of this rank, with these exceptions, has a permission.

    One that is not in the table belongs to whoever has any of the `privileged` bits; when there
    are none, to admins.
    """
    if permission in exceptions.denied:
        return False
    if permission in exceptions.granted:
        return True
    known = PERMISSIONS.get(permission)
    if known is not None:
        return role_of(privileges) >= known.role
    return bool(privileges & (privileged or Privilege.ADMIN))


def permissions_of(privileges: int, exceptions: Exceptions) -> list[str]:
    """Return every permission somebody has, sorted; unknown ones only when they were granted."""
    names = {*PERMISSIONS, *exceptions.granted}
    return sorted(name for name in names if allows(privileges, exceptions, name))
