from __future__ import annotations

import pytest
from tests.support.byte_client import SOUTH
from tests.support.duel import SOUND, USE, BeginDuel, Duel, coded, lines, values

from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.inventory import Pile
from pyao.rules.kinds import ObjectType, Skill
from pyao.world.map_room import GroundItem

CLICK, DOUBLE_CLICK, STAMINA = 33, 27, 15
ROD = Item(number=138, name="rod", kind=ObjectType.WEAPON, graphic=1)
AXE = Item(number=127, name="axe", kind=ObjectType.WEAPON, graphic=1)
PICK = Item(number=187, name="pick", kind=ObjectType.WEAPON, graphic=1)
KNIFE = Item(number=15, name="knife", kind=ObjectType.WEAPON, graphic=1, smithing_skill=10)
FISH = Item(number=139, name="fish", kind=ObjectType.USE_ONCE, graphic=1)
LOG = Item(number=58, name="log", kind=ObjectType.FIREWOOD, graphic=1)
TWIGS = Item(number=136, name="twigs", kind=ObjectType.FIREWOOD, graphic=1)
FIRE = Item(number=63, name="fire", kind=ObjectType.CAMPFIRE, graphic=1, fixed=True)
IRON_ORE = Item(number=192, name="ore", kind=ObjectType.MINERAL, graphic=1)
TREE = Item(number=4, name="tree", kind=ObjectType.TREE, graphic=1)
VEIN = Item(number=188, name="vein", kind=ObjectType.ORE_DEPOSIT, graphic=1, ore=192)
THINGS = (ROD, AXE, PICK, KNIFE, FISH, LOG, TWIGS, FIRE, IRON_ORE, TREE, VEIN)


@pytest.fixture(name="wild")
async def wild_fixture(begin_duel: BeginDuel) -> Duel:
    """Return a duel beside a tree, a vein and a pond."""
    duel = await begin_duel(*THINGS)
    duel.a.assigned_points = 10
    room = duel.running.app.game.world.maps[2]
    for item, x, y in ((TREE, 50, 48), (VEIN, 49, 51)):
        room.lay(x, y, GroundItem(item, 1, fixed=True))
    return duel


async def use(duel: Duel, tool: Item) -> None:
    duel.give(duel.a, Slot(tool.number, 1, equipped=True))
    duel.clock.advance(1000)
    await duel.act(USE, 1)


async def click(duel: Duel, skill: Skill, x: int, y: int) -> None:
    duel.clock.advance(1000)
    await duel.act(CLICK, x, y, int(skill))


@pytest.mark.parametrize(
    ("tool", "skill", "at", "item", "sound", "cost"),
    [
        (ROD, Skill.FISHING, (45, 45), 139, 14, 3),
        (AXE, Skill.WOODCUTTING, (50, 48), 58, 13, 4),
        (PICK, Skill.MINING, (49, 51), 192, 15, 5),
    ],
    ids=["fish", "wood", "ore"],
)
async def test_a_tool_a_click_and_luck_bring_something_home(
    wild: Duel, tool: Item, skill: Skill, at: tuple[int, int], item: int, sound: int, cost: int
) -> None:
    await use(wild, tool)
    asked = coded(wild.ana, 17)
    assert asked is not None
    assert asked.values[1] == skill
    before = wild.a.stamina
    await click(wild, skill, *at)
    assert wild.held(2) == Slot(item, 1)
    assert wild.a.stamina == before - cost
    assert values(wild.ana, STAMINA)[-1] == (before - cost,)
    assert (sound, 50, 50) in values(wild.bob, SOUND)
    assert wild.a.skill_experience[skill - 1] == 50
    assert wild.a.plebeian == 32


async def test_failures_are_told_once_and_teach_less(wild: Duel) -> None:
    await use(wild, ROD)
    wild.dice.high = True
    for _ in range(3):
        await click(wild, Skill.FISHING, 45, 45)
    assert lines(wild.ana).count("No pica nada") == 1
    assert wild.a.skill_experience[Skill.FISHING - 1] == 60
    wild.dice.high = False
    await click(wild, Skill.FISHING, 45, 45)
    wild.dice.high = True
    await click(wild, Skill.FISHING, 45, 45)
    assert lines(wild.ana).count("No pica nada") == 2


