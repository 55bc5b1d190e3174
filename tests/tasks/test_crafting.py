from __future__ import annotations

import struct

import pytest
from msgspec import structs
from tests.support.duel import SOUND, USE, BeginDuel, Duel, coded, ids, lines

from pyao.content.items import Item
from pyao.content.rulebook import Recipes
from pyao.rules.character import Slot
from pyao.rules.kinds import ObjectType, Skill
from pyao.world.map_room import GroundItem

CLICK, SMITH, CARPENTER, UPGRADE, BEGIN = 33, 31, 32, 121, 123
FORGE_FORM, BENCH_FORM, STOPPED = 13, 14, 105
SMELT = 88
TRADE, TRADE_OVER = 84, 10
HAMMER = Item(number=389, name="hammer", kind=ObjectType.WEAPON, graphic=1)
SAW = Item(number=198, name="saw", kind=ObjectType.WEAPON, graphic=1)
INGOT = Item(number=386, name="iron", kind=29, graphic=1)
LOG = Item(number=58, name="log", kind=ObjectType.FIREWOOD, graphic=1)
ORE = Item(number=192, name="ore", kind=ObjectType.MINERAL, graphic=1, ingot=386, min_skill=1)
BLADE = Item(
    number=800, name="blade", kind=ObjectType.WEAPON, graphic=1, smithing_skill=2, iron=2,
    upgrade=801,
)  # fmt: skip
SABRE = Item(number=801, name="sabre", kind=ObjectType.WEAPON, graphic=1, smithing_skill=2, iron=5)
STOOL = Item(number=802, name="stool", graphic=1, carpentry_skill=2, wood=3)
ANVIL = Item(number=27, name="anvil", kind=ObjectType.ANVIL, graphic=1)
FORGE = Item(number=28, name="forge", kind=ObjectType.FORGE, graphic=1)
THINGS = (HAMMER, SAW, INGOT, LOG, ORE, BLADE, SABRE, STOOL, ANVIL, FORGE)


@pytest.fixture(name="shop")
async def shop_fixture(begin_duel: BeginDuel) -> Duel:
    """Return a duel of one who can make things, with a forge in sight."""
    duel = await begin_duel(*THINGS)
    world = duel.running.app.game.world
    world.data.rulebook.recipes = Recipes(
        smith_weapons=(800, 801), smith_armours=(), carpenter=(802,)
    )
    world.maps[2].lay(52, 48, GroundItem(FORGE, 1, fixed=True))
    duel.a.skills[:] = [100] * 20
    duel.a.assigned_points = 10
    return duel


def set_anvil(duel: Duel) -> None:
    duel.running.app.game.world.maps[2].lay(48, 48, GroundItem(ANVIL, 1, fixed=True))


async def order(duel: Duel, total: int, at_once: int, packet: int, item: int) -> None:
    duel.clock.advance(1000)
    duel.ana.send(
        bytes((BEGIN,)) + struct.pack("<ih", total, at_once),
        bytes((packet,)) + struct.pack("<h", item),
    )
    await duel.hear()


async def test_the_hammer_opens_the_forge_where_an_anvil_stands(shop: Duel) -> None:
    shop.give(shop.a, Slot(389, 1, equipped=True))
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    asked = coded(shop.ana, 17)
    assert asked is not None
    assert asked.values[1] == Skill.BLACKSMITHING
    assert FORGE_FORM not in ids(shop.ana)
    await shop.act(CLICK, 52, 48, int(Skill.BLACKSMITHING))
    assert "yunque" in lines(shop.ana)
    set_anvil(shop)
    await shop.act(CLICK, 48, 48, int(Skill.BLACKSMITHING))
    assert ids(shop.ana).count(FORGE_FORM) == 1
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    assert ids(shop.ana).count(FORGE_FORM) == 2
    assert "blade, sabre" in lines(shop.ana)
    shop.give(shop.a)
    await shop.act(CLICK, 48, 48, int(Skill.BLACKSMITHING))
    assert "herramienta" in lines(shop.ana)


async def test_the_saw_opens_the_bench(shop: Duel) -> None:
    shop.give(shop.a, Slot(198, 1))
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    assert "equiparlo" in lines(shop.ana)
    shop.give(shop.a, Slot(198, 1, equipped=True))
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    assert BENCH_FORM in ids(shop.ana)
    assert "stool" in lines(shop.ana)
    shop.a.skills[Skill.CARPENTRY - 1] = 0
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    assert "no sabes hacer nada" in lines(shop.ana)


async def test_an_order_is_forged_in_cycles_and_then_over(shop: Duel) -> None:
    set_anvil(shop)
    shop.give(shop.a, Slot(389, 1, equipped=True), Slot(386, 9))
    await order(shop, 2, 1, SMITH, 800)
    assert shop.held(3) == Slot(800, 1)
    assert (41, 50, 50) in [packet.values for packet in shop.bob.seen if packet.id == SOUND]
    assert shop.a.plebeian == 32
    for _ in range(2):
        shop.clock.advance(1000)
        shop.ana.send(bytes((SMITH,)) + struct.pack("<h", 800))
    await shop.hear()
    assert shop.held(2) == Slot(386, 5)
    assert shop.held(3) == Slot(800, 2)
    shop.clock.advance(1000)
    shop.ana.send(bytes((SMITH,)) + struct.pack("<h", 800))
    await shop.hear()
    assert ids(shop.ana).count(STOPPED) == 1
    assert shop.held(3) == Slot(800, 2)


