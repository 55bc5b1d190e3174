"""Trade between two players: what each lays on the table, and the exchange in one change.

Nothing leaves a bag before the exchange, which looks at everything once more: what was offered and
is not there any more ends the trade, and nothing changes. An offer is frozen once it is confirmed,
and only what both have confirmed can be accepted, so nobody accepts anything else than it saw.
Follows ao-libre/ao-server, mdlCOmercioConUsuario.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Generic, TypeVar

from pyao.rules.inventory import (
    GOLD_MAX,
    GOLD_SLOT,
    STACK_MAX,
    Items,
    Pile,
    Slots,
    at,
    count,
    numbered,
    put,
    take,
)
from pyao.rules.person import Person, distance
from pyao.rules.records import ItemFigures

OFFER_SLOTS = 20
GOLD_PLACE = 21  # the number that means gold among the places of an offer
OFFERED = 0  # where a packet names a slot: change what lies in that place of the offer already
TRADE_RANGE = 3
WISH_MS = 60_000

P = TypeVar("P", bound=Person)


class AskProblem(Enum):
    """Why no trade begins; the value is the key of the text told."""

    TRADING = "action.trading"
    STAFF = "trade.staff"
    TARGET_DEAD = "trade.target_dead"
    TOO_FAR = "action.too_far"
    BUSY = "trade.busy"


class OfferProblem(Enum):
    """Why an offer stays as it is; the value is the key of the text told, empty for silence."""

    SILENT = ""
    FROZEN = "trade.frozen"
    EMPTY = "item.empty_slot"
    NO_GOLD = "item.no_gold"
    TOO_MANY = "trade.too_many"
    TAKEN = "trade.taken"
    BOUND = "trade.bound"
    NEWBIE = "trade.newbie"
    SAILING = "commerce.sailing"
    BACKPACK = "trade.backpack"


class Failure(Enum):
    """Why an accepted trade comes to nothing; the value is the key of the text told to both."""

    LACKS = "trade.lacks"
    NO_ROOM = "trade.no_room"
    WALLET = "trade.wallet"
    FORBIDDEN = ""  # by whoever was asked last, which has told why


@dataclass(frozen=True, slots=True)
class Wish(Generic[P]):
    """What a player who asked for a trade wants: with whom, and until when (milliseconds)."""

    of: P
    until: int


@dataclass(slots=True, eq=False)
class Side(Generic[P]):
    """One of two who trade, and what it offers."""

    who: P
    piles: list[Pile | None] = field(default_factory=lambda: [None] * OFFER_SLOTS)
    gold: int = 0
    confirmed: bool = False
    accepted: bool = False

    def offered(self, item: int) -> int:
        """Return how much of an item is offered in all places."""
        return sum(pile.amount for pile in self.goods() if pile.item == item)

    def goods(self) -> Iterator[Pile]:
        """Yield what is offered, place by place."""
        return (pile for pile in self.piles if pile is not None)

    def totals(self) -> dict[int, int]:
        """Return how much of which item is offered."""
        found: dict[int, int] = {}
        for pile in self.goods():
            found[pile.item] = found.get(pile.item, 0) + pile.amount
        return found


@dataclass(slots=True, eq=False)
class Trade(Generic[P]):
    """Two who trade; the first is the one who asked."""

    sides: tuple[Side[P], Side[P]]

    @classmethod
    def between(cls, first: P, second: P) -> Trade[P]:
        """Begin with two empty offers."""
        return cls((Side(first), Side(second)))

    def seen_by(self, who: P) -> tuple[Side[P], Side[P]]:
        """Return the own side of one of the two, then the other's."""
        first, second = self.sides
        return (first, second) if first.who is who else (second, first)

    @property
    def stands(self) -> bool:
        """Whether both are alive and near each other."""
        first, second = (side.who for side in self.sides)
        return not first.dead and not second.dead and near(first, second)


