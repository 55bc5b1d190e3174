from __future__ import annotations

from tests.support.duel import Duel, lines
from tests.support.things import DAGGER, SWORD

from pyao.content.fields import Pile as FilePile
from pyao.rules.kinds import Heading, Movement, NpcRole
from pyao.tasks import creatures


async def test_another_one_comes_where_nobody_sees_it(duel: Duel) -> None:
    wolf = await duel.wolf()
    wolf.returns, wolf.experience, wolf.pool = True, 0, 0
    duel.dice.fall(95, 60, 60, 20, 80)  # no spoils, a tile in view, one that is not
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    assert wolf.gone
    duel.pass_time(100)
    (again,) = duel.running.app.game.world.maps[2].npcs()
    assert (again.x, again.y, again.hp, again.returns) == (20, 80, 100, True)


async def test_one_with_a_fixed_place_takes_its_time(duel: Duel) -> None:
    wolf = await duel.wolf()
    duel.remake(wolf, fixed_place=True).returns = True
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    room = duel.running.app.game.world.maps[2]
    duel.pass_time(14_000)
    assert not list(room.npcs())
    duel.pass_time(2_000)
    (again,) = room.npcs()
    assert (again.x, again.y) == (50, 49)
    await duel.hear()
    assert again.index in duel.ana.figures


async def test_one_of_a_territory_comes_back_there_after_its_time(duel: Duel) -> None:
    wolf = await duel.wolf()
    duel.remake(wolf, territory=3, respawn_s=60).returns = True
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    room = duel.running.app.game.world.maps[2]
    duel.pass_time(59_000)
    assert not list(room.npcs())
    duel.pass_time(2_000)
    (again,) = room.npcs()
    assert max(abs(again.x - 50), abs(again.y - 49)) <= 3


async def test_a_guest_does_not_come_back(duel: Duel) -> None:
    creatures.wound(duel.running.app.game, await duel.wolf(), 1000, duel.a)
    duel.pass_time(60_000)
    assert not list(duel.running.app.game.world.maps[2].npcs())


async def test_a_full_map_is_tried_again(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    room = game.world.maps[2]
    wolf.returns = True
    open_ground, room.flags = room.flags, bytes([1]) * 10_000
    creatures.wound(game, wolf, 1000, duel.a)
    duel.pass_time(1_000)
    assert not list(room.npcs())
    room.flags = open_ground
    duel.pass_time(31_000)
    assert len(list(room.npcs())) == 1


async def test_what_experience_is_left_goes_to_the_killer(duel: Duel) -> None:
    game = duel.running.app.game
    wolf = await duel.wolf()
    creatures.wound(game, wolf, 60, duel.b)
    creatures.wound(game, wolf, 1000, duel.a)
    await duel.hear()
    assert "300" in lines(duel.bob)
    assert "200" in lines(duel.ana)
    assert wolf.pool == 0


async def test_a_king_is_safe_while_another_of_its_clan_lives(duel: Duel) -> None:
    king = await duel.wolf(50, 49)
    healer = await duel.wolf(50, 45, number=501)
    duel.remake(king, role=NpcRole.PRETORIAN, movement=Movement.CLAN_KING)
    duel.remake(healer, role=NpcRole.PRETORIAN, movement=Movement.CLAN_HEALER)
    duel.a.heading = Heading.NORTH
    await duel.attack()
    assert king.hp == 100
    assert "vencer a quienes lo protegen" in lines(duel.ana)
    creatures.wound(duel.running.app.game, healer, 1000, duel.a)
    await duel.attack()
    assert king.hp < 100


async def test_a_pretorian_leaves_all_it_has(duel: Duel) -> None:
    wolf = await duel.wolf()
    stock = (FilePile(SWORD.number, 2), FilePile(DAGGER.number, 1))
    duel.remake(wolf, role=NpcRole.PRETORIAN, stock=stock, gold=15_000)
    creatures.wound(duel.running.app.game, wolf, 1000, duel.a)
    ground = duel.running.app.game.world.maps[2].ground.values()
    laid = sorted((pile.item.number, pile.amount) for pile in ground if not pile.fixed)
    assert laid == sorted([(SWORD.number, 2), (DAGGER.number, 1), (12, 10_000), (12, 5_000)])
