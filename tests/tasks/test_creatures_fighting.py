from __future__ import annotations

from tests.support.duel import EFFECT, Duel, coded, lines, values
from tests.support.things import SHIELD

from pyao.content.spells import Spell
from pyao.content.world_data import tile_index
from pyao.rules.character import Slot
from pyao.rules.kinds import Heading, Movement, NpcRole, Skill, Trigger
from pyao.rules.pets import fight_back
from pyao.tasks import creatures
from pyao.tasks.creatures_fighting import cast_at_npc, cast_at_player, strike_npc

NPC_SWING, NPC_KILLS, BLOCKED, NPC_HITS = 1, 2, 3, 12
SOUND, CHAT = 39, 23


async def test_a_miss_is_told(duel: Duel) -> None:
    await duel.wolf()
    duel.dice.high = True
    duel.think()
    await duel.hear()
    assert coded(duel.ana, NPC_SWING)
    assert duel.a.hp == 100


async def test_nobody_is_bitten_on_a_safe_tile(duel: Duel) -> None:
    await duel.wolf()
    room = duel.running.app.game.world.maps[2]
    triggers = bytearray(room.data.triggers)
    triggers[tile_index(50, 50)] = Trigger.SAFE
    room.data.triggers = bytes(triggers)
    duel.think(3)
    await duel.hear()
    assert duel.a.hp == 100


async def test_the_poison_of_a_bite_is_told(duel: Duel) -> None:
    duel.remake(await duel.wolf(), poisonous=True)
    duel.think()
    await duel.hear()
    assert duel.a.poisoned
    assert "wolf" in lines(duel.ana)


async def test_who_dies_of_a_creature_is_told_and_left_alone(duel: Duel) -> None:
    wolf = await duel.wolf()
    await duel.away()
    duel.a.hp = 2
    duel.think()
    await duel.hear()
    assert coded(duel.ana, NPC_KILLS)
    assert duel.a.dead
    assert duel.ana.hp == 0
    before = (wolf.x, wolf.y)
    duel.ana.seen.clear()
    duel.think(2)
    await duel.hear()
    assert coded(duel.ana, NPC_HITS) is None
    assert before == (50, 49)


async def test_a_creature_casts_what_it_knows(duel: Duel) -> None:
    duel.remake(await duel.wolf(50, 46), spells=(2,))
    duel.think()
    await duel.hear()
    assert duel.a.hp == 97
    assert "te ha lanzado un dardo" in lines(duel.ana)
    assert any("DARDO" in str(said[0]) for said in values(duel.bob, CHAT))
    assert (duel.a.index, 15, 2) in values(duel.bob, EFFECT)


async def test_a_creature_paralyses_and_its_death_frees(duel: Duel) -> None:
    wolf = duel.remake(await duel.wolf(50, 46), spells=(9,))
    duel.think()
    await duel.hear()
    assert duel.a.paralysed
    assert "paralysed" in duel.ana.flags
    creatures.wound(duel.running.app.game, wolf, 1000, duel.b)
    await duel.hear()
    assert duel.a.effects.paralysis_until == 0
    assert "paralysed" not in duel.ana.flags


async def test_a_shield_may_take_the_credit_for_a_miss(duel: Duel) -> None:
    await duel.wolf()
    duel.give(duel.a, Slot(SHIELD.number, 1, equipped=True))
    duel.a.skills[Skill.SHIELD_DEFENSE - 1] = 100
    duel.dice.fall(100, 1)
    duel.think()
    await duel.hear()
    assert coded(duel.ana, BLOCKED)
    assert coded(duel.ana, NPC_SWING)
    assert any(sound[0] == 37 for sound in values(duel.bob, SOUND))


async def test_a_hard_hit_wakes_from_meditation(duel: Duel) -> None:
    wolf = await duel.wolf()
    duel.remake(wolf, min_hit=50, max_hit=50, attack_sound=130)
    duel.a.meditating = True
    duel.think()
    await duel.hear()
    assert not duel.a.meditating
    assert "meditating" in duel.ana.flags  # a toggle: it was never switched on in this test
    assert any(sound[0] == 130 for sound in values(duel.bob, SOUND))


