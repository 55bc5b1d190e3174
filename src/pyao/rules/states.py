"""How the passing states of a character begin and end: paralysis, sight, trance, attributes.

Each function keeps flag and end together. When they end by themselves is in `effects.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pyao.rules.intervals import LONG_AGO
from pyao.rules.person import Person

ATTRIBUTE_MIN = 6
ATTRIBUTE_MAX = 40

Changeable = Literal["agility", "strength"]


def paralyse(who: Person, until: int, *, by: int = 0, immobilise: bool = False) -> None:
    """Root somebody to the spot until a time; `by` is the user who did it."""
    who.paralysed = True
    who.immobilised = immobilise
    who.paralysed_by = by
    who.effects.paralysis_until = until


def free(who: Person) -> bool:
    """End paralysis and immobility; return whether there was any."""
    was = who.paralysed
    who.paralysed = who.immobilised = False
    who.paralysed_by = 0
    who.effects.paralysis_until = 0
    return was


def undaze(who: Person) -> tuple[bool, bool]:
    """End stun and blindness; return which of the two there was."""
    was = who.stunned, who.blinded
    who.stunned = who.blinded = False
    who.effects.dazed_until = 0
    return was


def unhide(who: Person) -> bool:
    """End hiding; return whether somebody comes into sight by it, not being invisible too."""
    was = who.hidden
    who.hidden = False
    who.effects.hidden_until = 0
    return was and not who.invisible


def end_invisibility(who: Person) -> bool:
    """End invisibility; return whether somebody comes into sight by it, not being hidden too."""
    was = who.invisible
    who.invisible = False
    who.effects.invisible_until = 0
    return was and not who.hidden


def start_meditating(who: Person, now: int) -> None:
    """Fall into a trance."""
    who.meditating = True
    who.effects.meditation_from = now
    who.effects.meditation_ms = 0


def stop_meditating(who: Person) -> bool:
    """Wake from a trance; return whether there was one."""
    was = who.meditating
    who.meditating = False
    who.effects.meditation_from = LONG_AGO
    return was


def stop_resting(who: Person) -> bool:
    """Get up from the fire; return whether there was any rest."""
    was, who.resting = who.resting, False
    return was


def raise_attribute(who: Person, name: Changeable, amount: int, until: int) -> int:
    """Add to an attribute for a while, up to 40 and twice its base; return what it is now.

    The end of the latest change is the end of all.
    """
    base: int = getattr(who.attributes, name)
    value: int = min(getattr(who.current, name) + amount, ATTRIBUTE_MAX, 2 * base)
    setattr(who.current, name, value)
    who.effects.attributes_until = until
    return value


def lower_attribute(who: Person, name: Changeable, amount: int, until: int) -> int:
    """Take from an attribute for a while, down to 6; return what it is now."""
    value: int = max(getattr(who.current, name) - amount, ATTRIBUTE_MIN)
    setattr(who.current, name, value)
    who.effects.attributes_until = until
    return value


def restore_attributes(who: Person) -> bool:
    """Put every attribute back to its base; return whether any was different."""
    was = who.current != who.attributes
    who.current = replace(who.attributes)
    who.effects.attributes_until = 0
    return was


def undisguise(who: Person) -> bool:
    """Show one's own looks again; return whether there was a disguise."""
    was = who.disguise is not None
    who.disguise = None
    who.ignored = False
    who.effects.mimicry_until = 0
    return was
