from __future__ import annotations

import pytest
from tests.support.byte_client import CHANGE, EAST, NORTH, POS_UPDATE, SOUTH
from tests.support.duel import EFFECT, SOUND, BeginDuel, Duel, coded, lines, values

from pyao.content.items import Item
from pyao.rules.kinds import Faction, ObjectType, Privilege
from pyao.rules.states import paralyse
from pyao.world.map_room import GroundItem

SAFE_FROM_LIFE = 9
EXIT = (10, 50)  # of map 2, to map 1


async def at_the_exit(duel: Duel) -> None:
    duel.running.app.game.world.warp(duel.a, 2, EXIT[0], EXIT[1] + 1)
    duel.clock.advance(1000)
    await duel.settle()


async def step(duel: Duel, heading: int = NORTH) -> None:
    duel.clock.advance(300)
    duel.ana.walk(heading)
    await duel.hear()


@pytest.mark.parametrize(
    ("restriction", "told"),
    [
        ("NEWBIE", "recien llegados"),
        ("ARMADA", "Armada Real"),
        ("CAOS", "Legion Oscura"),
        ("FACCION", "de una faccion"),
        ("GM", "personal del juego"),
    ],
)
async def test_an_exit_turns_back_whom_it_does_not_let_in(
    duel: Duel, restriction: str, told: str
) -> None:
    duel.a.level = 13
    duel.running.app.game.world.maps[1].data.restriction = restriction
    await at_the_exit(duel)
    await step(duel)
    assert told in lines(duel.ana)
    assert duel.a.map == 2
    assert (duel.a.x, duel.a.y) != EXIT
    assert (duel.ana.x, duel.ana.y) == (duel.a.x, duel.a.y)
    assert duel.a.denied == ""


@pytest.mark.parametrize(
    ("restriction", "faction", "privileges"),
    [
        ("NEWBIE", Faction.NONE, 1),
        ("ARMADA", Faction.ROYAL, 1),
        ("CAOS", Faction.CHAOS, 1),
        ("FACCION", Faction.CHAOS, 1),
        ("GM", Faction.NONE, Privilege.GOD),
        ("ARMADA", Faction.NONE, Privilege.COUNSELLOR),
    ],
)
async def test_an_exit_lets_in_whom_the_map_is_for(
    duel: Duel, restriction: str, faction: Faction, privileges: int
) -> None:
    duel.running.app.game.world.maps[1].data.restriction = restriction
    duel.a.faction, duel.a.privileges = faction, privileges
    await at_the_exit(duel)
    await step(duel)
    assert duel.a.map == 1


async def test_a_seat_in_a_council_is_no_rank_of_staff(duel: Duel) -> None:
    duel.running.app.game.world.maps[1].data.restriction = "GM"
    duel.a.privileges = Privilege.PLAYER | Privilege.ROYAL_COUNCIL
    await at_the_exit(duel)
    await step(duel)
    assert duel.a.map == 2


async def test_the_dead_do_not_enter_maps_of_the_living(duel: Duel) -> None:
    duel.running.app.game.world.maps[1].data.on_death_goto = (2, 50, 50)
    await at_the_exit(duel)
    await duel.die()
    await step(duel)
    assert duel.a.map == 2
    assert "no pueden entrar los muertos" in lines(duel.ana)


async def test_who_cannot_walk_is_told_once(duel: Duel) -> None:
    paralyse(duel.a, duel.clock.now() + 60_000)
    duel.ana.send(b"")
    for _ in range(3):
        await step(duel)
    assert lines(duel.ana).count("estas paralizado") == 1
    assert (duel.a.x, duel.a.y) == (50, 50)


async def test_a_ghost_pushed_into_an_arena_is_locked_against_spells(duel: Duel) -> None:
    await duel.place(2, 67, 70)
    world = duel.running.app.game.world
    world.warp(duel.b, 2, 67, 68)
    await duel.die()
    world.warp(duel.a, 2, 68, 70)
    await duel.settle()
    duel.a.resurrection_safe = False
    world.warp(duel.b, 2, 67, 70)
    await duel.settle()
    duel.clock.advance(1000)
    duel.bob.walk(EAST)
    await duel.hear()
    assert (duel.b.x, duel.a.x) == (68, 67)
    assert duel.a.resurrection_safe
    assert coded(duel.ana, SAFE_FROM_LIFE) is not None


@pytest.mark.parametrize(
    ("radius", "rolls", "arrives"),
    [
        (0, (), (90, 50)),
        (3, (-3, 2), (87, 52)),
        (3, (2, 0, -1, -1), (89, 49)),
        (99, (2, 6), (92, 56)),
    ],
    ids=["exact", "askew", "not onto an exit", "at most six tiles"],
)
async def test_a_teleport_flashes_and_may_set_down_askew(
    duel: Duel, radius: int, rolls: tuple[int, ...], arrives: tuple[int, int]
) -> None:
    gate = Item(number=700, name="gate", kind=ObjectType.TELEPORT, graphic=1, radius=radius)
    duel.running.app.game.world.maps[2].lay(*EXIT, GroundItem(gate, 1, fixed=True))
    await at_the_exit(duel)
    duel.dice.fall(*rolls)
    await step(duel)
    assert (duel.a.map, duel.a.x, duel.a.y) == (1, *arrives)
    assert values(duel.ana, SOUND) == [(3, *arrives)]
    assert values(duel.ana, EFFECT) == [(duel.a.index, 1, 0)]


async def test_a_plain_exit_does_not_flash(duel: Duel) -> None:
    await at_the_exit(duel)
    await step(duel)
    assert duel.a.map == 1
    assert not values(duel.ana, EFFECT)


