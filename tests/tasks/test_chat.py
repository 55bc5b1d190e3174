from __future__ import annotations

import pytest
from tests.support.byte_client import CHAT, CONSOLE_MSG, ByteClient
from tests.support.dealing import Dealing, told, values
from tests.support.world import ManualClock
from tests.tasks.conftest import Running, Start

from pyao.protocol import client_social_packets as said
from pyao.protocol.enums import Font
from pyao.rules.kinds import Privilege
from pyao.rules.party import Party, Share

RED, WHITE, GREY, BLUE = (255, 0, 0), (255, 255, 255), (192, 192, 192), (0, 0, 255)
YELLOW = (255, 255, 0)


@pytest.fixture
async def pair(running: Running) -> tuple[ByteClient, ByteClient]:
    return await running.newcomer("Ana"), await running.newcomer("Bob", head=7)


async def test_talk_is_heard_in_view_in_white_and_by_the_speaker(
    pair: tuple[ByteClient, ByteClient],
) -> None:
    ana, bob = pair
    ana.talk("hola")
    for client in pair:
        assert (await client.get(CHAT)).values == ("hola", ana.index, *WHITE)
    bob.yell("socorro")
    assert (await ana.get(CHAT)).values == ("socorro", bob.index, *RED)


async def test_accents_are_written_in_plain_letters(pair: tuple[ByteClient, ByteClient]) -> None:
    ana, bob = pair
    ana.talk("¿Qué tal, señor?")
    assert (await bob.get(CHAT)).values[0] == "?Que tal, senor?"


async def test_overhead_text_keeps_brackets_and_the_console_does_not(
    pair: tuple[ByteClient, ByteClient],
) -> None:
    ana, bob = pair
    ana.whisper("bob", "[img]x[/img]")
    assert (await bob.get(CHAT)).values == ("[img]x[/img]", ana.index, *BLUE)
    line = str((await bob.get(CONSOLE_MSG)).values[0])
    assert "Ana" in line
    assert "[" not in line


async def test_a_whisper_does_not_reach_another_map(
    running: Running, pair: tuple[ByteClient, ByteClient]
) -> None:
    ana, bob = pair
    world = running.app.game.world
    world.warp(running.player("Bob"), 2, 50, 50)
    await bob.settle()
    bob.seen.clear()
    ana.whisper("Bob", "hola")
    assert "Bob" in str((await ana.get(CONSOLE_MSG)).values[0])
    await bob.settle()
    assert not [packet for packet in bob.seen if packet.id == CHAT]


async def test_a_whisper_to_nobody_says_so(pair: tuple[ByteClient, ByteClient]) -> None:
    ana, _ = pair
    ana.whisper("Nadie", "hola")
    assert "Nadie" in str((await ana.get(CONSOLE_MSG)).values[0])


async def test_what_cannot_be_printed_does_not_come_back(
    pair: tuple[ByteClient, ByteClient],
) -> None:
    ana, _ = pair
    ana.whisper("\x00Na\ndie", "hola")
    assert str((await ana.get(CONSOLE_MSG)).values[0]).startswith("Nadie")


async def test_the_dead_are_heard_by_the_dead_only(
    running: Running, pair: tuple[ByteClient, ByteClient]
) -> None:
    ana, bob = pair
    running.player("Ana").hp = 0
    ana.talk("buu")
    assert (await ana.get(CHAT)).values == ("buu", ana.index, *GREY)
    await bob.settle()
    assert not [packet for packet in bob.seen if packet.id == CHAT]


async def test_a_long_text_is_cut_and_an_empty_one_is_not_said(
    pair: tuple[ByteClient, ByteClient],
) -> None:
    ana, bob = pair
    ana.talk("  \x01\x02 ")
    ana.talk("a" * 5000)
    assert (await bob.get(CHAT)).values[0] == "a" * 255


async def test_who_floods_is_told_once_and_heard_at_a_humans_pace(start: Start) -> None:
    clock = ManualClock()
    running = await start(clock=clock)
    ana, bob = await running.newcomer("Ana"), await running.newcomer("Bob", head=7)

    async def heard(lines: int) -> tuple[int, int]:
        """Let Ana say so many; return how many Bob hears, and what Ana is told."""
        for line in range(lines):
            (ana.talk, ana.yell)[line % 2](f"compro y vendo {line}")
        told = [packet for packet in await ana.settle() if packet.id == CONSOLE_MSG]
        return sum(packet.id == CHAT for packet in await bob.settle()), len(told)

    await heard(0)
    assert await heard(30) == (8, 1)
    assert await heard(5) == (0, 0), "told already"
    clock.advance(700)
    assert await heard(2) == (1, 1)
    ana.whisper("Bob", "hola")
    assert not [packet for packet in await bob.settle() if packet.id == CHAT], "no way around it"
    clock.advance(60_000)
    assert await heard(8) == (8, 0)
    bob.talk("hola")
    assert (await ana.get(CHAT)).values[0] == "hola", "one player's flood is not another's"


