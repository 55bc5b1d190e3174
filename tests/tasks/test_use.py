from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG
from tests.support.duel import INVISIBLE, SOUND, USE, BeginDuel, Duel, coded, lines, values
from tests.support.things import APPLE, BARGE, SWORD
from tests.support.world import DOOR

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, Faction, ObjectType, Potion, Skill

SLOT, NEEDS, STATS, GOLD, SPELL, OBJECT, LOOK = 47, 60, 45, 18, 49, 35, 34
CLICK, DRINK_SOUND, EAT_SOUND, APPLE_SOUND = 26, 46, 7, 82
POND = (45, 42)  # the eastern shore is x = 46


def potion(kind: Potion, low: int = 0, high: int = 0, ticks: int = 0) -> Item:
    return Item(
        number=800,
        name="potion",
        kind=ObjectType.POTION,
        potion=kind,
        min_effect=low,
        max_effect=high,
        effect_ticks=ticks,
    )


async def using(begin_duel: BeginDuel, item: Item, amount: int = 1, **classes: int) -> Duel:
    """Begin a duel in which Ana has one kind of thing in her first slot."""
    duel = await begin_duel(item, **classes)
    duel.give(duel.a, Slot(item.number, amount))
    return duel


async def test_food_stills_hunger_and_is_gone(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, APPLE, 2)
    duel.a.hunger = 50
    await duel.act(USE, 1)
    assert duel.a.hunger == 70
    assert values(duel.ana, NEEDS) == [(100, 100, 100, 70)]
    assert values(duel.ana, SLOT)[0][:4] == (1, APPLE.number, "apple", 1)
    assert values(duel.bob, SOUND) == [(APPLE_SOUND, 50, 50)]


async def test_things_are_not_used_faster_than_the_interval(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, APPLE, 5)
    await duel.act(USE, 1)
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(APPLE.number, 4)


async def test_a_full_bottle_leaves_an_empty_one_and_water_fills_it(begin_duel: BeginDuel) -> None:
    empty = Item(number=801, name="empty", kind=ObjectType.EMPTY_BOTTLE, open_item=802)
    full = Item(number=802, name="full", kind=ObjectType.FULL_BOTTLE, thirst=10, closed_item=801)
    duel = await begin_duel(empty, full)
    duel.give(duel.a, Slot(802, 1))
    duel.a.thirst = 50
    await duel.act(USE, 1)
    assert duel.a.thirst == 60
    assert duel.held(1) == Slot(801, 1)
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert "agua" in lines(duel.ana)
    await duel.act(CLICK, 45, 45)
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(802, 1)


async def test_a_strength_potion_lasts_as_long_as_it_says(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.STRENGTH, 3, 5, 100))
    before = duel.a.current.strength
    await duel.act(USE, 1)
    assert duel.a.current.strength == before + 3
    assert values(duel.ana, 101) == [(before + 3,)]
    assert values(duel.bob, SOUND) == [(DRINK_SOUND, 50, 50)]
    duel.pass_time(5_000)
    assert duel.a.current.strength == before
    await duel.hear()
    assert values(duel.ana, 100)


async def test_an_agility_potion_shows_agility(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.AGILITY, 2, 2, 100))
    await duel.act(USE, 1)
    assert values(duel.ana, 102) == [(duel.a.current.agility,)]


async def test_a_red_potion_heals_and_a_blue_one_brings_mana(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.HEALTH, 30, 30))
    duel.a.hp = 50
    await duel.act(USE, 1)
    assert duel.ana.hp == duel.a.hp == 80
    assert duel.held(1) is None


async def test_a_violet_potion_cures(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.CURE))
    duel.a.poisoned = True
    await duel.act(USE, 1)
    assert not duel.a.poisoned


async def test_a_black_potion_kills(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.DEATH))
    await duel.act(USE, 1)
    assert duel.a.dead
    assert duel.ana.hp == 0
    assert duel.held(1) is None


async def test_a_fighter_waits_before_it_drinks(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, potion(Potion.HEALTH, 30, 30))
    await duel.attack()
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(800, 1)
    duel.clock.advance(1200)
    await duel.act(USE, 1)
    assert duel.held(1) is None