async def test_forging_takes_hammer_anvil_recipe_and_time(shop: Duel) -> None:
    shop.give(shop.a, Slot(389, 1, equipped=True), Slot(386, 9))
    await order(shop, 9, 1, SMITH, 800)
    assert "yunque a la vista" in lines(shop.ana)
    set_anvil(shop)
    await order(shop, 9, 1, SMITH, 802)
    await order(shop, 9, 1, SMITH, -1)
    assert shop.held(3) is None
    await order(shop, 9, 1, SMITH, 800)
    shop.ana.send(bytes((SMITH,)) + struct.pack("<h", 800))
    await shop.hear()
    assert shop.held(3) == Slot(800, 1)
    shop.a.inventory[0] = Slot(389, 1)
    shop.running.app.game.world.dress(shop.a)
    await order(shop, 9, 1, SMITH, 800)
    assert "herramienta" in lines(shop.ana)
    assert shop.held(3) == Slot(800, 1)


async def test_building_takes_the_saw_in_hand(shop: Duel) -> None:
    shop.give(shop.a, Slot(198, 1, equipped=True), Slot(58, 7))
    await order(shop, 5, 1, CARPENTER, 802)
    assert shop.held(3) == Slot(802, 1)
    assert shop.held(2) == Slot(58, 4)
    await order(shop, 5, 1, CARPENTER, 800)
    await order(shop, 5, 1, CARPENTER, 802)
    await order(shop, 5, 1, CARPENTER, 802)
    assert "materiales" in lines(shop.ana)
    assert STOPPED in ids(shop.ana)


async def test_a_thing_is_improved(shop: Duel) -> None:
    shop.give(shop.a, Slot(389, 1, equipped=True), Slot(800, 1), Slot(386, 3))
    shop.clock.advance(1000)
    shop.ana.send(bytes((UPGRADE,)) + struct.pack("<h", 800))
    await shop.hear()
    assert [slot for slot in shop.a.inventory if slot is not None][1:] == [Slot(801, 1)]
    shop.clock.advance(1000)
    shop.ana.send(bytes((UPGRADE,)) + struct.pack("<h", 801))
    await shop.hear()
    shop.give(shop.a, Slot(389, 1, equipped=True), Slot(800, 1))
    shop.clock.advance(1000)
    shop.ana.send(bytes((UPGRADE,)) + struct.pack("<h", 800))
    await shop.hear()
    assert "materiales" in lines(shop.ana)


async def test_ore_is_smelted_in_a_forge(shop: Duel) -> None:
    shop.give(shop.a, Slot(192, 30))
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    asked = coded(shop.ana, 17)
    assert asked is not None
    assert asked.values[1] == SMELT
    await shop.act(CLICK, 51, 48, SMELT)
    assert "fragua" in lines(shop.ana)
    await shop.act(CLICK, 52, 48, SMELT)
    assert shop.held(1) == Slot(192, 16)
    assert shop.held(2) == Slot(386, 1)
    shop.give(shop.a, Slot(58, 1))
    shop.clock.advance(1000)
    await shop.act(CLICK, 52, 48, SMELT)
    assert STOPPED in ids(shop.ana)
    assert shop.held(1) == Slot(58, 1)


async def test_arms_are_melted_down_and_come_off(shop: Duel) -> None:
    world = shop.running.app.game.world
    world.data.items[800] = structs.replace(BLADE, iron=50)
    shop.give(shop.a, Slot(800, 1, equipped=True))
    shop.clock.advance(1000)
    await shop.act(USE, 1)
    await shop.act(CLICK, 52, 48, SMELT)
    assert shop.held(1) == Slot(386, 5)
    assert shop.a.gear.weapon is None
    assert "fundido blade y recuperado el 10 %" in lines(shop.ana)


async def test_orders_may_be_typed(shop: Duel) -> None:
    set_anvil(shop)
    shop.give(shop.a, Slot(389, 1, equipped=True), Slot(386, 9))
    shop.clock.advance(1000)
    shop.ana.talk("/forjar Blade")
    await shop.hear()
    assert shop.held(3) == Slot(800, 1)
    shop.clock.advance(1000)
    shop.ana.talk("/forjar 2 blade")
    await shop.hear()
    assert shop.held(3) == Slot(800, 2), "who is no worker makes one at a time"
    shop.ana.talk("/forjar cosa")
    shop.ana.talk("/construir")
    await shop.hear()
    assert "blade, sabre" in lines(shop.ana)
    assert "stool" in lines(shop.ana)
    shop.a.hp = 0
    shop.ana.talk("/construir stool")
    await shop.hear()
    assert "Estas muerto" in lines(shop.ana)


async def test_who_makes_something_breaks_off_its_trade(shop: Duel) -> None:
    shop.give(shop.a, Slot(198, 1, equipped=True), Slot(58, 9))
    shop.a.clicked, shop.b.clicked = shop.b, shop.a
    shop.ana.send(bytes((TRADE,)))
    await shop.hear()
    shop.bob.send(bytes((TRADE,)))
    await shop.hear()
    assert shop.a.trading
    await order(shop, 1, 1, CARPENTER, 802)
    assert shop.a.trade is None
    assert shop.b.trade is None
    assert TRADE_OVER in ids(shop.bob)
    assert shop.held(3) == Slot(802, 1)