async def test_a_line_too_many_is_not_lost_in_silence_and_commands_go_through(
    start: Start,
) -> None:
    running = await start(clock=ManualClock())
    ana, bob = await running.newcomer("Ana"), await running.newcomer("Bob", head=7)
    a, b = running.player("Ana"), running.player("Bob")
    a.party = b.party = Party([Share(a), Share(b)])
    for client in (ana, bob):
        await client.settle()
        client.seen.clear()
    for line in range(9):
        ana.send(said.PartyMessage(f"{line}").encode())
    ana.talk("/rechazado")
    own = [str(one.values[0]) for one in await ana.settle() if one.id == CONSOLE_MSG]
    heard = [str(one.values[0]) for one in await bob.settle() if one.id == CONSOLE_MSG]
    assert own[:8] == heard
    assert len(heard) == 8
    assert "no se te ha oido" in own[8]
    assert "/rechazado" in own[9], "that there is no such command"


async def test_staff_speak_as_they_like(
    running: Running, pair: tuple[ByteClient, ByteClient]
) -> None:
    ana, bob = pair
    running.player("Ana").privileges = int(Privilege.GOD)
    for line in range(20):
        ana.talk(f"aviso {line}")
    await ana.settle()
    assert sum(packet.id == CHAT for packet in await bob.settle()) == 20


async def test_commands_are_no_talk(running: Running) -> None:
    ana = await running.newcomer("Ana")
    for _ in range(20):
        ana.talk("/est")
    ana.talk("hola")
    assert (await ana.get(CHAT)).values[0] == "hola"


async def test_who_is_muted_is_told_and_not_heard(
    running: Running, pair: tuple[ByteClient, ByteClient]
) -> None:
    ana, bob = pair
    running.player("Ana").muted_until = 2**40
    ana.talk("hola")
    await ana.get(CONSOLE_MSG)
    await bob.settle()
    assert not [packet for packet in bob.seen if packet.id == CHAT]


async def test_a_council_talks_among_itself(dealing: Dealing) -> None:
    dealing.a.privileges |= Privilege.ROYAL_COUNCIL
    dealing.b.privileges |= Privilege.CHAOS_COUNCIL
    await dealing.send(dealing.eva, said.CouncilMessage("hola"))
    assert "No perteneces" in told(dealing.eva)
    await dealing.send(dealing.ana, said.CouncilMessage("hola"), said.CouncilMessage(" "))
    assert [one for one in values(dealing.ana, CONSOLE_MSG) if one[0] == "Ana> hola"] == [
        ("Ana> hola", Font.COUNCIL)
    ]
    assert "hola" not in told(dealing.bob)
    dealing.e.privileges |= Privilege.CHAOS_COUNCIL
    await dealing.send(dealing.eva, said.CouncilMessage("aqui"))
    assert ("Eva> aqui", Font.CHAOS_COUNCIL) in values(dealing.bob, CONSOLE_MSG)
    assert "aqui" not in told(dealing.ana)


@pytest.mark.parametrize(
    ("rank", "hears"),
    [
        (Privilege.COUNSELLOR, False),
        (Privilege.DEMIGOD, True),
        (Privilege.GOD, True),
        (Privilege.PLAYER, False),
    ],
)
async def test_staff_in_view_sees_whispers_in_yellow(
    dealing: Dealing, rank: Privilege, hears: bool
) -> None:
    dealing.e.privileges |= rank
    dealing.ana.whisper("Bob", "ven")
    await dealing.hear()
    assert values(dealing.bob, CHAT) == [("ven", dealing.a.index, *BLUE)]
    yellow = [("a Bob> ven", dealing.a.index, *YELLOW)]
    assert values(dealing.eva, CHAT) == (yellow if hears else [])
    assert len(values(dealing.ana, CHAT)) == 1


async def test_staff_are_not_overheard(dealing: Dealing) -> None:
    dealing.a.privileges |= Privilege.GOD
    dealing.e.privileges |= Privilege.GOD
    dealing.ana.whisper("Bob", "ven")
    await dealing.hear()
    assert values(dealing.eva, CHAT) == []


async def test_a_god_whispers_to_another_map_through_the_console(dealing: Dealing) -> None:
    dealing.a.privileges |= Privilege.GOD
    dealing.running.app.game.world.warp(dealing.b, 2, 50, 50)
    await dealing.hear()
    dealing.forget()
    dealing.ana.whisper("Bob", "ven")
    await dealing.hear()
    assert "Ana te susurra: ven" in told(dealing.bob)
    assert values(dealing.bob, CHAT) == [], "its client does not know who that is"


async def test_players_whisper_to_staff_in_a_consultation_only(dealing: Dealing) -> None:
    dealing.e.privileges |= Privilege.DEMIGOD
    dealing.ana.whisper("Eva", "ayuda")
    await dealing.hear()
    assert "ayuda" not in told(dealing.eva)
    dealing.a.consulting = True
    dealing.ana.whisper("Eva", "ayuda")
    await dealing.hear()
    assert "Ana te susurra: ayuda" in told(dealing.eva)
