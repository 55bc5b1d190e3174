"""The items, spells and people of the starter world: complete, drawable, obtainable, fair."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from tests.support.content_facts import complaints

from pyao.content.client_limits import known_client
from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Change
from pyao.content.starter import STARTER_FOLDER, load_starter
from pyao.content.texts import Language
from pyao.content.world_data import WorldData
from pyao.rules.balance import CLASSES, RACES
from pyao.rules.kinds import CharClass, Direction, NpcRole, ObjectType, SpellTarget

UNTEACHABLE = 101  # a magic skill nobody reaches


@pytest.fixture(scope="module")
def world() -> WorldData:
    return load_starter()


def texts(table: object, key: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every key that holds a text for players, with the table it stands in."""
    if isinstance(table, list):
        for entry in table:
            yield from texts(entry)
    elif isinstance(table, dict):
        for key, value in table.items():  # noqa: PLR1704 - the key of the level below
            if isinstance(value, str) and key in SHOWN:
                yield key, table
            yield from texts(value)


SHOWN = {
    *("name", "description", "text", "caster_text", "target_text", "self_text", "phrases"),
}


@pytest.mark.parametrize("file", ["items.toml", "spells.toml", "npcs.toml"])
def test_every_text_has_its_english_beside(file: str) -> None:
    table = tomllib.loads((STARTER_FOLDER / file).read_text(encoding="utf-8"))
    alone = [holder[key] for key, holder in texts(table) if f"{key}_en" not in holder]
    assert alone == []


def test_names_fit_the_slots_and_labels_of_the_client(world: WorldData) -> None:
    names = [item.name for item in world.items.values()]
    names += [spell.name for spell in world.spells.values()]
    names += [npc.name for npc in world.npcs.values()]
    assert [name for name in names if not 1 < len(name) <= 40] == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_nothing_makes_the_client_complain(language: Language) -> None:
    world = load_starter(language=language)
    assert list(complaints(world, known_client().graphics)) == []
    assert all(item.graphic for item in world.items.values())
    assert all(npc.body for npc in world.npcs.values())


def test_what_a_new_character_is_given_exists_and_is_for_newcomers(world: WorldData) -> None:
    given = {857, 856, 855, 858, 467, 468, *(race.clothes for race in RACES.values())}
    for figures in CLASSES.values():
        given |= {*figures.weapons, figures.ammunition} - {0}
        assert all(spell in world.spells for spell in figures.spells)
    assert all(world.items[number].newbie for number in given)
    for race in RACES.values():
        clothes = world.items[race.clothes]
        assert (clothes.kind, clothes.body) == (ObjectType.ARMOUR, race.body)
        assert clothes.small_races == race.small


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ((12,), ObjectType.MONEY),
        ((127, 187, 138, 543, 198, 389, 1005, 402, 123, 15, 658, 659, 660), ObjectType.WEAPON),
        ((58, 1006, 136), ObjectType.FIREWOOD),
        ((63,), ObjectType.CAMPFIRE),
        ((192, 193, 194), ObjectType.MINERAL),
        ((474, 475, 476), ObjectType.BOAT),
        ((208, 696, 873, 1049, 1050), ObjectType.RING),
        ((139, 544, 545, 546, 467), ObjectType.USE_ONCE),
        ((360, 648), ObjectType.ARMOUR),
        ((874, 875), ObjectType.INSTRUMENT),
    ],
)
def test_numbers_that_the_rules_name_are_what_the_rules_mean(
    world: WorldData, numbers: tuple[int, ...], kind: ObjectType
) -> None:
    assert [world.items[number].kind for number in numbers] == [kind] * len(numbers)


def test_there_is_something_of_every_kind_the_rules_know(world: WorldData) -> None:
    present = {item.kind for item in world.items.values()}
    absent = {ObjectType.CONTAINER, ObjectType.STAIN, ObjectType.BACKPACK}
    assert {int(kind) for kind in ObjectType} - present == {int(kind) for kind in absent}


def test_there_are_spells_of_every_kind_of_effect(world: WorldData) -> None:
    spells = world.spells.values()
    assert sum(1 for spell in spells if spell.min_skill < UNTEACHABLE) >= 25
    for state in (
        *("invisibility", "paralyses", "immobilises", "frees", "ends_stun", "reveals"),
        *("cures_poison", "poisons", "revives", "blinds", "stuns", "mimics", "calls_pet"),
        *("summons", "staff_affected"),
    ):
        assert any(getattr(spell, state) for spell in spells), state
    changes = {
        (name, Direction(change.direction))
        for spell in spells
        for name in spell.__struct_fields__
        if isinstance(change := getattr(spell, name), Change) and change.direction
    }
    for name in ("hp", "agility", "strength", "hunger", "thirst"):
        assert {(name, Direction.RAISE), (name, Direction.LOWER)} <= changes
    assert {("mana_points", Direction.RAISE), ("stamina_points", Direction.RAISE)} <= changes
    targets = {spell.target for spell in spells}
    assert {SpellTarget.USER, SpellTarget.USER_OR_NPC, SpellTarget.GROUND} <= targets