async def test_work_takes_its_interval(wild: Duel) -> None:
    await use(wild, ROD)
    await click(wild, Skill.FISHING, 45, 45)
    await wild.act(CLICK, 45, 45, int(Skill.FISHING))
    assert wild.held(2) == Slot(139, 1)
    wild.clock.advance(700)
    await wild.act(CLICK, 45, 45, int(Skill.FISHING))
    assert wild.held(2) == Slot(139, 2)


async def test_refusals_are_told(wild: Duel) -> None:
    await use(wild, AXE)
    await click(wild, Skill.FISHING, 45, 45)
    await click(wild, Skill.WOODCUTTING, 50, 47)
    await click(wild, Skill.MINING, 49, 51)
    wild.a.stamina = 1
    await click(wild, Skill.WOODCUTTING, 50, 48)
    told = lines(wild.ana)
    assert told.count("herramienta adecuada") == 2
    assert "ningun arbol" in told
    assert "cansado" in told
    assert wild.a.stamina == 1


async def test_what_a_full_bag_does_not_hold_lies_beside_it(wild: Duel) -> None:
    await use(wild, ROD)
    wild.a.inventory[1:] = [Slot(58, 10_000) for _ in range(24)]
    await click(wild, Skill.FISHING, 45, 45)
    ground = wild.running.app.game.world.maps[2].ground.values()
    assert any(pile.item.number == 139 for pile in ground)


async def test_logs_become_twigs_and_twigs_a_fire_to_rest_at(wild: Duel) -> None:
    world = wild.running.app.game.world
    room = world.maps[2]
    world.set_ground(room, 50, 51, Pile(58, 10))
    await wild.settle()
    await wild.act(26, 50, 51)
    await use(wild, KNIFE)
    at = 50 * 100 + 49
    assert (room.ground[at].item.number, room.ground[at].amount) == (136, 3)
    room.data.zone = "CIUDAD"
    await wild.act(DOUBLE_CLICK, 50, 51)
    assert "prohibido" in lines(wild.ana)
    room.data.zone = "BOSQUE"
    await wild.act(DOUBLE_CLICK, 50, 51)
    assert room.ground[at].item.number == 63
    wild.a.stamina = 10
    await wild.act(78)
    assert wild.a.resting
    assert wild.a.skill_experience[Skill.SURVIVAL - 1] == 100


async def test_a_dagger_cuts_twigs_only_in_hand(wild: Duel) -> None:
    room = wild.running.app.game.world.maps[2]
    wild.running.app.game.world.set_ground(room, 50, 51, Pile(58, 10))
    await wild.act(26, 50, 51)
    wild.give(wild.a, Slot(KNIFE.number, 1))
    await wild.act(USE, 1)
    assert "equiparlo" in lines(wild.ana)
    assert not coded(wild.ana, 17)
    assert room.ground[50 * 100 + 49].item.number == 58


async def test_clumsy_hands_make_neither_twigs_nor_fire(wild: Duel) -> None:
    world = wild.running.app.game.world
    room = world.maps[2]
    at = 50 * 100 + 49
    world.set_ground(room, 50, 51, Pile(58, 10))
    wild.dice.high = True
    await wild.act(26, 50, 51)
    await use(wild, KNIFE)
    assert room.ground[at].item.number == 58
    world.set_ground(room, 50, 51, Pile(136, 1))
    await wild.act(DOUBLE_CLICK, 50, 51)
    assert room.ground[at].item.number == 136
    room.data.safe = True
    await wild.act(DOUBLE_CLICK, 50, 51)
    assert "Aqui no se puede encender" in lines(wild.ana)


async def test_each_attempt_counts_as_work_until_steps_forget_it(wild: Duel) -> None:
    await use(wild, AXE)
    for _ in range(2):
        await click(wild, Skill.WOODCUTTING, 50, 48)
    assert wild.a.working == 2
    for _ in range(4):
        wild.clock.advance(1000)
        wild.ana.walk(SOUTH)
    await wild.hear()
    assert wild.a.working == 0