async def test_staff_that_nobody_sees_makes_way_unseen_and_pushes_nobody(duel: Duel) -> None:
    world = duel.running.app.game.world
    duel.b.unseen, duel.b.privileges = True, Privilege.GOD
    world.refresh_veil(duel.b)
    await duel.settle()
    duel.clock.advance(1000)
    duel.ana.walk(EAST)
    await duel.hear()
    assert ((duel.a.x, duel.a.y), (duel.b.x, duel.b.y)) == ((51, 50), (50, 50))
    assert (duel.bob.x, duel.bob.y) == (50, 50)
    assert not [packet for packet in duel.ana.seen if packet.id in (32, 48)]
    await duel.die()
    assert not world.walk(duel.b, EAST)
    assert (duel.a.x, duel.b.x) == (51, 50)


FRAME_MS = 16


async def hold(duel: Duel, heading: int, frames: int) -> None:
    """Hold a walking key down: where the client may not step ahead it asks again each frame."""
    for _ in range(frames):
        duel.clock.advance(FRAME_MS)
        duel.ana.send(bytes((6, heading)))
        await duel.settle()


async def test_pushing_against_somebody_unseen_is_no_cheating(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(packet_rate=0)
    await duel.veil(duel.b, invisible=True)
    assert duel.b.index not in duel.ana.figures
    await hold(duel, EAST, 200)
    assert not duel.ana.closed
    assert (duel.a.x, duel.a.y) == (duel.ana.x, duel.ana.y) == (50, 50)
    assert duel.a.pace.suspected_at is None
    duel.ana.walk(NORTH)
    await duel.settle()
    assert (duel.a.x, duel.a.y) == (50, 49)


@pytest.mark.parametrize("state", ["meditating", "resting"])
async def test_a_key_held_down_while_one_wakes_walks_one_step_ahead_at_most(
    duel: Duel, state: str
) -> None:
    setattr(duel.a, state, True)
    duel.ana.flags.add(state)
    duel.ana.figures[duel.a.index].glows = duel.a.meditating
    await hold(duel, NORTH, 12)  # sent before the client heard that it is awake
    assert (duel.a.x, duel.a.y) == (duel.ana.x, duel.ana.y) == (50, 49)
    assert duel.a.pace.suspected_at is None
    await step(duel)
    assert (duel.a.x, duel.a.y) == (duel.ana.x, duel.ana.y) == (50, 48)


async def test_who_walks_into_somebody_faces_that_one(duel: Duel) -> None:
    duel.a.heading = NORTH
    await duel.veil(duel.b, invisible=True)
    await step(duel, EAST)
    assert (duel.a.x, duel.a.y, duel.a.heading) == (50, 50, EAST)
    assert [packet.id for packet in duel.ana.seen if packet.id in (POS_UPDATE, CHANGE)] == [
        POS_UPDATE
    ]
    assert [seen[:4] for seen in values(duel.bob, CHANGE)] == [
        (duel.a.index, duel.a.look.body, duel.a.look.head, EAST)
    ]


async def far_away(duel: Duel, *headings: int) -> None:
    """Let a client far away take steps of which it hears only later that the first led nowhere."""
    before = duel.ana.x, duel.ana.y
    for heading in headings:
        duel.clock.advance(267)
        duel.ana.walk(heading)
    await duel.hear()
    own = duel.ana.figures[duel.ana.index]
    duel.ana.x, duel.ana.y = own.x, own.y = (
        before  # what was told of the first came when the others were taken
    )


async def test_a_client_that_was_put_back_late_is_told_again_where_it_is(duel: Duel) -> None:
    await duel.veil(duel.b, invisible=True)
    await far_away(duel, EAST, NORTH, NORTH)
    assert (duel.ana.x, duel.ana.y) != (duel.a.x, duel.a.y) == (50, 48)
    duel.pass_time(500)
    await step(duel, SOUTH)  # it walks on, and must not be disturbed
    assert (duel.a.x, duel.a.y) == (50, 49)
    duel.ana.seen.clear()
    duel.pass_time(350)
    await duel.hear()
    assert not values(duel.ana, POS_UPDATE)
    duel.pass_time(3_000)
    await duel.hear()
    assert values(duel.ana, POS_UPDATE) == [(50, 49)]
    duel.pass_time(20_000)
    await duel.hear()
    assert len(values(duel.ana, POS_UPDATE)) == 1


async def test_a_step_that_was_on_its_way_when_one_was_brought_away_is_told(duel: Duel) -> None:
    duel.running.app.game.world.warp(duel.a, 2, 30, 30)
    duel.ana.send(bytes((6, NORTH)))
    await duel.hear()
    assert (duel.a.x, duel.a.y) == (30, 29)
    assert (duel.ana.x, duel.ana.y) == (30, 30)
    duel.pass_time(3_000)
    await duel.hear()
    assert (duel.ana.x, duel.ana.y) == (30, 29)


async def test_a_key_held_against_somebody_unseen_is_no_flood(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(packet_rate=0)
    await duel.veil(duel.b, invisible=True)
    walks, stepping_ms = [], 0
    for _ in range(600):  # frames: put back, the client asks again with the next
        if stepping_ms <= 0 or duel.ana.x == 50:
            duel.ana.x = duel.ana.figures[duel.ana.index].x = 50  # at the latest with the answer
            walks.append(duel.clock.now())
            duel.ana.walk(EAST)
            stepping_ms = 267
        duel.pass_time(50)  # as the ticks go, three frames at once
        stepping_ms -= 50
        await duel.ana.settle()
    assert duel.a.pace.suspected_at is None
    assert duel.a.x == 50
    last = [at for at in walks if at > duel.clock.now() - 5_000]
    assert len(last) <= 60, "12 in a second, of the 40 packets that a client may send"
    duel.pass_time(1_000)
    await duel.ana.settle()
    assert duel.ana.x == 50
