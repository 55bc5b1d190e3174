from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG
from tests.tasks.conftest import Running, Start

from pyao.rules.kinds import Privilege

ATTRIBUTES, SKILLS, MINI_STATS, FAME = 50, 71, 62, 61


async def test_the_four_statistics_asked_for_in_one_write_are_all_answered(
    running: Running,
) -> None:
    ana = await running.newcomer("Ana")
    ana.send(b"\x0d", b"\x0f", b"\x10", b"\x0e")
    attributes = await ana.get(ATTRIBUTES)
    skills = await ana.get(SKILLS)
    mini = await ana.get(MINI_STATS)
    fame = await ana.get(FAME)
    own = running.player("Ana").attributes
    assert attributes.values == (
        own.strength,
        own.agility,
        own.intelligence,
        own.charisma,
        own.constitution,
    )
    assert skills.values == (0,) * 40
    assert mini.values == (0, 0, 0, 0, 3, 0)
    assert fame.values == (0, 0, 0, 0, 1000, 30, 172)


async def test_online_counts_the_players(running: Running) -> None:
    ana = await running.newcomer("Ana")
    await running.newcomer("Bob")
    ana.seen.clear()
    ana.send(b"\x46")
    assert "2" in str((await ana.get(CONSOLE_MSG)).values[0])


@pytest.mark.parametrize(
    ("rank", "counted"),
    [(Privilege.COUNSELLOR, True), (Privilege.DEMIGOD, False), (Privilege.GOD, False)],
)
async def test_staff_above_counsellors_are_not_counted(
    running: Running, rank: Privilege, counted: bool
) -> None:
    ana = await running.newcomer("Ana")
    await running.newcomer("Bob")
    running.player("Bob").privileges |= rank
    ana.seen.clear()
    ana.send(b"\x46")
    told = str((await ana.get(CONSOLE_MSG)).values[0])
    assert ("2 jugadores" if counted else "un jugador") in told


async def test_help_uptime_statistics_and_motd_answer_in_the_console(start: Start) -> None:
    running = await start(motd=["Bienvenidos", "Hoy hay feria"])
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    for packet, word in (
        (b"\x52", "/"),
        (b"\x5a", "0"),
        (b"\x53", "Ana"),
        (b"\x59", "Bienvenidos"),
    ):
        ana.send(packet)
        while word not in str((await ana.get(CONSOLE_MSG)).values[0]):
            pass


async def test_the_position_is_told_when_asked(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.x = 0
    ana.ask_position()
    await ana.get(22)
    assert (ana.x, ana.y) == (50, 50)


async def test_a_packet_without_a_task_changes_nothing(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(b"\x7a\x10", b"\x5e")  # a staff command and a poll
    await ana.settle()
    assert not ana.seen
    assert not ana.closed
