from __future__ import annotations

import pytest
from tests.support.byte_client import CHAT, CONSOLE_MSG, ERROR_MSG, PONG
from tests.support.duel import (
    ARENA,
    CAST,
    CLICK,
    EFFECT,
    INVISIBLE,
    SOUND,
    TAG,
    WORK,
    BeginDuel,
    Duel,
    coded,
    ids,
    lines,
    values,
)
from tests.support.waiting import until

from pyao.rules.kinds import CharClass, Privilege, Skill
from pyao.rules.states import paralyse

STATS, LOOK, USE_SPELL_MACRO = 45, 34, 29
MAGIC = int(Skill.MAGIC)


@pytest.fixture
async def duel(begin_duel: BeginDuel) -> Duel:
    """Return a duel in which Ana is a mage who lacks nothing."""
    duel = await begin_duel(ana=CharClass.CLERIC)
    for player in (duel.a, duel.b):
        player.max_mana = player.mana = 2000
    duel.a.skills[MAGIC - 1] = 100
    return duel


async def test_a_spell_is_chosen_aimed_and_cast_once(duel: Duel) -> None:
    await duel.cast(2, duel.b)
    asked = coded(duel.ana, 17)
    assert asked is not None
    assert asked.values == (17, MAGIC)
    assert duel.b.hp == 97
    assert duel.a.mana == 1990
    assert duel.a.stamina == 499
    assert values(duel.bob, CHAT) == [("DARDO", duel.a.index, 0, 255, 255)]
    assert values(duel.bob, EFFECT) == [(duel.b.index, 15, 2)]
    assert values(duel.ana, SOUND) == [(114, 51, 50)]
    assert "Has lanzado un dardo a Bob" in lines(duel.ana)
    assert "Ana te ha lanzado un dardo" in lines(duel.bob)
    assert values(duel.bob, TAG) == [(duel.a.index, 1, "Ana")]
    duel.clock.advance(2000)
    await duel.act(CLICK, duel.b.x, duel.b.y, MAGIC)
    assert duel.b.hp == 97
    assert "Elige primero" in lines(duel.ana)


async def test_spells_do_not_come_faster_than_the_interval(duel: Duel) -> None:
    await duel.cast(2, duel.b)
    await duel.act(CAST, 1, CLICK, duel.b.x, duel.b.y, MAGIC)
    assert duel.b.hp == 97


async def test_a_refused_spell_costs_nothing(duel: Duel) -> None:
    duel.a.safe = True
    await duel.cast(2, duel.b)
    await duel.cast(2, duel.a)
    duel.a.mana = 5
    await duel.cast(3, duel.a)
    assert (duel.b.hp, duel.a.hp, duel.a.mana, duel.a.stamina) == (100, 100, 5, 500)
    assert "seguro" in lines(duel.ana)
    assert not values(duel.bob, EFFECT)


async def test_a_spell_kills(duel: Duel) -> None:
    duel.b.hp = 2
    await duel.cast(2, duel.b)
    assert duel.b.dead
    assert coded(duel.ana, 18)
    assert coded(duel.bob, 19)
    assert duel.bob.hp == 0


async def test_healing_shows_to_both(duel: Duel) -> None:
    duel.b.hp = 50
    await duel.cast(3, duel.b)
    assert duel.bob.hp == 51
    assert "curado" in lines(duel.ana)
    duel.a.hp = 50
    await duel.cast(3, duel.a)
    assert duel.ana.hp == 51


async def test_paralysis_is_one_toggle_and_ends_by_time_or_spell(duel: Duel) -> None:
    await duel.cast(9, duel.b)
    assert "paralysed" in duel.bob.flags
    await duel.cast(9, duel.b)
    assert "paralysed" in duel.bob.flags
    duel.b.noble = 0
    duel.b.bandit = 5000
    await duel.cast(10, duel.b)
    assert "paralysed" not in duel.bob.flags
    await duel.cast(9, duel.b)
    duel.pass_time(22_000)
    await duel.hear()
    assert "paralysed" not in duel.bob.flags
    assert not duel.b.paralysed


async def test_invisibility_is_shown_to_others_only_and_survives_a_spell(duel: Duel) -> None:
    await duel.cast(14, duel.a)
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 1)]
    assert not values(duel.ana, INVISIBLE)
    await duel.cast(2, duel.b)
    assert duel.a.invisible
    duel.pass_time(26_000)
    await duel.hear()
    assert values(duel.bob, INVISIBLE) == [(duel.a.index, 1), (duel.a.index, 0)]


async def test_casting_shows_the_hidden(duel: Duel) -> None:
    await duel.veil(duel.a, hidden=True)
    await duel.cast(10, duel.a)
    assert duel.a.hidden  # there was no paralysis to end, so nothing was cast
    await duel.cast(3, duel.a)
    assert not duel.a.hidden


