"""Time that is counted against a player: blocking the way, prison, leaving.

Follows ao-libre/ao-server, General.bas (PasarSegundo) and Admin.bas.
"""

from __future__ import annotations

from pyao.rules.kinds import Trigger
from pyao.rules.person import Person

BLOCKING_CHECKS = 23  # of six seconds each; one more is too many
BLOCKING_JAIL_MINUTES = 10


def seconds_to_leave(who: Person, seconds: int, *, safe: bool) -> int:
    """Return how long a player must wait to leave: not at all in safety, nor do staff."""
    return 0 if safe or who.staff else seconds


def count_blocking(checks: int, trigger: int, *, alive: bool) -> tuple[int, bool]:
    """Return how often in a row one stood in a passage, and whether that is prison now."""
    if trigger != Trigger.ANTI_BLOCKADE or not alive:
        return 0, False
    checks += 1
    return (0, True) if checks > BLOCKING_CHECKS else (checks, False)


def serve_minute(who: Person) -> bool:
    """Let a minute of prison pass; return whether it was the last."""
    if who.jail_minutes <= 0:
        return False
    who.jail_minutes -= 1
    return who.jail_minutes == 0