async def test_what_is_used_up_stands_in_the_ledger(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, APPLE)
    await duel.act(USE, 1)
    (line,) = duel.running.app.game.changes.ledger
    assert (line["cause"], line["item"], line["amount"]) == ("used", str(APPLE.number), "1")


async def test_nothing_is_used_in_a_trance(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, APPLE, ana=CharClass.MAGE)
    await duel.act(79)
    await duel.act(USE, 1)
    assert coded(duel.ana, 11)
    assert duel.held(1) == Slot(APPLE.number, 1)


async def test_the_dead_and_empty_slots_use_nothing(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, APPLE)
    for slot in (0, 2, 26, 255):
        await duel.act(USE, slot)
    duel.a.hp = 0
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(APPLE.number, 1)
    assert not duel.ana.closed


async def test_a_scroll_teaches_its_spell_once(begin_duel: BeginDuel) -> None:
    scroll = Item(number=803, name="scroll", kind=ObjectType.SCROLL, spell=2)
    duel = await using(begin_duel, scroll, 2, ana=CharClass.CLERIC)
    duel.a.spells[:] = [0] * 35
    await duel.act(USE, 1)
    assert duel.a.spells[0] == 2
    assert values(duel.ana, SPELL) == [(1, 2, "Dart")]
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(803, 1)
    assert "Ya conoces" in lines(duel.ana)


async def test_those_without_mana_learn_nothing(begin_duel: BeginDuel) -> None:
    scroll = Item(number=803, name="scroll", kind=ObjectType.SCROLL, spell=2)
    duel = await using(begin_duel, scroll)
    await duel.act(USE, 1)
    assert duel.held(1) == Slot(803, 1)
    assert values(duel.ana, CONSOLE_MSG)


async def test_gold_in_the_bag_goes_into_the_purse(duel: Duel) -> None:
    duel.give(duel.a, Slot(12, 70))
    duel.a.gold = 5
    await duel.act(USE, 1)
    assert values(duel.ana, GOLD) == [(75,)]
    assert duel.held(1) is None


@pytest.mark.parametrize(
    ("number", "skill"), [(563, 12), (561, 9), (562, 13), (565, 15), (138, 12), (1005, 9)]
)
async def test_a_tool_in_hand_asks_for_its_target(
    begin_duel: BeginDuel, number: int, skill: int
) -> None:
    tool = Item(number=number, name="tool", kind=ObjectType.WEAPON)
    duel = await using(begin_duel, tool)
    await duel.act(USE, 1)
    assert not coded(duel.ana, 17)
    duel.give(duel.a, Slot(number, 1, equipped=True))
    duel.clock.advance(200)
    await duel.act(USE, 1)
    asked = coded(duel.ana, 17)
    assert asked is not None
    assert asked.values == (17, skill)


async def test_ore_and_forged_arms_ask_for_a_forge(begin_duel: BeginDuel) -> None:
    ore = Item(number=804, name="ore", kind=ObjectType.MINERAL)
    axe = Item(number=805, name="axe", kind=ObjectType.WEAPON, smithing_skill=10)
    duel = await begin_duel(ore, axe)
    duel.give(duel.a, Slot(804, 1), Slot(805, 1), Slot(SWORD.number, 1))
    for slot in (1, 2, 3):
        await duel.act(USE, slot)
        duel.clock.advance(200)
    assert values(duel.ana, 104) == [(17, 88), (17, 88)]


