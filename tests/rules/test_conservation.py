"""Value is neither doubled nor lost, whatever five players do to each other's belongings."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.support.people import carrying
from tests.support.things import catalogue

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.commerce import ANY_KIND, Deal, Merchant, Stock, buy, sell
from pyao.rules.crafting import Craft, Made, Order, make, melt, smelt, upgrade
from pyao.rules.death import die, revive
from pyao.rules.equipment import dress, outgrow, toggle
from pyao.rules.gambling import BET_MAX, bet
from pyao.rules.gathering import FISHING, Catch, Source, gather
from pyao.rules.ground import place_to_lay
from pyao.rules.inventory import (
    GOLD_ITEM,
    Dropped,
    Lay,
    Picked,
    Pile,
    drop,
    drop_gold,
    move,
    numbered,
    pick_up,
    pocket_gold,
    put,
    take,
    take_item,
)
from pyao.rules.kinds import CharClass, ObjectType
from pyao.rules.options import Options
from pyao.rules.person import Person, Spot
from pyao.rules.stealing import steal
from pyao.rules.vault import deposit, deposit_gold, extract, extract_gold

PLAYERS = 5
IRON = 386
ORE = Item(number=192, kind=ObjectType.MINERAL, ingot=IRON)
INGOT = Item(number=IRON)
FISH = Item(number=139, kind=ObjectType.USE_ONCE)
BLADE = Item(
    number=40, kind=ObjectType.WEAPON, smithing_skill=1, iron=8, upgrade=41, price=7, max_hit=3
)
SABRE = Item(number=41, kind=ObjectType.WEAPON, smithing_skill=1, iron=9, price=9)
HAMMER = Item(number=389, kind=ObjectType.WEAPON)
ITEMS = catalogue(ORE, INGOT, FISH, BLADE, SABRE, HAMMER)
SMITH = Merchant("smith", ANY_KIND)
SIDE = 6  # a small room, so that the ground fills up
FIELD = Spot()
ACTS = 20  # things there are to do


def slot_with(who: Person, item: Item) -> int:
    """Return the first slot in which somebody has a thing, or 0."""
    return next((at for at, slot in numbered(who.inventory) if slot.item == item.number), 0)


class Room:
    """Five players on a small floor. Every move goes through the rules, as the world's would."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.floor: dict[tuple[int, int], Pile] = {}
        self.eaten: Counter[int] = Counter()  # what is no more, less what came into being
        self.stock = Stock([Pile(389, 9), Pile(40, 9), Pile(192, 500), Pile(IRON, 99)])
        self.deeds: Counter[str] = Counter()
        self.players = [self._player(number) for number in range(PLAYERS)]
        self.start = self.wealth()

    def _player(self, number: int) -> Person:
        who = carrying(
            Slot(1, 9_990),
            Slot(2, 1, equipped=True),
            Slot(3, 1),
            Slot(7, 5_000, equipped=True),
            Slot(10, 2),
            Slot(GOLD_ITEM, 700),
            Slot(13, 1),
            Slot(ORE.number, 900),
            Slot(INGOT.number, 60),
            Slot(BLADE.number, 2),
            Slot(HAMMER.number, 1),
            user_id=number + 1,
            gold=100_000,
            level=11 + number,
            stamina=1_000_000,
        )
        who.char_class = CharClass.THIEF if number % 2 else CharClass.WORKER
        who.skills[:] = [100] * len(who.skills)
        who.x = who.y = 1 + number
        dress(who, ITEMS)
        return who

    def wealth(self) -> Counter[int]:
        """Count everything there is, gold in purses and in stacks alike."""
        total: Counter[int] = Counter(self.eaten)
        for pile in self.floor.values():
            total[pile.item] += pile.amount
        for who in self.players:
            total[GOLD_ITEM] += who.gold + who.bank_gold
            for slot in (*who.inventory, *who.bank):
                if slot is not None:
                    total[slot.item] += slot.amount
        return total

    def check(self) -> None:
        """Fail if anything was doubled, lost or made negative."""
        assert self.wealth() == self.start
        assert all(1 <= pile.amount <= 10_000 for pile in self.floor.values())
        for who in self.players:
            assert who.gold >= 0
            assert who.bank_gold >= 0
            slots = (*who.inventory, *who.bank)
            assert all(1 <= slot.amount <= 10_000 for slot in slots if slot)
            gear = who.gear
            assert dress(who, ITEMS) == []
            assert who.gear == gear

    def act(self, what: int, who: int, number: int, amount: int) -> None:
        """Do one of the things there are to do."""
        player = self.players[who % PLAYERS]
        acts = (self._drop, self._drop_gold, self._pick_up, self._move, self._equip)
        more = (self._pocket, self._steal, self._die, self._eat, self._walk)
        work = (self._gather, self._smelt, self._melt, self._make, self._improve)
        trade = (self._bet, self._bank, self._bank_gold, self._buy, self._sell)
        [*acts, *more, *work, *trade][what % ACTS](player, number, amount)
        dress(player, ITEMS)

    def _turn_into(self, deed: str, used: Iterable[Pile], made: Iterable[Pile]) -> None:
        """Write down what was used up for what came into being."""
        self.deeds[deed] += 1
        for pile in used:
            self.eaten[pile.item] += pile.amount
        for pile in made:
            self.eaten[pile.item] -= pile.amount

    def _lay_by(self, who: Person) -> Lay:
        return lambda pile: self._lay_from(who.x, who.y, pile)

    def _gather(self, who: Person, _: int, __: int) -> None:
        catch = gather(who, Source(FISHING, (FISH.number,)), self._lay_by(who), self.random.randint)
        if isinstance(catch, Catch) and catch.pile is not None:
            self._turn_into("gather", (), [catch.pile])

    def _smelt(self, who: Person, _: int, __: int) -> None:
        made = smelt(who, slot_with(who, ORE), ORE, self._lay_by(who))
        if isinstance(made, Made):
            self._turn_into("smelt", made.used, made.made)

    def _melt(self, who: Person, _: int, __: int) -> None:
        made = melt(who, slot_with(who, BLADE), BLADE, self._lay_by(who), self.random.randint)
        if isinstance(made, Made):
            self._turn_into("melt", made.used, made.made)

    def _make(self, who: Person, number: int, amount: int) -> None:
        order = Order(left=abs(number), at_once=abs(amount) % 4)
        made = make(who, BLADE, Craft.SMITH, order, self._lay_by(who))
        if isinstance(made, Made):
            self._turn_into("make", made.used, made.made)

    def _improve(self, who: Person, _: int, __: int) -> None:
        if who.gear.weapon is not HAMMER:
            toggle(who, slot_with(who, HAMMER), ITEMS)
        made = upgrade(who, BLADE, ITEMS, self._lay_by(who))
        if isinstance(made, Made):
            self._turn_into("improve", made.used, made.made)

    def _bet(self, who: Person, _: int, amount: int) -> None:
        change = bet(who, amount % (BET_MAX + 2), self.random.randint)
        if isinstance(change, int):
            self.deeds["bet"] += 1
            self.eaten[GOLD_ITEM] -= change

    def _bank(self, who: Person, number: int, amount: int) -> None:
        if amount % 2:
            deposit(who, number, amount, ITEMS)
        else:
            extract(who, number, amount)

    def _bank_gold(self, who: Person, _: int, amount: int) -> None:
        (deposit_gold if amount % 2 else extract_gold)(who, amount)

    def _buy(self, who: Person, number: int, amount: int) -> None:
        deal = buy(who, self.stock, number, amount, ITEMS)
        if isinstance(deal, Deal):
            self._turn_into("buy", [Pile(GOLD_ITEM, deal.gold)], [deal.pile])

    def _sell(self, who: Person, number: int, amount: int) -> None:
        deal = sell(who, number, amount, SMITH, self.stock, ITEMS)
        if isinstance(deal, Deal):
            self._turn_into("sell", [deal.pile], [Pile(GOLD_ITEM, deal.gold)])

    def _lay_from(self, x: int, y: int, pile: Pile) -> bool:
        def legal(tx: int, ty: int) -> bool:
            return 1 <= tx <= SIDE and 1 <= ty <= SIDE

        place = place_to_lay(x, y, pile, legal, lambda tx, ty: self.floor.get((tx, ty)))
        if place is None:
            return False
        there = self.floor.get(place)
        self.floor[place] = Pile(pile.item, pile.amount + (there.amount if there else 0))
        return True

    def _drop(self, who: Person, number: int, amount: int) -> None:
        place = (who.x, who.y)
        dropped = drop(who, number, amount, self.floor.get(place), ITEMS)
        if isinstance(dropped, Dropped):
            self.floor[place] = dropped.pile
            if dropped.unequipped:
                dress(who, ITEMS)

    def _drop_gold(self, who: Person, _: int, amount: int) -> None:
        drop_gold(who, amount, self._lay_by(who))

    def _pick_up(self, who: Person, _: int, __: int) -> None:
        place = (who.x, who.y)
        picked = pick_up(who, self.floor.get(place), ITEMS)
        if isinstance(picked, Picked):
            if picked.left is None:
                del self.floor[place]
            else:
                self.floor[place] = picked.left

    def _move(self, who: Person, number: int, amount: int) -> None:
        move(who.inventory, number, amount)

    def _equip(self, who: Person, number: int, _: int) -> None:
        toggle(who, number, ITEMS)

    def _pocket(self, who: Person, number: int, _: int) -> None:
        pocket_gold(who, number)

    def _steal(self, who: Person, number: int, _: int) -> None:
        victim = self.players[number % PLAYERS]
        if victim is not who:
            steal(who, victim, ITEMS, self._lay_by(who), self.random.randint)

    def _die(self, who: Person, _: int, __: int) -> None:
        die(who, ITEMS, self._lay_by(who), FIELD, Options())
        revive(who)
        who.stamina = 1_000_000

    def _eat(self, who: Person, number: int, amount: int) -> None:
        """Use something up: what is gone is counted as eaten, some of it comes back."""
        if amount % 7 == 0:
            if take_item(who.inventory, 7, 3):
                self.eaten[7] += 3
        elif amount % 11 == 0:
            before = sum(slot.amount for slot in who.inventory if slot and slot.item == 10)
            if outgrow(who, ITEMS):
                self.eaten[10] += before
        elif gone := take(who.inventory, number, amount % 50):
            self.eaten[gone.pile.item] += gone.amount
            if put(who.inventory, gone.pile.item, 1):
                self.eaten[gone.pile.item] -= 1
        dress(who, ITEMS)

    def _walk(self, who: Person, number: int, amount: int) -> None:
        who.x, who.y = 1 + number % SIDE, 1 + amount % SIDE


class Market(RuleBasedStateMachine):
    """Hypothesis looks for the order of deeds that breaks the balance."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(7)

    @rule(
        what=st.integers(0, ACTS - 1),
        who=st.integers(0, 4),
        number=st.integers(-2, 32),
        amount=st.integers(-40_000, 40_000),
    )
    def act(self, what: int, who: int, number: int, amount: int) -> None:
        self.room.act(what, who, number, amount)

    @invariant()
    def nothing_is_doubled_or_lost(self) -> None:
        self.room.check()


TestMarket = Market.TestCase
TestMarket.settings = settings(max_examples=25, stateful_step_count=60, deadline=None)


@pytest.mark.parametrize("seed", [1, 22, 333])
def test_ten_thousand_random_deeds_of_five_players_change_nothing_in_all(seed: int) -> None:
    room, dice = Room(seed), random.Random(seed)
    for step in range(10_000):
        room.act(
            dice.randrange(ACTS), dice.randrange(5), dice.randint(-1, 27), dice.randint(-50, 11_000)
        )
        if step % 50 == 0:
            room.check()
    room.check()
    assert room.floor
    assert set(room.deeds) == {"bet", "buy", "gather", "improve", "make", "melt", "sell", "smelt"}