def near(one: Person, other: Person) -> bool:
    """Tell whether two are near enough to trade."""
    return one.map == other.map and distance(one.x, one.y, other.x, other.y) <= TRADE_RANGE


# --- beginning -----------------------------------------------------------------------------------


def check_ask(who: Person, other: Person) -> AskProblem | None:
    """Return why a living player cannot ask another one for a trade, or None."""
    checks = (  # in the order in which they are told
        (AskProblem.TRADING, who.trading),
        (AskProblem.STAFF, who.counsellor),
        (AskProblem.TARGET_DEAD, other.dead),
        (AskProblem.TOO_FAR, not near(who, other)),
        (AskProblem.BUSY, other.trading),
    )
    return next((problem for problem, applies in checks if applies), None)


def wants(wish: Wish[P] | None, other: P, now: int) -> bool:
    """Tell whether somebody still wants to trade with another one."""
    return wish is not None and wish.of is other and now < wish.until


# --- offering ------------------------------------------------------------------------------------


def offer(side: Side[P], slot: int, amount: int, place: int, items: Items) -> OfferProblem | int:
    """Add to an offer, or take back with a negative amount; return the place that changed.

    `slot` is one of the inventory, `GOLD_SLOT`, or `OFFERED` for what lies in the place already.
    """
    if side.confirmed:
        return OfferProblem.FROZEN
    gold = slot == GOLD_SLOT or (slot == OFFERED and place == GOLD_PLACE)
    if amount == 0 or not 1 <= place <= (GOLD_PLACE if gold else OFFER_SLOTS):
        return OfferProblem.SILENT
    if gold:
        return _offer_gold(side, amount)
    return _offer_slot(side, slot, amount, place, items)


def _offer_slot(
    side: Side[P], slot: int, amount: int, place: int, items: Items
) -> OfferProblem | int:
    lying = side.piles[place - 1]
    held = lying if slot == OFFERED else at(side.who.inventory, slot)
    if held is None:
        return OfferProblem.SILENT if slot == OFFERED else OfferProblem.EMPTY
    if lying is not None and lying.item != held.item:
        return OfferProblem.TAKEN
    return _offer_item(side, held.item, amount, place, items)


def _offer_gold(side: Side[P], amount: int) -> OfferProblem | int:
    if amount > side.who.gold - side.gold:
        return OfferProblem.NO_GOLD
    if amount < 0 and not side.gold:
        return OfferProblem.SILENT
    side.gold = max(0, side.gold + amount)
    return GOLD_PLACE


def _offer_item(
    side: Side[P], number: int, amount: int, place: int, items: Items
) -> OfferProblem | int:
    lying = side.piles[place - 1]
    before = 0 if lying is None else lying.amount
    if amount > 0:
        problem = check_handing(side.who, number, items)
        if problem is not None:
            return problem
        too_many = side.offered(number) + amount > count(side.who.inventory, number)
        if too_many or before + amount > STACK_MAX:
            return OfferProblem.TOO_MANY
    elif lying is None:
        return OfferProblem.SILENT
    left = before + amount
    side.piles[place - 1] = Pile(number, left) if left > 0 else None
    return place


def free_place(side: Side[P], number: int) -> int:
    """Return the place of an offer where more of an item belongs, or 0 when all are taken."""
    same = (place for place, pile in enumerate(side.piles, 1) if pile and pile.item == number)
    empty = (place for place, pile in enumerate(side.piles, 1) if pile is None)
    return next(same, 0) or next(empty, 0)


def check_handing(who: Person, number: int, items: Items) -> OfferProblem | None:
    """Say why a thing may not be handed to another player; None when it may."""
    item = items.get(number)
    if item is None:
        return OfferProblem.EMPTY
    checks = (
        (OfferProblem.BOUND, item.bound or item.no_trade),
        (OfferProblem.NEWBIE, item.newbie),
        (OfferProblem.SAILING, who.sailing and _is(who.gear.boat, number)),
        (OfferProblem.BACKPACK, _is(who.gear.backpack, number)),
    )
    return next((problem for problem, applies in checks if applies), None)


