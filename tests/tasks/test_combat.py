from __future__ import annotations

import pytest
from msgspec import structs
from tests.support.byte_client import NORTH
from tests.support.duel import (
    ARENA,
    ATTACK,
    CLICK,
    EFFECT,
    SOUND,
    TAG,
    USE,
    BeginDuel,
    Duel,
    coded,
    lines,
    values,
)
from tests.support.things import ARROWS, BOW, DAGGER, SHIELD, SWORD

from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.rules.character import Slot
from pyao.rules.kinds import CharClass, Faction, Heading, ObjectType, Skill

STAMINA, EXPERIENCE, SLOT, OBJECT, GHOST = 15, 20, 47, 35, (8, 500)
SWING, IMPACT, SHIELD_SOUND = 2, 10, 37
RANGED = int(Skill.PROJECTILES)


async def test_a_blow_is_told_by_index_to_both_and_costs_blood(duel: Duel) -> None:
    await duel.attack()
    hit = coded(duel.ana, 16)
    suffered = coded(duel.bob, 15)
    assert hit is not None
    assert suffered is not None
    damage = 100 - duel.b.hp
    assert hit.values == (16, duel.b.index, 1, damage)
    assert suffered.values == (15, duel.a.index, 1, damage)
    assert duel.bob.hp == duel.b.hp < 100
    assert (duel.b.index, 14, 0) in values(duel.ana, EFFECT)
    assert (IMPACT, 50, 50) in values(duel.bob, SOUND)
    assert values(duel.ana, STAMINA) == [(499,)]


async def test_a_miss_is_told_to_both(duel: Duel) -> None:
    duel.dice.high = True
    await duel.attack()
    missed = coded(duel.bob, 14)
    assert missed is not None
    assert missed.values == (14, duel.a.index)
    assert coded(duel.ana, 5)
    assert (SWING, 50, 50) in values(duel.ana, SOUND)
    assert duel.b.hp == 100


async def test_a_shield_takes_credit_for_a_miss(duel: Duel) -> None:
    duel.give(duel.b, Slot(SHIELD.number, 1, equipped=True))
    duel.dice.fall(1, 100, 1)  # stamina, the blow, the shield
    await duel.attack()
    assert coded(duel.bob, 3)
    assert coded(duel.ana, 4)
    assert (SHIELD_SOUND, 51, 50) in values(duel.bob, SOUND)


async def test_attacking_a_citizen_makes_a_criminal_that_all_see(duel: Duel) -> None:
    await duel.attack()
    assert duel.a.criminal
    assert values(duel.bob, TAG) == [(duel.a.index, 1, "Ana")]
    assert values(duel.ana, TAG) == [(duel.a.index, 1, "Ana")]


async def test_a_legionary_who_is_forgiven_is_expelled(duel: Duel) -> None:
    wolf = await duel.wolf()
    wolf.kind = structs.replace(wolf.kind, alignment=1)
    duel.a.heading = Heading.NORTH
    duel.a.faction = Faction.CHAOS
    duel.a.noble, duel.a.plebeian, duel.a.bandit = 0, 30, 34
    assert duel.a.criminal
    await duel.attack()
    assert duel.a.faction is Faction.NONE
    assert values(duel.bob, TAG) == [(duel.a.index, 2, "Ana")]
    assert "expulsado" in lines(duel.ana)


@pytest.mark.parametrize("refused", ["lock", "safe map", "dead", "half an arena"])
async def test_who_may_not_be_attacked_is_not_hurt(duel: Duel, refused: str) -> None:
    if refused == "lock":
        duel.a.safe = True
    elif refused == "safe map":
        await duel.place(1, 60, 75)
    elif refused == "dead":
        duel.b.hp = 0
    else:
        await duel.place(2, ARENA[0] - 3, ARENA[1])
    before = duel.b.hp
    duel.ana.seen.clear()
    await duel.attack()
    assert duel.b.hp == before
    assert not coded(duel.ana, 16)
    assert bool(lines(duel.ana)) == (refused != "half an arena")


async def test_a_swing_in_the_air_is_heard_and_tires(duel: Duel) -> None:
    duel.a.heading = Heading.NORTH
    await duel.attack()
    assert values(duel.ana, SOUND) == [(SWING, 50, 50)]
    assert duel.a.stamina == 499


async def test_the_tired_do_not_strike(duel: Duel) -> None:
    duel.a.stamina = 9
    await duel.attack()
    assert duel.b.hp == 100
    assert "cansado" in lines(duel.ana)


async def test_blows_do_not_come_faster_than_the_interval(duel: Duel) -> None:
    await duel.attack()
    hp = duel.b.hp
    await duel.act(ATTACK)
    assert duel.b.hp == hp


