from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict
from tests.support.byte_client import CONSOLE_MSG, DICE_ROLL, ERROR_MSG, ByteClient
from tests.tasks.conftest import Running, Start

from pyao.protocol.client_packets import LoginExistingChar, Walk
from pyao.rules.character import UserId
from pyao.storage.keys import RedisKeys

INVENTORY, SPELL, CHANGE_MAP, MIDI, CREATE, INDEX = 47, 49, 21, 38, 29, 28
STATS, HUNGER, STRENGTH, AREA, LOGGED, LEVEL_UP, MULTI, FX = 45, 60, 100, 41, 0, 63, 104, 44


async def leave(client: ByteClient) -> None:
    client.send(b"\x47")
    await client.until_closed()


async def test_the_burst_comes_in_the_order_the_client_needs(running: Running) -> None:
    ana = await running.connect()
    ana.throw_dices()
    await ana.get(DICE_ROLL)
    ana.create("Ana", char_class=1)
    order: list[int] = []
    while not order or order[-1] != FX:
        order.append((await ana.until(lambda _packet: True)).id)
    wanted = [INVENTORY, SPELL, CHANGE_MAP, MIDI, CREATE, INDEX, STATS, HUNGER, STRENGTH, AREA]
    wanted += [LOGGED, LEVEL_UP, MULTI, MULTI, FX]
    assert [packet_id for packet_id in order if packet_id in wanted] == (
        [INVENTORY] * 6 + wanted[1:]
    )


async def test_dice_are_answered_each_time_and_the_last_ones_count(running: Running) -> None:
    ana = await running.connect()
    rolls = []
    for _ in range(3):
        ana.throw_dices()
        rolls.append((await ana.get(DICE_ROLL)).values)
    ana.create("Ana", race=1)
    await ana.entered()
    own = running.player("Ana").attributes
    strength, agility, intelligence, charisma, constitution = rolls[-1]
    assert isinstance(strength, int)
    assert isinstance(agility, int)
    assert isinstance(constitution, int)
    assert (own.strength, own.agility) == (strength + 1, agility + 1)
    assert (own.intelligence, own.charisma) == (intelligence, charisma)
    assert own.constitution == constitution + 2


async def test_what_is_sent_before_the_dice_are_answered_waits_for_them(running: Running) -> None:
    ana = await running.connect()
    ana.throw_dices()
    ana.create("A")
    ana.create("Ana")
    answers = [(await ana.until(lambda _packet: True)).id for _ in range(3)]
    assert answers == [DICE_ROLL, ERROR_MSG, INVENTORY]


async def test_unknown_names_and_wrong_passwords_get_the_same_answer(running: Running) -> None:
    ana = await running.newcomer("Ana")
    await leave(ana)
    answers = []
    for name, password in (("Ana", "wrong"), ("Nobody", "wrong")):
        client = await running.connect()
        client.log_in(name, password)
        answers.append((await client.get(ERROR_MSG)).values)
        await client.until_closed()
    assert answers[0] == answers[1]


async def test_five_wrong_passwords_lock_the_account_but_not_who_is_inside(start: Start) -> None:
    running = await start(lockout_ip_failures=100)
    ana = await running.newcomer("Ana")
    for _ in range(5):
        thief = await running.connect()
        thief.log_in("Ana", "wrong")
        await thief.until_closed()
    owner = await running.connect()
    owner.log_in("Ana")
    told = str((await owner.get(ERROR_MSG)).values[0])
    assert any(0 < int(word) <= 60 for word in told.split() if word.isdigit())
    await ana.settle()
    assert not ana.closed


async def test_a_second_log_in_can_be_refused_instead(start: Start) -> None:
    running = await start(second_login="refuse")
    ana = await running.newcomer("Ana")
    second = await running.connect()
    second.log_in("Ana")
    await second.get(ERROR_MSG)
    await second.until_closed()
    await ana.settle()
    assert not ana.closed