def test_every_spell_a_player_can_cast_can_be_learnt(world: WorldData) -> None:
    taught = {item.spell for item in world.items.values() if item.kind == ObjectType.SCROLL}
    castable = {it.number for it in world.spells.values() if it.min_skill < UNTEACHABLE}
    assert taught == castable
    sold_or_dropped = {pile.number for pile in piles(world)}
    scrolls = {it.number for it in world.items.values() if it.kind == ObjectType.SCROLL}
    assert scrolls <= sold_or_dropped


def piles(world: WorldData) -> list[Pile]:
    return [pile for npc in world.npcs.values() for pile in (*npc.stock, *npc.drops)]


def test_everybody_a_town_needs_is_there(world: WorldData) -> None:
    roles = {npc.role for npc in world.npcs.values()}
    wanted = set(NpcRole) - {NpcRole.PRETORIAN}
    assert wanted <= roles
    merchants = [npc for npc in world.npcs.values() if npc.trades]
    assert len({npc.buys for npc in merchants}) >= 10
    assert all(npc.stock for npc in merchants)
    assert len(world.npcs) >= 30
    spoken = [npc for npc in world.npcs.values() if npc.trades or npc.role]
    silent = {NpcRole.CHAOS_GUARD, NpcRole.DRAGON}
    assert all(len(npc.description) > 1 for npc in spoken if npc.role not in silent)


def foes(world: WorldData) -> list[NpcKind]:
    return [npc for npc in world.npcs.values() if npc.hostile and npc.experience and npc.drops]


def test_there_are_foes_for_every_level_and_they_grow_harder(world: WorldData) -> None:
    graded = sorted(foes(world), key=lambda npc: npc.experience)
    assert len(graded) >= 13
    for weaker, stronger in pairwise(graded):
        assert stronger.max_hp >= weaker.max_hp
        assert stronger.experience <= weaker.experience * 2.5
    for weaker, stronger in pairwise(npc for npc in graded if not npc.spells):
        assert stronger.max_hit >= weaker.max_hit
    assert graded[0].max_hit <= 4  # a newcomer has 16 to 22 hit points
    assert graded[-1].max_hp > 5_000  # the boss is for a group


def test_crafting_never_pays_less_material_than_it_sells_for(world: WorldData) -> None:
    price = {number: item.price for number, item in world.items.items()}
    for item in world.items.values():
        bought = item.iron * price[386] + item.silver * price[387] + item.gold * price[388]
        bought += item.wood * price[58] + item.elven_wood * price[1006]
        if bought:
            assert item.price / 3 <= bought, item.name


def test_recipes_make_what_their_trade_can(world: WorldData) -> None:
    recipes = world.rulebook.recipes
    for number in (*recipes.smith_weapons, *recipes.smith_armours):
        assert world.items[number].smithing_skill
        assert world.items[number].iron
    for number in recipes.carpenter:
        assert world.items[number].carpentry_skill
        assert world.items[number].wood or world.items[number].elven_wood
    made = {*recipes.smith_weapons, *recipes.smith_armours, *recipes.carpenter}
    skilled = {it.number for it in world.items.values() if it.smithing_skill or it.carpentry_skill}
    assert made == skilled


def test_doors_and_keys_and_bottles_lead_to_one_another(world: WorldData) -> None:
    items = world.items
    for door in (it for it in items.values() if it.kind == ObjectType.DOOR):
        assert not items[door.open_item].closed
        assert items[door.closed_item].closed
        assert not items[door.closed_item].locked
        assert items[door.locked_item].locked
        keys = [it for it in items.values() if it.kind == ObjectType.KEY]
        assert any(key.key_code == door.key_code for key in keys)
    assert items[items[534].open_item].kind == ObjectType.FULL_BOTTLE
    assert items[items[533].closed_item].kind == ObjectType.EMPTY_BOTTLE