async def test_a_killer_is_paid_and_judged_and_the_victim_is_a_ghost(duel: Duel) -> None:
    duel.b.hp = 1
    duel.b.level = 20
    await duel.attack()
    won, lost = coded(duel.ana, 18), coded(duel.bob, 19)
    assert won is not None
    assert lost is not None
    assert won.values == (18, duel.b.index, 40)
    assert lost.values == (19, duel.a.index)
    assert values(duel.ana, EXPERIENCE)[-1] == (40,)
    assert duel.a.assassin == 2000
    assert duel.a.citizens_killed == 1
    assert duel.b.dead
    assert duel.bob.hp == 0
    ghost = duel.ana.figures[duel.b.index]
    assert (ghost.body, ghost.head) == GHOST


async def test_nothing_counts_in_an_arena(duel: Duel) -> None:
    await duel.place(2, *ARENA)
    duel.b.hp = 1
    duel.give(duel.b, Slot(SWORD.number, 1))
    await duel.attack()
    assert duel.b.dead
    assert not duel.a.criminal
    assert duel.a.citizens_killed == 0
    assert duel.b.inventory[0] is not None


async def test_a_blow_wakes_the_meditating(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(bob=CharClass.MAGE)
    duel.bob.send(b"\x4f")
    await duel.hear()
    assert "meditating" in duel.bob.flags
    await duel.attack()
    assert "meditating" not in duel.bob.flags
    assert (duel.b.index, 0, 0) in values(duel.ana, EFFECT)


async def test_a_shot_at_oneself_tires_and_keeps_the_arrow(begin_duel: BeginDuel) -> None:
    duel = await begin_duel()
    bow, arrows = Slot(BOW.number, 1, equipped=True), Slot(ARROWS.number, 9, equipped=True)
    duel.give(duel.a, bow, arrows)
    await duel.act(CLICK, duel.a.x, duel.a.y, Skill.PROJECTILES)
    assert "ti mismo" in lines(duel.ana)
    assert duel.a.stamina == 499
    assert duel.held(2) == arrows


async def test_attacker_and_victim_stay_in_the_game(duel: Duel) -> None:
    duel.ana.send(bytes((71,)))
    duel.bob.send(bytes((71,)))
    await duel.hear()
    assert [bool(player.leaving) for player in (duel.a, duel.b)] == [True, True]
    await duel.attack()
    assert [bool(player.leaving) for player in (duel.a, duel.b)] == [False, False]


async def test_an_attack_shows_the_hidden(duel: Duel) -> None:
    await duel.veil(duel.a, hidden=True)
    await duel.attack()
    assert not duel.a.hidden
    assert (duel.a.index, 0) in values(duel.bob, 66)
    assert not values(duel.ana, 66)


async def test_blows_of_the_invisible_are_told_without_naming_their_character(duel: Duel) -> None:
    await duel.veil(duel.a, invisible=True)
    await duel.attack()
    assert duel.a.invisible
    assert coded(duel.ana, 15) is not None or coded(duel.ana, 16) is not None
    assert coded(duel.bob, 15) is None
    assert coded(duel.bob, 16) is None
    assert "sin que lo vieras" in lines(duel.bob)
    assert (duel.a.x, duel.a.y) not in {place[1:] for place in values(duel.bob, SOUND)}
    duel.dice.high = True
    await duel.attack()
    assert "ha fallado" in lines(duel.bob)


async def test_who_strikes_at_the_invisible_is_told_in_words(duel: Duel) -> None:
    await duel.veil(duel.b, invisible=True)
    duel.b.hp = 1
    await duel.attack()
    assert duel.b.dead
    told = lines(duel.ana)
    assert "a quien no ves" in told
    assert "Has matado a Bob" in told
    assert duel.b.index in duel.ana.figures, "a ghost is seen by everybody"


async def test_a_poisoned_blade_poisons(begin_duel: BeginDuel) -> None:
    blade = Item(number=700, name="blade", kind=ObjectType.WEAPON, poisons=True, max_hit=1)
    duel = await begin_duel(blade)
    duel.give(duel.a, Slot(700, 1, equipped=True))
    await duel.attack()
    assert duel.b.poisoned
    assert "envenenado" in lines(duel.bob)


async def test_a_stab_comes_on_top(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(ana=CharClass.ASSASSIN)
    duel.give(duel.a, Slot(DAGGER.number, 1, equipped=True))
    await duel.attack()
    hit = coded(duel.ana, 16)
    assert hit is not None
    plain = int(str(hit.values[3]))
    assert 100 - duel.b.hp == plain + round(plain * 1.4)
    assert "Has apuñalado".replace("ñ", "n") in lines(duel.ana)


async def test_a_thief_knocks_the_weapon_out_of_a_hand(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(ana=CharClass.THIEF)
    duel.give(duel.b, Slot(SWORD.number, 1, equipped=True))
    duel.a.skills[Skill.WRESTLING - 1] = 100
    await duel.attack()
    assert duel.b.gear.weapon is None
    assert [packet[:2] for packet in values(duel.bob, SLOT)] == [(1, SWORD.number)]
    assert "desarmado" in lines(duel.bob)


# --- creatures ---------------------------------------------------------------------------------


async def test_a_creature_gives_experience_blow_by_blow_and_all_of_it_in_the_end(
    duel: Duel,
) -> None:
    await duel.away()
    wolf = await duel.wolf()
    duel.a.heading = Heading.NORTH
    await duel.attack()
    hit = coded(duel.ana, 13)
    assert hit is not None
    dealt = 100 - wolf.hp
    assert hit.values == (13, dealt)
    assert (12, 50, 49) in values(duel.ana, SOUND)
    given = 5 * dealt
    assert duel.a.experience == given
    wolf.hp = 1
    await duel.attack()
    assert wolf.index not in duel.ana.figures
    assert wolf.gone
    assert duel.a.level == 2
    assert duel.a.experience == 500 - 300
    assert duel.a.npcs_killed == 1


async def test_a_creature_remembers_and_is_owned(duel: Duel) -> None:
    wolf = await duel.wolf()
    duel.a.heading = Heading.NORTH
    duel.dice.high = True
    await duel.attack()
    assert coded(duel.ana, 5)
    assert wolf.attacked_by == duel.a.user_id
    assert wolf.owner == duel.a.user_id


async def test_peaceful_creatures_need_the_lock_off(duel: Duel) -> None:
    villager = await duel.wolf(number=501)
    duel.a.heading = Heading.NORTH
    duel.a.safe = True
    await duel.attack()
    assert villager.hp == 20
    duel.a.safe = False
    await duel.attack()
    assert coded(duel.ana, 10)
    assert duel.a.bandit >= 1000


async def test_what_a_creature_had_lies_where_it_fell(begin_duel: BeginDuel) -> None:
    duel = await begin_duel()
    await duel.away()
    wolf = await duel.wolf()
    wolf.kind = structs.replace(wolf.kind, drops=(Pile(460, 1),))
    duel.a.heading = Heading.NORTH
    wolf.hp = 1
    duel.dice.fall(1, 1, 4, 20, 50, 50)  # stamina, blow, hands, own hit, a level's life, spoils
    await duel.attack()
    assert (50, 49, 601) in values(duel.ana, OBJECT)


# --- bows --------------------------------------------------------------------------------------


def armed(duel: Duel, arrows: int = 3) -> None:
    duel.give(
        duel.a,
        Slot(BOW.number, 1, equipped=True),
        *([Slot(ARROWS.number, arrows, equipped=True)] if arrows else []),
    )


async def test_a_bow_asks_for_its_target_and_uses_up_an_arrow(duel: Duel) -> None:
    armed(duel)
    duel.running.app.game.world.warp(duel.b, 2, 54, 50)
    await duel.settle()
    await duel.act(USE, 1)
    asked = coded(duel.ana, 17)
    assert asked is not None
    assert asked.values == (17, RANGED)
    await duel.act(CLICK, 54, 50, RANGED)
    assert duel.b.hp < 100
    assert [packet[:4] for packet in values(duel.ana, SLOT)] == [(2, ARROWS.number, "arrows", 2)]


async def test_a_shot_into_the_air_costs_its_arrow_and_a_forbidden_one_does_not(
    duel: Duel,
) -> None:
    armed(duel, 2)
    duel.a.safe = True
    await duel.act(CLICK, duel.b.x, duel.b.y, RANGED)
    assert duel.held(2) == Slot(ARROWS.number, 2, equipped=True)
    duel.clock.advance(1500)
    await duel.act(CLICK, 50, 45, RANGED)
    assert duel.held(2) == Slot(ARROWS.number, 1, equipped=True)
    duel.clock.advance(1500)
    await duel.act(CLICK, 50, 45, RANGED)
    assert duel.held(2) is None
    duel.clock.advance(1500)
    await duel.act(CLICK, 50, 45, RANGED)
    assert "munici" in lines(duel.ana)
    assert duel.held(1) == Slot(BOW.number, 1, equipped=False)


async def test_a_bow_is_no_club_and_not_used_from_the_bag(duel: Duel) -> None:
    armed(duel)
    await duel.attack()
    assert duel.b.hp == 100
    duel.give(duel.a, Slot(BOW.number, 1))
    duel.ana.seen.clear()
    await duel.act(USE, 1)
    assert not coded(duel.ana, 17)
    assert "equiparlo" in lines(duel.ana)


async def test_nobody_shoots_at_itself_or_out_of_sight(duel: Duel) -> None:
    armed(duel)
    await duel.act(CLICK, 50, 50, RANGED)
    await duel.act(CLICK, 90, 90, RANGED)
    await duel.act(CLICK, 0, 255, RANGED)
    assert duel.a.inventory[1] == Slot(ARROWS.number, 3, equipped=True)
    assert values(duel.ana, 22) == [(50, 50)]


async def test_the_dead_do_not_strike(duel: Duel) -> None:
    duel.a.hp = 0
    await duel.attack()
    assert duel.b.hp == 100
    duel.ana.walk(NORTH)
    await duel.hear()
    assert not duel.ana.closed
