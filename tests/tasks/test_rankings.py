from __future__ import annotations

from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.running import Running, running_fixture, start_fixture

from pyao.rules.character import Section
from pyao.rules.kinds import Privilege

__all__ = ["running_fixture", "start_fixture"]

FIGURES = {"Ana": (12, 300, 0), "Bob": (30, 20, 4), "Cleo": (12, 0, 1)}


async def shown(client: ByteClient, line: str) -> list[str]:
    """Type a command and return what the console shows."""
    client.talk(line)
    return [str(seen.values[0]) for seen in await client.settle() if seen.id == CONSOLE_MSG]


async def ranked(running: Running) -> ByteClient:
    """Let people with figures play; return Ana's client."""
    clients = {name: await running.newcomer(name) for name in FIGURES}
    for name, (level, gold, kills) in FIGURES.items():
        player = running.player(name)
        player.level, player.gold, player.users_killed = level, gold, kills
        player.experience = 100 if name == "Ana" else 7
        running.app.game.world.mark(player, Section.STATS)
    running.app.game.changes.snapshot()
    return clients["Ana"]


async def test_the_best_are_listed_by_level_kills_or_gold(running: Running) -> None:
    ana = await ranked(running)
    levels = ["Los de mayor nivel:", "1. Bob: 30", "2. Ana: 12", "3. Cleo: 12"]
    assert await shown(ana, "/ranking") == levels
    assert await shown(ana, "/RANKING Nivel") == levels
    assert await shown(ana, "/ranking oro") == [
        "Los que mas oro tienen:",
        "1. Ana: 300",
        "2. Bob: 20",
    ]
    assert await shown(ana, "/ranking muertes") == [
        "Los que mas jugadores mataron:",
        "1. Bob: 4",
        "2. Cleo: 1",
        "Tu no figuras en este ranking.",
    ]


async def test_an_unknown_ranking_is_answered_with_those_there_are(running: Running) -> None:
    ana = await running.newcomer("Ana")
    (told,) = await shown(ana, "/ranking belleza")
    assert "/ranking muertes" in told


async def test_staff_is_not_ranked(running: Running) -> None:
    ana = await ranked(running)
    bob = running.player("Bob")
    bob.privileges |= Privilege.GOD
    running.app.game.world.mark(bob, Section.STATS)
    running.app.game.changes.snapshot()
    assert await shown(ana, "/ranking") == ["Los de mayor nivel:", "1. Ana: 12", "2. Cleo: 12"]


async def test_one_is_shown_among_neighbours_far_from_the_best(running: Running) -> None:
    ana = await ranked(running)
    many = {f"ranking:gold:{number}": str(1_000 + number) for number in range(6, 12)}
    names = {f"player:{number}:profile": {"name": f"Rico {number}"} for number in range(6, 12)}
    running.app.writer.submit({**many, **names})
    running.app.game.changes.snapshot()
    assert await shown(ana, "/ranking oro") == [
        "Los que mas oro tienen:",
        "1. Rico 11: 1011",
        "2. Rico 10: 1010",
        "3. Rico 9: 1009",
        "4. Rico 8: 1008",
        "5. Rico 7: 1007",
        "6. Rico 6: 1006",
        "7. Ana: 300",
        "8. Bob: 20",
    ]


async def test_without_its_store_the_server_says_so(running: Running) -> None:
    ana = await running.newcomer("Ana")
    running.app.writer.healthy = False
    (told,) = await shown(ana, "/ranking")
    assert told == "Ahora no se puede leer el ranking; intentalo mas tarde."
