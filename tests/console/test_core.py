"""The console: lines in, answers out, whatever happens in between."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.console.conftest import WHO, Operator

from pyao.console.answer import Answer, said
from pyao.console.command import COMMANDS, Command, Text, command
from pyao.console.core import OWNER, keeps_secret
from pyao.console.desk import Call


@pytest.fixture
def own_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add three commands for the length of a test."""
    monkeypatch.setattr(COMMANDS, "by_path", dict[tuple[str, ...], Command](COMMANDS.by_path))

    @command("explode", act=True)
    def explode(_call: Call, text: Text) -> Answer:
        """Fail with a bug."""
        raise RuntimeError(text)

    @command("linger", act=True)
    async def linger(call: Call) -> Answer:
        """Take a moment."""
        await asyncio.sleep(0)
        call.game.broadcast("late")
        return said("done")

    @command("look")
    def look(_call: Call) -> Answer:
        """Change nothing."""
        return said("nothing")


async def test_an_empty_line_answers_nothing(operator: Operator) -> None:
    assert await operator.ask("  \t\r\n") == Answer()


async def test_an_unknown_command_hints_at_the_one_that_was_meant(operator: Operator) -> None:
    assert "did you mean modules?" in await operator.refused("modulse")
    assert "`help`" in await operator.refused("xyzzy")


async def test_a_quote_that_is_not_closed_is_said(operator: Operator) -> None:
    assert "not closed" in await operator.refused('kick "Juan Perez')


@pytest.mark.usefixtures("own_commands")
async def test_a_bug_in_a_command_costs_its_own_answer_only(operator: Operator) -> None:
    assert "explode failed" in await operator.refused("explode boom")
    bulkhead = operator.running.app.game.events.bulkhead
    assert bulkhead.last_failure[OWNER].startswith("explode: RuntimeError: boom (test_core.py")
    assert await operator.audit(5) == []
    assert (await operator.done("look")).lines == ("nothing",)


@pytest.mark.usefixtures("own_commands")
async def test_an_act_is_audited_once_and_a_look_never(operator: Operator) -> None:
    await operator.done("look")
    await operator.done("linger")
    (row,) = await operator.audit(9)
    assert (row["who"], row["cause"], row["target"], row["arguments"]) == (
        WHO,
        "console linger",
        "",
        "",
    )
    assert row["when"].isdigit()


@pytest.mark.usefixtures("own_commands")
async def test_a_command_goes_on_when_its_door_closes(operator: Operator) -> None:
    asked = asyncio.create_task(operator.ask("linger"))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked])
    assert [row["cause"] for row in await operator.audit()] in ([], ["console linger"])
    for _ in range(5):
        await asyncio.sleep(0)
    assert [row["cause"] for row in await operator.audit()] == ["console linger"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rel", ["reload"]),
        ("sta", ["start", "stats", "status"]),
        (
            "users ",
            [
                "add",
                "grant",
                "list",
                "logout",
                "mark",
                "modify",
                "password",
                "permissions",
                "rank",
                "remove",
                "revoke",
                "show",
            ],
        ),
        ("users r", ["rank", "remove", "revoke"]),
        ("start sql", ["sqlite_module"]),
        ("kick ", ["Ana", '"Juan Perez"']),
        ('kick "j', ['"Juan Perez"']),
        ("kick juan", ['"Juan Perez"']),
        ("logs w", ["warning"]),
        ("config max_c", []),
        ("config set max_c", ["max_connections"]),
        ("config sqlite_module ", ["get", "set"]),
        ("rooms show map", ["map:1", "map:2"]),
        ("help ba", ["backup", "ban"]),
        ("events session:s", ["session:started"]),
        ("nonsense ", []),
    ],
)
async def test_words_are_completed(operator: Operator, text: str, words: list[str]) -> None:
    await operator.newcomer("Ana")
    await operator.newcomer("Juan Perez")
    assert operator.running.app.console.complete(text) == words


async def test_lines_that_hold_a_password_are_known(operator: Operator) -> None:
    del operator
    assert keeps_secret("users add Ana hunter2")
    assert keeps_secret(' Users  "password" ') is False
    assert keeps_secret("users password Ana x")
    assert not keeps_secret("users list")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
async def test_any_line_is_answered(operator: Operator, line: str) -> None:
    words = line.split()
    if words and words[0].casefold() in {"shutdown", "backup"}:
        return
    assert isinstance(await operator.ask(line), Answer)
    operator.running.app.console.complete(line)