@pytest.mark.parametrize(
    ("spell", "packet"), [(18, 102), (20, 101), (12, 60), (30, 56), (31, 57), (4, CONSOLE_MSG)]
)
async def test_each_effect_has_its_packet(duel: Duel, spell: int, packet: int) -> None:
    await duel.cast(spell, duel.b)
    assert values(duel.bob, packet) or spell == 4
    assert duel.b.poisoned == (spell == 4)


async def test_poison_is_cured_and_stun_ended(duel: Duel) -> None:
    duel.a.poisoned = True
    await duel.cast(1, duel.a)
    assert not duel.a.poisoned
    await duel.cast(31, duel.b)
    assert duel.b.stunned
    duel.a.noble = 100_000  # good enough to be helped on
    await duel.cast(41, duel.b)
    assert values(duel.bob, 70)


async def test_the_dead_are_revived_for_some_of_the_life_of_the_caster(duel: Duel) -> None:
    duel.b.hp = 0
    duel.running.app.game.world.dress(duel.b)
    duel.b.level = 20
    await duel.cast(11, duel.b)
    assert not duel.b.dead
    assert duel.bob.hp == duel.b.hp > 0
    assert duel.ana.hp == duel.a.hp == 70
    assert duel.ana.figures[duel.b.index].head == 5
    assert (duel.b.hunger, duel.bob.bars["hunger"], duel.bob.bars["thirst"]) == (0, 0, 0)


async def test_reviving_may_cost_ones_own_life(duel: Duel) -> None:
    duel.b.hp = 0
    duel.b.level = 47
    duel.a.hp = 1
    await duel.cast(11, duel.b)
    assert duel.a.dead
    assert not duel.b.dead
    assert duel.ana.hp == 0


async def test_a_mimic_takes_on_the_looks_of_another(duel: Duel) -> None:
    duel.b.head = 7
    duel.running.app.game.world.dress(duel.b)
    await duel.cast(42, duel.b)
    assert values(duel.bob, LOOK)[-1][2] == 7
    duel.pass_time(22_000)
    await duel.hear()
    assert values(duel.bob, LOOK)[-1][2] == 5


async def test_a_spell_hurts_a_creature_and_pays(duel: Duel) -> None:
    wolf = await duel.wolf()
    await duel.cast(2, wolf)
    assert wolf.hp == 97
    assert duel.a.experience == 15
    assert values(duel.bob, EFFECT) == [(wolf.index, 15, 2)]
    wolf.hp = 1
    await duel.cast(2, wolf)
    assert wolf.gone
    assert wolf.index not in duel.ana.figures


async def test_a_click_on_a_head_means_who_stands_below(duel: Duel) -> None:
    duel.running.app.game.world.warp(duel.b, 2, 53, 50)
    await duel.settle()
    await duel.cast(2, (53, 49))
    assert duel.b.hp == 97


async def test_a_creature_is_paralysed(duel: Duel) -> None:
    wolf = await duel.wolf()
    await duel.cast(9, wolf)
    assert wolf.paralysed
    assert wolf.attacked_by == duel.a.user_id


async def test_creatures_come_when_called_and_go_when_the_time_is_over(duel: Duel) -> None:
    await duel.cast(16, (50, 47))
    room = duel.running.app.game.world.maps[2]
    called = [npc for npc in room.npcs() if npc.master == duel.a.user_id]
    assert len(called) == 2
    assert all(npc.index in duel.bob.figures for npc in called)
    await duel.cast(16, (50, 47))
    await duel.cast(16, (50, 47))
    assert len(duel.a.pets) == 3
    duel.pass_time(60_000)
    assert not duel.a.pets
    await duel.hear()
    assert not any(npc.index in duel.bob.figures for npc in called)


async def test_an_eye_shows_where_the_invisible_are(duel: Duel) -> None:
    await duel.veil(duel.b, invisible=True)
    await duel.cast(43, (50, 47))
    assert "invisible al este" in lines(duel.ana)
    assert values(duel.bob, EFFECT) == [(duel.b.index, 3, 6)]
    assert not values(duel.ana, EFFECT), "she is shown no character to draw it on"


async def test_nobody_casts_where_magic_does_not_work(duel: Duel) -> None:
    duel.running.app.game.world.maps[2].data.no_magic = True
    await duel.cast(2, duel.b)
    assert duel.b.hp == 100
    assert "magia" in lines(duel.ana)


async def test_a_spell_wakes_a_victim_and_keeps_both_in_the_game(duel: Duel) -> None:
    duel.ana.send(bytes((71,)))
    duel.bob.send(bytes((71,)), bytes((79,)))
    await duel.hear()
    jobs = [duel.a.leaving, duel.b.leaving]
    assert "meditating" in duel.bob.flags
    await duel.cast(2, duel.b)
    assert all(job is not None and job.cancelled for job in jobs)
    assert "meditating" not in duel.bob.flags


