"""Commands about the server as a whole."""

from __future__ import annotations

import asyncio

import pytest
from tests.console.conftest import WHO, Operator, leave
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.running import Start
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.console.command import COMMANDS
from pyao.console.commands.server import duration, memory_mib
from pyao.storage.migrate import migrate
from pyao.storage.sqlite_store import SqliteStore


async def console_line(client: ByteClient) -> str:
    return str((await client.get(CONSOLE_MSG)).values[0])


async def test_help_lists_every_command_with_its_usage_and_first_line(operator: Operator) -> None:
    answer = await operator.done("help")
    assert {row[0] for row in answer.rows} == {each.usage for each in COMMANDS}
    assert all(row[1] for row in answer.rows)


@pytest.mark.parametrize(
    ("line", "first", "count"),
    [
        ("help kick", "kick NAME [REASON...]", 1),
        ("help users", "users", 12),
        ("help users add", "users add NAME PASSWORD", 1),
        ("HELP Shutdown", "shutdown [force|cancel] [SECONDS] [REASON...]", 1),
    ],
)
async def test_help_explains_one_command_or_a_family(
    operator: Operator, line: str, first: str, count: int
) -> None:
    lines = (await operator.done(line)).lines
    assert lines[0] == first
    assert sum(not each.startswith(" ") and bool(each) for each in lines) == count


async def test_help_for_what_is_no_command_says_so(operator: Operator) -> None:
    assert "no command 'dance'" in await operator.refused("help dance")


async def test_status_tells_how_the_server_is(operator: Operator) -> None:
    await operator.newcomer("Ana")
    facts = await operator.facts("status")
    assert facts["players"] == 1
    assert facts["store answers"] is True
    assert "Test meadows" in str(facts["world"])
    assert str(operator.running.app.server.addresses[0][1]) in str(facts["listening"])
    assert facts["modules working"] == 0


async def test_stats_count_what_goes_through(operator: Operator) -> None:
    await operator.newcomer("Ana")
    facts = await operator.facts("stats")
    assert (facts["players"], facts["clients"], facts["clients ever"]) == (1, 1, 1)
    for label in ("packets in", "bytes in", "bytes out", "commits", "rooms", "memory MiB"):
        value = facts[label]
        assert isinstance(value, int | float)
        assert value > 0, label


async def test_say_reaches_everybody_in_the_game_without_markup(operator: Operator) -> None:
    ana, pepe = await operator.newcomer("Ana"), await operator.newcomer("Pepe")
    answer = await operator.done("say  Server  restarts [b]soon[/b]")
    assert answer.lines == ("said to 2 players",)
    for client in (ana, pepe):
        assert await console_line(client) == "Servidor: Server  restarts (b]soon(/b]"
    (row,) = await operator.audit()
    assert (row["cause"], row["who"]) == ("console say", WHO)
    assert "soon" in row["arguments"]


async def test_save_waits_until_everything_is_stored(operator: Operator) -> None:
    ana = await operator.newcomer("Ana")
    await leave(ana)
    assert "saved" in (await operator.done("save")).lines[0]
    assert operator.running.app.writer.stats.pending_keys == 0
    assert (await operator.audit())[0]["cause"] == "console save"


async def test_a_backup_can_be_put_back_by_a_migration(operator: Operator) -> None:
    await operator.newcomer("Ana")
    answer = await operator.done("backup")
    (file,) = (operator.data_dir / "backups").iterdir()
    assert str(file) in answer.lines[0]
    target = SqliteStore(operator.data_dir / "other.db")
    migrate(SqliteStore(file), target)
    target.open()
    assert target.read(["account:ana"])["account:ana"]["name"] == "Ana"
    target.close()
    (row,) = await operator.audit()
    assert (row["cause"], row["target"]) == ("console backup", file.name)


async def test_a_backup_that_cannot_be_written_is_refused_with_the_reason(
    operator: Operator,
) -> None:
    (operator.data_dir / "backups").write_text("in the way")
    assert "cannot write" in await operator.refused("backup")


async def test_shutdown_stops_the_server_in_order(operator: Operator) -> None:
    app = operator.running.app
    await operator.newcomer("Ana")
    ended = asyncio.create_task(app.run())
    assert (await operator.done("shutdown")).lines == ("the server stops",)
    assert await ended == 0
    assert app._stop_reason == f"shutdown ({WHO})"
    assert app._grace_s is None


async def test_shutdown_by_force_gives_no_grace(operator: Operator) -> None:
    await operator.done("shutdown force")
    assert operator.running.app._grace_s == 0


async def test_an_announced_shutdown_warns_ever_more_often_and_then_comes(start: Start) -> None:
    clock = ManualClock()
    operator = Operator(await start(clock=clock, language="en"))
    app = operator.running.app
    ana = await operator.newcomer("Ana")
    await operator.done("shutdown 65 update")
    assert await console_line(ana) == "Server: update"
    assert "65" in await console_line(ana)
    for passed, left in ((5, 60), (30, 30), (15, 15), (5, 10), (5, 5), (1, 4), (1, 3), (1, 2)):
        clock.advance(passed * 1000)
        assert f" {left} second" in await console_line(ana)
    clock.advance(1000)
    assert " 1 second" in await console_line(ana)
    assert not app._stop.is_set()
    clock.advance(1000)
    await until(app._stop.is_set)
    assert app._stop_reason == f"update ({WHO})"


async def test_an_announced_shutdown_can_be_called_off_or_replaced(start: Start) -> None:
    clock = ManualClock()
    operator = Operator(await start(clock=clock))
    app = operator.running.app
    assert "no shutdown" in await operator.refused("shutdown cancel")
    await operator.done("shutdown 60")
    assert "announced" in str((await operator.facts("status"))["shutdown"])
    await operator.done("shutdown 600")
    clock.advance(100_000)
    app.game.world.schedule.run_due()
    assert not app._stop.is_set()
    await operator.done("shutdown cancel")
    clock.advance(1_000_000)
    app.game.world.schedule.run_due()
    assert not app._stop.is_set()
    assert "shutdown" not in await operator.facts("status")


@pytest.mark.parametrize("line", ["shutdown canel", "shutdown now", "shutdown forse update"])
async def test_a_misspelt_word_does_not_stop_the_server(operator: Operator, line: str) -> None:
    assert "usage: shutdown" in await operator.refused(line)
    assert not operator.running.app._stop.is_set()


@pytest.mark.parametrize("line", ["save now", "backup x", "shutdown -5", "say", "status a b"])
async def test_wrong_words_are_answered_with_the_usage(operator: Operator, line: str) -> None:
    assert "usage: " in await operator.refused(line)


def test_spans_of_time_and_memory_read_well() -> None:
    assert duration(93_784) == "1 d 02:03:04"
    memory = memory_mib()
    assert isinstance(memory, float)
    assert 10 < memory < 10_000