def _is(worn: ItemFigures | None, number: int) -> bool:
    return worn is not None and worn.number == number


# --- the exchange --------------------------------------------------------------------------------


Agree = Callable[[Side[P], Side[P]], bool]
"""Is shown both sides when all else is settled, and says whether they may exchange."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an exchange did to the bag of one side."""

    slots: tuple[int, ...]
    unequipped: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """Both sides have what they were offered; in the order of the sides."""

    changed: tuple[Changed, Changed]


@dataclass(frozen=True, slots=True)
class Failed(Generic[P]):
    """Nothing changed hands, because of one of the two."""

    why: Failure
    who: P


def accept(trade: Trade[P], who: P) -> bool:
    """Accept what both have confirmed; False as long as one of them has not."""
    if not all(side.confirmed for side in trade.sides):
        return False
    trade.seen_by(who)[0].accepted = True
    return True


def exchange(trade: Trade[P], items: Items, agree: Agree[P]) -> Exchange | Failed[P]:
    """Give each what the other offers; both bags and purses change, or nothing does.

    `agree` may change bags and purses itself, so all is looked at again after it.
    """
    first, second = trade.sides
    problem = _settle(trade, items)
    if isinstance(problem, Failed):
        return problem
    if not agree(first, second):
        return Failed(Failure.FORBIDDEN, first.who)
    bags = _settle(trade, items)
    if isinstance(bags, Failed):
        return bags
    balance = second.gold - first.gold
    first.who.gold += balance
    second.who.gold -= balance
    return Exchange((_replace_bag(first.who, bags[0]), _replace_bag(second.who, bags[1])))


def _settle(trade: Trade[P], items: Items) -> tuple[Slots, Slots] | Failed[P]:
    """Return what both bags would hold after the exchange, or why there can be none."""
    first, second = trade.sides
    for own, other in ((first, second), (second, first)):
        if not _has_it_all(own, items):
            return Failed(Failure.LACKS, own.who)
        if own.who.gold - own.gold + other.gold > GOLD_MAX:
            return Failed(Failure.WALLET, own.who)
    mine, theirs = _bag_after(first, second), _bag_after(second, first)
    if mine is None or theirs is None:
        return Failed(Failure.NO_ROOM, (first if mine is None else second).who)
    return mine, theirs


def _has_it_all(side: Side[P], items: Items) -> bool:
    return side.who.gold >= side.gold and all(
        count(side.who.inventory, item) >= amount and check_handing(side.who, item, items) is None
        for item, amount in side.totals().items()
    )


def _bag_after(own: Side[P], other: Side[P]) -> Slots | None:
    """Return what a bag would hold after the exchange; None when not everything has a place."""
    bag = [None if slot is None else replace(slot) for slot in own.who.inventory]
    for item, amount in own.totals().items():
        _hand_over(bag, item, amount)
    fits = all(put(bag, *pile) for pile in other.goods())
    return bag if fits else None


def _hand_over(bag: Slots, item: int, amount: int) -> None:
    """Take so many out of a bag that holds them; what is worn goes last."""
    held = [(number, slot) for number, slot in numbered(bag) if slot.item == item]
    for number, slot in sorted(held, key=lambda entry: entry[1].equipped):
        if amount:
            gone = min(amount, slot.amount)
            take(bag, number, gone)
            amount -= gone


def _replace_bag(who: Person, bag: Slots) -> Changed:
    pairs = list(zip(who.inventory, bag, strict=True))
    slots = tuple(number for number, (old, new) in enumerate(pairs, 1) if old != new)
    unequipped = any(old and old.equipped and not (new and new.equipped) for old, new in pairs)
    who.inventory[:] = bag
    return Changed(slots, unequipped)
