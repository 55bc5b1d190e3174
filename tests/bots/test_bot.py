"""A bot against a server that says what the test wants, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from tests.support.sockets import Door, Recorder, open_door
from tests.support.waiting import until

from pyao.bots.answers import Answers
from pyao.bots.bot import GONE, STEP_S, Bot, Shared, next_step
from pyao.bots.ground import Ground
from pyao.bots.meter import Meter
from pyao.bots.options import BotOptions, Mode
from pyao.protocol import msg
from pyao.protocol.client_packets import LoginExistingChar, LoginNewChar, Ping, ThrowDices, Walk

BUSY, TAKEN = "busy", "taken"


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with open_door() as opened:
        opened.orders[ThrowDices] = lambda who: who.connection.send(
            msg.dice_roll(18, 18, 18, 18, 18)
        )
        opened.orders[LoginNewChar] = admit
        yield opened


def admit(who: Recorder) -> None:
    """Let a bot in as character 7 on map 1 at (50, 50), beside character 8."""
    who.connection.send(
        b"".join(
            (
                msg.change_map(1, 0),
                character(7, 50, 50),
                msg.user_char_index_in_server(7),
                character(8, 51, 50),
                msg.logged(1),
            )
        )
    )


def character(index: int, x: int, y: int) -> bytes:
    return msg.character_create(index, 1, 1, 3, x, y, 0, 0, 0, 0, 0, "Bot", 0, 1)


def make_bot(door: Door, mode: Mode = Mode.STAND) -> tuple[Bot, Shared]:
    options = BotOptions(port=door.port, mode=mode, talk_s=0)
    answers = Answers(busy=frozenset({BUSY}), taken=frozenset({TAKEN}))
    shared = Shared(options, answers, Meter(), Ground(), Random(1))
    return Bot(0, shared), shared


async def test_a_bot_throws_dice_creates_its_character_and_plays(door: Door) -> None:
    bot, shared = make_bot(door)
    assert await bot.enter() == ""
    assert bot.playing
    names = [packet.packet_name for packet in door.receivers[0].packets]
    assert names == ["THROW_DICES", "LOGIN_NEW_CHAR"]
    assert not shared.ground.is_free((1, 50, 50), 0.0)
    bot.leave()


async def test_a_bot_whose_character_exists_logs_in_with_it(door: Door) -> None:
    door.orders[LoginNewChar] = lambda who: who.connection.send(msg.error_msg(TAKEN))
    door.orders[LoginExistingChar] = admit
    bot, _ = make_bot(door)
    assert await bot.enter() == ""
    names = [packet.packet_name for packet in door.receivers[0].packets]
    assert names == ["THROW_DICES", "LOGIN_NEW_CHAR", "LOGIN_EXISTING_CHAR"]
    bot.leave()


async def test_any_other_refusal_is_told_and_ends_the_connection(door: Door) -> None:
    door.orders[LoginNewChar] = lambda who: who.connection.send(msg.error_msg("no"))
    bot, _ = make_bot(door)
    assert await bot.enter() == "no"
    assert not bot.playing
    await door.receivers[0].gone()


async def test_a_closed_door_is_told(door: Door) -> None:
    door.orders[ThrowDices] = lambda who: who.connection.close()
    bot, _ = make_bot(door)
    assert await bot.enter() == GONE


async def test_a_server_that_is_not_there_is_told(door: Door) -> None:
    bot, _ = make_bot(door)
    await door.server.stop(0)
    assert "cannot connect" in await bot.enter()


async def test_a_walking_bot_goes_back_when_its_step_is_refused(door: Door) -> None:
    door.orders[Walk] = lambda who: who.connection.send(msg.pos_update(50, 50))
    bot, shared = make_bot(door, Mode.WALK)
    await bot.enter()
    bot.start()
    await until(lambda: shared.meter.tally.refused_walks >= 2)
    bot.stop()
    assert not shared.ground.is_free((1, 50, 50), 0.0)
    first, second = [packet for packet in door.receivers[0].packets if isinstance(packet, Walk)][:2]
    assert first != second
    bot.leave()


async def test_a_late_bot_takes_in_what_has_come_when_it_is_told_to(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    bot.read_late()
    refused = shared.meter.tally.refused_walks
    door.receivers[0].connection.send(msg.pos_update(44, 44))
    while shared.meter.tally.refused_walks == refused:
        bot.read_late()
        await asyncio.sleep(0)
    assert not shared.ground.is_free((1, 44, 44), 0.0)
    bot.leave()


async def test_a_late_bot_notices_that_its_connection_was_closed(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    bot.read_late()
    door.receivers[0].connection.abort("test")
    while bot.playing:
        bot.read_late()
        await asyncio.sleep(0)
    assert shared.meter.tally.disconnects.total() == 1
    bot.read_late()


async def test_a_pinging_bot_asks_again_when_it_is_answered(door: Door) -> None:
    bot, shared = make_bot(door, Mode.PING)
    await bot.enter()
    bot.start()
    await until(lambda: shared.meter.tally.pings >= 3)
    assert sum(isinstance(packet, Ping) for packet in door.receivers[0].packets) >= 3
    assert len(shared.meter.tally.round_trip) >= 3
    bot.leave()


async def test_a_bot_follows_its_character_to_another_map(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    door.receivers[0].connection.send(
        msg.change_map(2, 0) + character(9, 20, 30) + msg.user_char_index_in_server(9)
    )
    await until(lambda: not shared.ground.is_free((2, 20, 30), 0.0))
    assert shared.ground.is_free((1, 50, 50), 0.0)
    bot.leave()


async def test_a_bot_that_is_pushed_moves(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    door.receivers[0].connection.send(msg.force_char_move(1))
    await until(lambda: not shared.ground.is_free((1, 50, 49), 0.0))
    bot.leave()


async def test_bytes_that_are_no_packets_are_counted_and_end_the_bot(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    door.receivers[0].connection.send(b"\xff\xff")
    await until(lambda: not bot.playing)
    assert shared.meter.tally.errors.total() == 1


async def test_a_bot_thrown_out_is_counted_with_the_reason(door: Door) -> None:
    bot, shared = make_bot(door)
    await bot.enter()
    door.receivers[0].connection.send(msg.error_msg("kicked"))
    door.receivers[0].connection.close()
    await until(lambda: not bot.playing)
    assert shared.meter.tally.errors == {"kicked": 1}
    assert shared.meter.tally.disconnects == {GONE: 1}


@pytest.mark.parametrize(
    ("late", "after"), [(0.0, 1), (0.5, 1), (0.99, 1), (1.0, 2), (1.5, 2), (7.25, 8)]
)
def test_who_is_late_leaves_steps_out_and_keeps_its_rhythm(late: float, after: int) -> None:
    due = 1_000.0
    now = due + late * STEP_S
    assert next_step(due, now) == pytest.approx(due + after * STEP_S)
    assert next_step(due, now) > now
