"""What the game tells of what players do, and what a module may forbid."""

from __future__ import annotations

from typing import Any

from tests.support.byte_client import CHAT, CONSOLE_MSG, EAST, ERROR_MSG, ByteClient
from tests.support.duel import Duel
from tests.support.waiting import until
from tests.tasks.conftest import Running

from pyao.content.world_data import tile_index
from pyao.events import Event, EventTypes
from pyao.rules.character import Slot
from pyao.tasks import growth, living

DROP, PICK_UP, QUIT = 24, b"\x09", b"\x47"
DAGGER, GOLD_ITEM, GOLD_SLOT = 460, 12, 31


def listen(running: Running, *event_types: EventTypes) -> list[tuple[Any, ...]]:
    """Keep the type and the data of what is told from now on."""
    heard: list[tuple[Any, ...]] = []

    def hear(event: Event[Any]) -> None:
        heard.append((event.event_type, *event.data.values()))

    for event_type in event_types:
        running.app.game.events.register_handler(event_type, hear, "test")
    return heard


def forbid(running: Running, event_type: EventTypes) -> None:
    """Let a module say no from now on."""
    running.app.game.events.register_handler(event_type, lambda event: event.veto("hoy no"), "test")


def drop(slot: int, amount: int) -> bytes:
    return bytes((DROP, slot)) + amount.to_bytes(2, "little", signed=True)


async def said_to(client: ByteClient) -> str:
    return str((await client.get(CONSOLE_MSG)).values[0])


async def test_a_visit_is_told_from_the_first_packet_to_the_last(running: Running) -> None:
    heard = listen(
        running,
        EventTypes.CHARACTER_CREATED,
        EventTypes.SESSION_STARTED,
        EventTypes.MAP_ENTERED,
        EventTypes.PLAYER_MOVED,
        EventTypes.CHAT_SAID,
        EventTypes.COMMAND_USED,
        EventTypes.MAP_LEFT,
        EventTypes.SESSION_ENDED,
        EventTypes.LOGIN_FAILED,
    )
    running.app.game.commands.register("test", "rezar", lambda _caller, _words: "amen")
    ana = await running.newcomer("Ana")
    client_id = next(iter(running.app.game.connected))
    player = running.player("Ana")
    user_id, x, y = int(player.user_id), player.x, player.y
    ana.walk(EAST)
    ana.talk("hola")
    ana.yell("eh")
    ana.talk("/rezar yo")
    ana.send(QUIT)
    await ana.until_closed()
    await until(lambda: not running.app.game.connected)
    assert sorted(heard[:3]) == sorted(
        [
            (EventTypes.CHARACTER_CREATED, user_id, "Ana", "Ana"),
            (EventTypes.MAP_ENTERED, user_id, "Ana", 1, x, y),
            (EventTypes.SESSION_STARTED, client_id, user_id, "Ana", "127.0.0.1"),
        ]
    )
    assert heard[3:7] == [
        (EventTypes.PLAYER_MOVED, user_id, 1, x + 1, y, EAST),
        (EventTypes.CHAT_SAID, user_id, "Ana", "say", 1, "hola"),
        (EventTypes.CHAT_SAID, user_id, "Ana", "yell", 1, "eh"),
        (EventTypes.COMMAND_USED, user_id, "Ana", "rezar", "yo"),
    ]
    assert sorted(each[0] for each in heard[7:]) == [
        EventTypes.MAP_LEFT,
        EventTypes.SESSION_ENDED,
    ]
    again = await running.connect()
    again.log_in("Ana", "not this one")
    await again.get(ERROR_MSG)
    assert (heard[-1][0], heard[-1][2]) == (EventTypes.LOGIN_FAILED, "Ana")


async def test_things_that_change_places_are_told_and_gold_is_item_12(running: Running) -> None:
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    player.inventory[:] = [Slot(DAGGER, 5), *[None] * 24]
    player.gold = 100
    heard = listen(
        running, EventTypes.BEFORE_DROP, EventTypes.ITEM_DROPPED, EventTypes.ITEM_PICKED_UP
    )
    ana.send(drop(1, 2), PICK_UP, drop(9, 1), drop(GOLD_SLOT, 60))
    await ana.settle()
    who, place = int(player.user_id), (1, player.x, player.y)
    assert heard[:4] == [
        (EventTypes.BEFORE_DROP, who, DAGGER, 2, 1),
        (EventTypes.ITEM_DROPPED, who, DAGGER, 2, *place),
        (EventTypes.ITEM_PICKED_UP, who, DAGGER, 2, *place),
        (EventTypes.BEFORE_DROP, who, GOLD_ITEM, 60, 1),
    ]
    assert heard[4][:4] == (EventTypes.ITEM_DROPPED, who, GOLD_ITEM, 60)
    assert len(heard) == 5


async def test_what_a_module_forbids_is_not_dropped_and_the_reason_is_told(
    running: Running,
) -> None:
    ana = await running.newcomer("Ana")
    player = running.player("Ana")
    player.inventory[:] = [Slot(DAGGER, 5), *[None] * 24]
    player.gold = 100
    ana.seen.clear()
    forbid(running, EventTypes.BEFORE_DROP)
    for packet in (drop(1, 2), drop(GOLD_SLOT, 60)):
        ana.send(packet)
        assert "hoy no" in await said_to(ana)
    assert (player.inventory[0], player.gold) == (Slot(DAGGER, 5), 100)