async def test_a_key_locks_and_unlocks_its_door(begin_duel: BeginDuel) -> None:
    key = Item(number=806, name="key", kind=ObjectType.KEY, key_code=7)
    wrong = Item(number=807, name="other key", kind=ObjectType.KEY, key_code=8)
    shut = Item(
        number=20,
        name="door",
        kind=ObjectType.DOOR,
        graphic=500,
        closed=True,
        open_item=21,
        locked_item=808,
        closed_item=20,
        key_code=7,
    )
    locked = Item(
        number=808,
        name="locked",
        kind=ObjectType.DOOR,
        graphic=502,
        closed=True,
        locked=True,
        closed_item=20,
        key_code=7,
    )
    duel = await begin_duel(key, wrong, shut, locked)
    duel.give(duel.a, Slot(806, 1), Slot(807, 1))
    await duel.act(USE, 1)
    assert "no es una puerta" in lines(duel.ana)
    await duel.place(2, DOOR[0], DOOR[1] + 2)
    await duel.act(CLICK, *DOOR)
    duel.clock.advance(200)
    await duel.act(USE, 2)
    assert "no abre" in lines(duel.ana)
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert values(duel.bob, OBJECT) == [(*DOOR, 502)]
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert values(duel.bob, OBJECT) == [(*DOOR, 502), (*DOOR, 500)]


async def test_an_instrument_is_heard_and_a_horn_calls_its_own(begin_duel: BeginDuel) -> None:
    drum = Item(number=362, name="drum", kind=ObjectType.INSTRUMENT, sounds=(48,))
    horn = Item(number=874, name="horn", kind=ObjectType.INSTRUMENT, sounds=(122,), royal=True)
    duel = await begin_duel(drum, horn)
    duel.give(duel.a, Slot(362, 1), Slot(874, 1))
    await duel.act(USE, 1)
    assert values(duel.bob, SOUND) == [(48, 50, 50)]
    duel.clock.advance(200)
    await duel.act(USE, 2)
    assert (122, 50, 50) not in values(duel.bob, SOUND)
    duel.a.faction = duel.b.faction = Faction.ROYAL
    await duel.away()
    duel.clock.advance(200)
    await duel.act(USE, 2)
    assert values(duel.bob, SOUND) == [(122, 50, 50)]
    assert "noreste" in lines(duel.bob)


# --- boats -------------------------------------------------------------------------------------


async def afloat(begin_duel: BeginDuel) -> Duel:
    duel = await using(begin_duel, BARGE, ana=CharClass.PIRATE)
    duel.a.level = 25
    duel.a.skills[Skill.NAVIGATION - 1] = 50
    return duel


async def test_a_boat_is_boarded_at_the_shore_and_left_there(begin_duel: BeginDuel) -> None:
    duel = await afloat(begin_duel)
    await duel.act(USE, 1)
    assert "sailing" not in duel.ana.flags
    await duel.place(2, 46, 42)
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert "sailing" in duel.ana.flags
    assert duel.a.sailing
    assert duel.bob.figures[duel.a.index].body == 395
    assert duel.bob.figures[duel.a.index].head == 0
    duel.ana.walk(4)
    await duel.hear()
    assert (duel.a.x, duel.a.y) == POND
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert "sailing" not in duel.ana.flags
    assert (duel.a.x, duel.a.y) != POND
    assert duel.bob.figures[duel.a.index].head == 5


async def test_nobody_lands_at_sea(begin_duel: BeginDuel) -> None:
    duel = await afloat(begin_duel)
    duel.a.sailing = True
    duel.ana.flags.add("sailing")
    duel.give(duel.a, Slot(BARGE.number, 1, equipped=True))
    duel.running.app.game.world.warp(duel.a, 2, 43, 43)
    await duel.settle()
    await duel.act(USE, 1)
    assert duel.a.sailing
    assert "costa" in lines(duel.ana)


async def test_boarding_shows_who_was_out_of_sight(begin_duel: BeginDuel) -> None:
    duel = await afloat(begin_duel)
    await duel.place(2, 46, 42)
    await duel.veil(duel.a, hidden=True, invisible=True)
    await duel.act(USE, 1)
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 0)]
    assert not duel.a.hidden
    duel.clock.advance(200)
    await duel.act(USE, 1)
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 0), (duel.a.index, 1)]


async def test_a_beginner_does_not_sail(begin_duel: BeginDuel) -> None:
    duel = await using(begin_duel, BARGE)
    await duel.place(2, 46, 42)
    await duel.act(USE, 1)
    assert not duel.a.sailing
    assert "navegar" in lines(duel.ana)
