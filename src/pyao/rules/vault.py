"""The bank: what a character keeps in its vault, in slots of its own, and its gold there.

Both sides change in one call. Follows ao-libre/ao-server, modBanco.bas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.inventory import GOLD_MAX, Items, Pile, Slots, at, move, put, take
from pyao.rules.kinds import ObjectType
from pyao.rules.person import Person

BANK_GOLD_MAX = 2_000_000_000  # what still fits the packet, an i32


class VaultProblem(Enum):
    """Why nothing is moved; the value is the key of the text told, empty for silence."""

    SILENT = ""
    EMPTY = "item.empty_slot"
    VAULT_FULL = "bank.full"
    BAG_FULL = "item.full"
    SAILING = "commerce.sailing"
    NO_SUCH_SUM = "bank.no_such_sum"
    WALLET_FULL = "item.wallet_full"


@dataclass(frozen=True, slots=True)
class Moved:
    """A pile went from one slot to another; `unequipped` when the last of it was worn."""

    pile: Pile
    source: int
    target: int
    unequipped: bool = False


def deposit(who: Person, number: int, amount: int, items: Items) -> VaultProblem | Moved:
    """Put up to `amount` of an inventory slot into the vault."""
    held = at(who.inventory, number)
    if held is not None and held.equipped and who.sailing:
        item = items.get(held.item)
        if item is not None and item.kind == ObjectType.BOAT:
            return VaultProblem.SAILING
    return _transfer(who.inventory, number, amount, who.bank) or VaultProblem.VAULT_FULL


def extract(who: Person, number: int, amount: int) -> VaultProblem | Moved:
    """Take up to `amount` of a vault slot into the inventory."""
    return _transfer(who.bank, number, amount, who.inventory) or VaultProblem.BAG_FULL


def _transfer(
    source: Slots, number: int, amount: int, target: Slots
) -> VaultProblem | Moved | None:
    """Move a pile to where it fits whole; None when it fits nowhere, and then nothing changed."""
    held = at(source, number)
    if amount <= 0:
        return VaultProblem.SILENT
    if held is None:
        return VaultProblem.EMPTY
    slot = put(target, held.item, min(amount, held.amount), room=len(target))
    taken = take(source, number, amount) if slot else None
    return Moved(taken.pile, number, slot, taken.unequipped) if taken else None


def shift(who: Person, number: int, *, upwards: bool) -> bool:
    """Swap a vault slot with the one before or behind it; False at either end."""
    return move(who.bank, number, number - 1 if upwards else number + 1)


def deposit_gold(who: Person, amount: int) -> VaultProblem | None:
    """Put gold into the bank; None when it is done."""
    if amount <= 0 or amount > who.gold or who.bank_gold + amount > BANK_GOLD_MAX:
        return VaultProblem.NO_SUCH_SUM
    who.gold -= amount
    who.bank_gold += amount
    return None


def extract_gold(who: Person, amount: int) -> VaultProblem | None:
    """Take gold out of the bank; None when it is done.

    Unlike in the classic server, what the purse cannot hold stays where it is.
    """
    if amount <= 0 or amount > who.bank_gold:
        return VaultProblem.NO_SUCH_SUM
    if who.gold + amount > GOLD_MAX:
        return VaultProblem.WALLET_FULL
    who.bank_gold -= amount
    who.gold += amount
    return None