async def test_a_spell_may_show_who_hides(duel: Duel) -> None:
    wolf = await duel.wolf()
    game = duel.running.app.game
    game.world.data.spells[50] = Spell(number=50, name="Reveal", reveals=True)
    await duel.veil(duel.a, hidden=True)
    cast_at_player(game, wolf, 50, duel.a)
    cast_at_player(game, wolf, 999, duel.a)
    await duel.hear()
    assert not duel.a.hidden
    assert duel.a.index in duel.bob.figures


async def test_a_spell_may_heal_and_may_kill(duel: Duel) -> None:
    wolf = await duel.wolf()
    game = duel.running.app.game
    duel.a.hp = 50
    cast_at_player(game, wolf, 3, duel.a)
    assert duel.a.hp > 50
    duel.a.hp = 1
    cast_at_player(game, wolf, 2, duel.a)
    await duel.hear()
    assert duel.a.dead
    assert coded(duel.ana, NPC_KILLS)


async def test_a_good_creature_that_has_won_goes_back_to_its_ways(duel: Duel) -> None:
    villager = await duel.wolf(number=501)
    duel.remake(villager, min_hit=10, max_hit=10, attack_power=500)
    villager.provoke(duel.a.user_id)
    duel.a.hp = 1
    duel.think()
    assert duel.a.dead
    assert (villager.attacked_by, villager.movement) == (0, Movement.RANDOM)


async def test_creatures_that_fight_each_other_are_heard(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    villager = await duel.wolf(50, 48, number=501)
    duel.remake(wolf, attack_sound=130)
    strike_npc(game, wolf, villager)
    assert villager.hp == 17
    assert (villager.foe, villager.movement) == (wolf, Movement.FIGHTS_NPC)
    assert wolf.heading == Heading.NORTH
    duel.dice.high = True
    strike_npc(game, wolf, villager)
    assert villager.hp == 17
    await duel.hear()
    assert [sound[0] for sound in values(duel.ana, SOUND)] == [130, 12, 10, 130, 2]


async def test_nobody_is_paid_when_one_wild_creature_kills_another(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    villager = await duel.wolf(50, 48, number=501)
    villager.hp = 1
    fight_back(wolf, villager)
    strike_npc(game, wolf, villager)
    assert villager.gone
    assert (wolf.foe, wolf.movement) == (None, Movement.HOSTILE)


async def test_a_dragon_answers_a_spell_at_once(duel: Duel) -> None:
    game = duel.running.app.game
    elemental = await duel.wolf()
    dragon = await duel.wolf(50, 47, number=501)
    duel.remake(dragon, role=NpcRole.DRAGON, spells=(2,), hurt_sound=5)
    cast_at_npc(game, elemental, 2, dragon)
    assert (dragon.hp, elemental.hp) == (17, 97)
    cast_at_npc(game, elemental, 999, dragon)
    dragon.hp = 1
    cast_at_npc(game, elemental, 2, dragon)
    assert dragon.gone
    assert elemental.hp == 97
    await duel.hear()
    assert sum("DARDO" in str(said[0]) for said in values(duel.ana, CHAT)) == 3


async def test_pets_do_not_help_against_the_law(duel: Duel) -> None:
    game = duel.running.app.game
    pet = creatures.summon(game, duel.a, 500, 49, 50)
    guard = await duel.wolf()
    duel.remake(guard, role=NpcRole.ROYAL_GUARD, hostile=False)
    assert pet is not None
    duel.a.bandit = 7000
    guard.can_attack = True
    guard.attacked_by = duel.a.user_id
    duel.think()
    assert duel.a.hp < 100
    assert pet.foe is None


async def test_a_creature_that_is_healed_does_not_fight_its_friend(duel: Duel) -> None:
    healer = await duel.wolf()
    ally = await duel.wolf(50, 47, number=501)
    ally.hp = 5
    ally.paralysed, ally.poisoned = True, True
    for spell in (3, 10, 1):
        cast_at_npc(duel.running.app.game, healer, spell, ally)
    assert ally.hp > 5
    assert not ally.paralysed
    assert not ally.poisoned
    assert ally.foe is None
    await duel.hear()
    assert "LIMPIO" in str(values(duel.ana, CHAT))