def obtainable(world: WorldData) -> set[int]:
    """Collect what is sold, dropped, lying about, given to newcomers or made from what is."""
    found = {pile.number for pile in piles(world)}
    found |= {number for entry in world.maps.values() for _, number, _ in entry.objects}
    found |= {number for number, item in world.items.items() if item.newbie}
    recipes = world.rulebook.recipes
    found |= {*recipes.smith_weapons, *recipes.smith_armours, *recipes.carpenter}
    for armours in world.rulebook.faction_armour.values():
        given = (armours.royal_tall, armours.royal_short, armours.chaos_tall, armours.chaos_short)
        found |= {number for three in given for number in three} - {0}
    dug = {world.items[number].ore for number in found} - {0}
    smelted = {world.items[number].ingot for number in dug} - {0}
    full = {world.items[number].open_item for number in found}
    fished = {139, 544, 545, 546}
    felled = {58, 1006}
    return found | dug | smelted | full | fished | felled


def test_nothing_is_in_the_world_that_nobody_can_get(world: WorldData) -> None:
    movable = {number for number, item in world.items.items() if not item.fixed}
    assert sorted(movable - obtainable(world)) == []


def test_everybody_and_every_sign_stands_somewhere(world: WorldData) -> None:
    placed = {number for entry in world.maps.values() for _, number in entry.npcs}
    called = {it.creature for it in world.spells.values()}
    called |= {one.number for npc in world.npcs.values() for one in npc.creatures}
    centinel = {16}  # the one who asks players whether they are awake comes by itself
    assert world.npcs.keys() - placed - called - centinel == set()
    lying = {number for entry in world.maps.values() for _, number, _ in entry.objects}
    signs = {it.number for it in world.items.values() if it.kind == ObjectType.SIGN}
    assert signs <= lying


def sold_to(world: WorldData, of: CharClass, kind: ObjectType) -> list[Item]:
    """List what a class may buy of a kind, dearest last; nothing for members of a faction."""
    goods = {pile.number for npc in world.npcs.values() for pile in npc.stock}
    return sorted(
        (
            item
            for number in goods
            if (item := world.items[number]).kind == kind
            and of not in item.forbidden_classes
            and not (item.royal or item.chaos)
        ),
        key=lambda item: item.price,
    )


@pytest.mark.parametrize("of", list(CharClass), ids=lambda of: of.name.lower())
def test_every_class_finds_something_better_to_buy_on_its_way(
    world: WorldData, of: CharClass
) -> None:
    weapons = sold_to(world, of, ObjectType.WEAPON)
    arms = [it for it in weapons if it.max_hit > 3 or it.staff_power]
    assert len(arms) >= 3
    assert arms[0].price <= 500, "the first one for the gold of an hour"
    for small in (False, True):
        clothes = [it for it in sold_to(world, of, ObjectType.ARMOUR) if it.small_races is small]
        better = [it for it in clothes if it.max_defense >= 8]
        assert better, small
        assert better[0].price <= 1_500
        assert max(it.max_defense for it in clothes) >= 20
    if CLASSES[of].mana_per_int:
        assert sold_to(world, of, ObjectType.SCROLL)


def test_every_trade_has_tools_material_a_workshop_and_a_buyer(world: WorldData) -> None:
    goods = {pile.number for npc in world.npcs.values() for pile in npc.stock}
    axe, old_axe, saw, pick, hammer, rod, net = 127, 1005, 198, 187, 389, 138, 543
    assert {axe, old_axe, saw, pick, hammer, rod, net} <= goods
    towns = (1, 62)
    kinds = {
        number: {world.items[item].kind for _, item, _ in entry.objects}
        for number, entry in world.maps.items()
    }
    for town in towns:
        assert {ObjectType.ANVIL, ObjectType.FORGE} <= kinds[town]
    trees = [number for number, here in kinds.items() if ObjectType.TREE in here]
    assert {8, 18} <= set(trees), "beside the town"
    veins = {
        world.items[item].ore
        for entry in world.maps.values()
        for _, item, _ in entry.objects
        if world.items[item].kind == ObjectType.ORE_DEPOSIT
    }
    assert len(veins) == 3
    assert any(ObjectType.FISHING_DEPOSIT in here for here in kinds.values())
    water = [number for number, entry in world.maps.items() if any(b & 4 for b in entry.flags)]
    assert {62, 83} <= set(water)
    bought = {npc.buys for npc in world.npcs.values() if npc.trades}
    assert {ObjectType.FIREWOOD, ObjectType.MINERAL, ObjectType.USE_ONCE} <= bought


def test_both_armies_have_something_for_everybody_to_wear(world: WorldData) -> None:
    armours = world.rulebook.faction_armour
    assert set(armours) == set(CharClass)
    for char_class, given in armours.items():
        for royal, small, three in (
            (True, False, given.royal_tall),
            (True, True, given.royal_short),
            (False, False, given.chaos_tall),
            (False, True, given.chaos_short),
        ):
            for item in (world.items[number] for number in three if number):
                assert (item.royal, item.chaos, item.small_races) == (royal, not royal, small)
                assert char_class not in item.forbidden_classes, (item.name, char_class)