async def test_nothing_counts_in_an_arena(duel: Duel) -> None:
    await duel.place(2, *ARENA)
    await duel.cast(2, duel.b)
    assert duel.b.hp == 97
    assert not duel.a.criminal


async def test_meditating_resting_and_dead_people_do_not_cast(duel: Duel) -> None:
    duel.a.meditating = True
    await duel.cast(2, duel.b)
    assert not coded(duel.ana, 17)
    duel.a.meditating = False
    duel.a.resting = True
    await duel.cast(2, duel.b)
    duel.a.resting = False
    duel.a.hp = 0
    await duel.cast(2, duel.b)
    assert duel.b.hp == 100


async def test_impossible_slots_and_tiles_cast_nothing(duel: Duel) -> None:
    for slot in (0, 35, 36, 255):
        duel.clock.advance(1400)
        await duel.act(CAST, slot, WORK, 1, CLICK, duel.b.x, duel.b.y, MAGIC)
    await duel.act(CLICK, 0, 0, MAGIC)
    await duel.act(CLICK, 255, 255, MAGIC)
    await duel.act(CLICK, 90, 90, MAGIC)
    assert duel.b.hp == 100
    assert values(duel.ana, 22) == [(50, 50)]


async def test_a_spell_of_the_book_is_described(duel: Duel) -> None:
    duel.a.spells[:2] = [2, 0]
    await duel.act(35, 1)
    assert "Dart" in lines(duel.ana)
    assert "10" in lines(duel.ana)
    await duel.act(35, 2)
    await duel.act(35, 99)
    assert not duel.ana.closed


async def test_an_empty_slot_is_not_described_and_a_slot_that_is_none_is_refused(
    duel: Duel,
) -> None:
    duel.a.spells[:2] = [2, 0]
    await duel.act(35, 2)
    assert lines(duel.ana) == ""
    await duel.act(35, 36)
    assert "Elige primero" in lines(duel.ana)


async def test_a_cast_names_what_is_aimed_at_and_forgets_it(duel: Duel) -> None:
    await duel.cast(2, duel.b)
    assert "Ves a Bob" in lines(duel.ana)
    assert duel.a.clicked is None
    duel.ana.seen.clear()
    await duel.veil(duel.b, hidden=True)
    await duel.cast(2, duel.b)
    assert "Ves a Bob" not in lines(duel.ana), "who is hidden is hit, not named"


async def test_paralysis_outlasts_a_lost_connection(duel: Duel) -> None:
    await duel.cast(9, duel.b)
    await duel.bob.close()
    game = duel.running.app.game
    await until(lambda: duel.b.user_id not in game.clients)
    duel.pass_time(11_000)
    assert duel.b.user_id not in game.world.players
    again = await duel.running.connect()
    await again.enter("Bob")
    assert "paralysed" in again.flags
    duel.pass_time(5_000)
    assert duel.running.player("Bob").paralysed


async def test_who_is_invisible_still_sees_itself_after_a_log_in(duel: Duel) -> None:
    duel.b.invisible = True
    await duel.bob.close()
    game = duel.running.app.game
    await until(lambda: duel.b.user_id not in game.clients)
    game.leave(duel.b)
    duel.ana.seen.clear()
    again = await duel.running.connect()
    await again.enter("Bob")
    bob = duel.running.player("Bob")
    assert not values(again, INVISIBLE)
    await duel.ana.settle()
    assert bob.index not in duel.ana.figures


async def test_those_without_mana_are_let_go_when_the_caster_is_gone(duel: Duel) -> None:
    duel.b.max_mana = 0
    paralyse(duel.b, duel.clock.now() + 20_000, by=duel.a.user_id)
    duel.pass_time(1_000)
    assert duel.b.paralysed
    duel.running.app.game.leave(duel.a)
    duel.pass_time(400)
    assert not duel.b.paralysed


async def test_a_reported_macro_is_nobodys_business_by_default(duel: Duel) -> None:
    await duel.act(USE_SPELL_MACRO)
    assert ids(duel.ana) == [PONG]


async def test_where_macros_are_not_allowed_who_reports_one_has_to_go(
    begin_duel: BeginDuel,
) -> None:
    duel = await begin_duel(spell_macro=False)
    duel.b.privileges = Privilege.GOD
    duel.ana.send(bytes((USE_SPELL_MACRO,)))
    await duel.ana.until_closed()
    assert [packet.values for packet in duel.ana.seen if packet.id == ERROR_MSG] == [
        ("Aqui no se permiten macros de hechizos.",)
    ]
    came = [str(packet.values[0]) for packet in await duel.bob.settle() if packet.id == CONSOLE_MSG]
    assert came == ["Ana lanza hechizos con una macro."]