async def test_who_is_put_out_of_the_game_when_a_module_is_asked_drops_nothing(
    running: Running,
) -> None:
    ana = await running.newcomer("Ana")
    player, game = running.player("Ana"), running.app.game
    player.inventory[:] = [Slot(DAGGER, 5), *[None] * 24]

    def kick(_event: Event[Any]) -> None:
        game.kick(player, "logout.kicked")

    game.events.register_handler(EventTypes.BEFORE_DROP, kick, "test")
    ana.send(drop(1, 2))
    await ana.until_closed()
    assert player.inventory[0] == Slot(DAGGER, 5)
    assert tile_index(player.x, player.y) not in game.world.maps[1].ground


async def test_what_a_module_forbids_is_said_by_no_channel(running: Running) -> None:
    ana, bob = await running.newcomer("Ana"), await running.newcomer("Bob", head=7)
    ana.seen.clear()
    forbid(running, EventTypes.BEFORE_CHAT)
    for speak in (ana.talk, ana.yell, lambda words: ana.whisper("Bob", words)):
        speak("hola")
        assert "hoy no" in await said_to(ana)
    assert CHAT not in [packet.id for packet in await bob.settle()]


async def test_a_module_may_change_what_is_said(running: Running) -> None:
    ana = await running.newcomer("Ana")

    def shout(event: Event[Any]) -> None:
        event.data.text = event.data.text.upper()

    running.app.game.events.register_handler(EventTypes.BEFORE_CHAT, shout, "test")
    ana.talk("hola")
    assert (await ana.get(CHAT)).values[0] == "HOLA"


async def test_who_is_put_out_for_its_words_is_heard_nowhere(running: Running) -> None:
    ana, bob = await running.newcomer("Ana"), await running.newcomer("Bob", head=7)
    game, player = running.app.game, running.player("Ana")
    game.world.warp(running.player("Bob"), 1, 91, 92)
    await bob.settle()
    bob.seen.clear()
    said = listen(running, EventTypes.CHAT_SAID)

    def put_out(_event: Event[Any]) -> None:
        game.clients[player.user_id].close("rude")

    game.events.register_handler(EventTypes.BEFORE_CHAT, put_out, "test")
    ana.talk("grosero")
    await until(lambda: len(game.clients) == 1)
    assert CHAT not in [packet.id for packet in await bob.settle()]
    assert said == []


async def test_a_whisper_that_reaches_nobody_was_not_said(running: Running) -> None:
    ana = await running.newcomer("Ana")
    said = listen(running, EventTypes.CHAT_SAID)
    for _ in range(20):
        ana.whisper("Nadie", "hola")
        ana.whisper("Ana", "hola")
    ana.whisper("Nadie", " ")
    told = [packet for packet in await ana.settle() if packet.id == CONSOLE_MSG]
    assert len(told) == 40, "each is answered, and none counts as talk"
    assert said == []


async def test_a_fight_is_told_blow_by_blow_to_its_end(duel: Duel) -> None:
    heard = listen(
        duel.running,
        EventTypes.COMBAT_HIT,
        EventTypes.COMBAT_KILL,
        EventTypes.PLAYER_DIED,
        EventTypes.PLAYER_RESURRECTED,
    )
    while not duel.b.dead:
        await duel.attack()
    kinds = [each[0] for each in heard]
    assert kinds.count(EventTypes.COMBAT_KILL) == kinds.count(EventTypes.PLAYER_DIED) == 1
    assert all(each[1:4] == ("Ana", "Bob", 2) for each in heard if each[0] == EventTypes.COMBAT_HIT)
    assert (EventTypes.COMBAT_KILL, "Ana", "Bob", 2, 0) in heard
    assert (EventTypes.PLAYER_DIED, int(duel.b.user_id), "Bob", 2, "Ana") in heard
    living.revive(duel.running.app.game, duel.b)
    assert heard[-1] == (EventTypes.PLAYER_RESURRECTED, int(duel.b.user_id), "Bob", 2)


async def test_growth_is_told_and_may_be_changed_or_forbidden(duel: Duel) -> None:
    game, who = duel.running.app.game, int(duel.a.user_id)
    heard = listen(duel.running, EventTypes.BEFORE_EXPERIENCE, EventTypes.PLAYER_LEVELED)

    def halve(event: Event[Any]) -> None:
        event.data.amount //= 2

    game.events.register_handler(EventTypes.BEFORE_EXPERIENCE, halve, "test")
    before = duel.a.experience
    growth.earn(game, duel.a, 100, "a test")
    assert duel.a.experience == before + 50
    growth.earn(game, duel.a, 1200, "a test")
    assert heard == [
        (EventTypes.BEFORE_EXPERIENCE, who, 100, "a test"),
        (EventTypes.BEFORE_EXPERIENCE, who, 1200, "a test"),
        (EventTypes.PLAYER_LEVELED, who, "Ana", 2),
    ]
    forbid(duel.running, EventTypes.BEFORE_EXPERIENCE)
    growth.earn(game, duel.a, 100_000, "a test")
    assert duel.a.level == 2