def let_go(logs: list[EventDict]) -> list[tuple[str, str]]:
    """Return reason and name of each line about somebody who was refused, all at INFO."""
    told = [entry for entry in logs if entry["event"] in {"a client was let go", "wrong_password"}]
    assert {entry["log_level"] for entry in told} <= {"info"}
    assert {entry["address"] for entry in told} <= {"127.0.0.1"}
    return [(entry.get("reason", entry["event"]), entry.get("name", "")) for entry in told]


async def refused(running: Running, *packets: bytes) -> list[tuple[str, str]]:
    """Let a stranger send packets and be closed; return what the log says of it."""
    with capture_logs() as logs:
        client = await running.connect()
        client.send(*packets)
        await client.until_closed()
    return let_go(logs)


async def test_the_log_has_one_line_about_each_client_that_is_refused(start: Start) -> None:
    running = await start(check_version=True)
    ana = await running.newcomer("Ana")
    await leave(ana)
    right = LoginExistingChar("Ana", "secreto", 0, 13, 0)
    older = LoginExistingChar("Ana", "secreto", 0, 12, 9)
    assert await refused(running, older.encode()) == [("login.wrong_version", "Ana")]
    for name, password in (("Ana", "wrong"), ("Nobody", "wrong"), ("x", "secreto"), ("Ana", "")):
        wrong = LoginExistingChar(name, password, 0, 13, 0).encode()
        assert await refused(running, wrong) == [("wrong_password", name)]
    running.app.game.closed_to_players = True
    assert await refused(running, right.encode()) == [("login.staff_only", "Ana")]
    running.app.game.closed_to_players = False
    running.app.game.stopping = True
    assert await refused(running, right.encode()) == [("server.stopping", "Ana")]
    running.app.game.stopping = False
    assert await refused(running, Walk(1).encode()) == [("a packet at the wrong time", "")]
    assert await refused(running, right.encode(), right.encode()) == []  # "left" tells of that


async def test_another_version_is_refused_when_versions_are_checked(start: Start) -> None:
    running = await start(check_version=True, client_version="0.14.0")
    client = await running.connect()
    client.log_in("Ana")
    assert "0.14.0" in str((await client.get(ERROR_MSG)).values[0])
    await client.until_closed()


@pytest.mark.parametrize("settings", [{"creation_enabled": False}, {"staff_only": True}])
async def test_creation_can_be_closed(start: Start, settings: dict[str, bool]) -> None:
    running = await start(**settings)
    client = await running.connect()
    client.throw_dices()
    await client.get(DICE_ROLL)
    client.create("Ana")
    await client.get(ERROR_MSG)
    assert running.app.game.world.find("Ana") is None


async def test_a_character_of_a_map_that_is_gone_begins_at_home(running: Running) -> None:
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    await leave(ana)
    running.app.writer.submit({RedisKeys.player_position(player.user_id): place(77, 10, 10)})
    again = await running.connect()
    await again.enter("Ana")
    assert (again.map, again.x, again.y) == (1, 50, 50)


def place(number: int, x: int, y: int) -> dict[str, str]:
    return {"map": str(number), "x": str(x), "y": str(y), "heading": "3"}


async def test_a_damaged_record_keeps_its_character_out_and_harms_nobody(running: Running) -> None:
    ana = await running.newcomer("Ana")
    bob = await running.newcomer("Bob")
    user_id = running.player("Ana").user_id
    await leave(ana)
    running.app.writer.submit({RedisKeys.player(UserId(user_id), "stats"): {"level": "minus one"}})
    again = await running.connect()
    again.log_in("Ana")
    await again.get(ERROR_MSG)
    await again.until_closed()
    await bob.settle()
    assert not bob.closed


async def test_the_message_of_the_day_is_shown_on_entering(start: Start) -> None:
    running = await start(motd=["Hoy hay feria en la plaza"])
    ana = await running.connect()
    ana.throw_dices()
    await ana.get(DICE_ROLL)
    ana.create("Ana")
    assert (await ana.get(CONSOLE_MSG)).values[0] == "Hoy hay feria en la plaza"
