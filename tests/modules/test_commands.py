"""Chat commands of modules: names, answers, privileges, failures."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.small_server import Visitor

from pyao.errors import ModuleError
from pyao.events import Bulkhead
from pyao.modules import Caller, CommandRegistry
from pyao.rules.roles import NO_EXCEPTIONS, Exceptions

GOD = 8


@pytest.fixture
def commands() -> CommandRegistry:
    return CommandRegistry(Bulkhead(hang_s=0.02), reserved=["Salir"])


def greet(caller: Caller, arguments: str) -> str:
    """Say hello.

    More for the reader of the code.
    """
    return f"hello {caller.name}: {arguments}"


def test_the_returned_text_is_the_answer_line_by_line(commands: CommandRegistry) -> None:
    commands.register("m", "Hola", greet)
    ana = Visitor("1", "Ana")
    assert commands.run(ana, "HOLA", "one\ntwo")
    assert ana.lines == ["hello Ana: one", "two"]
    assert not commands.run(ana, "adios", "")


async def test_a_coroutine_may_answer_later(commands: CommandRegistry) -> None:
    async def slow(caller: Caller, arguments: str) -> str:
        await asyncio.sleep(0)
        return f"{caller.name} {arguments}"

    commands.register("m", "slow", slow)
    ana = Visitor("1", "Ana")
    assert commands.run(ana, "slow", "x")
    assert ana.lines == []
    for _ in range(5):
        await asyncio.sleep(0)
    assert ana.lines == ["Ana x"]


def test_a_failing_command_says_nothing_and_is_counted() -> None:
    bulkhead = Bulkhead()
    commands = CommandRegistry(bulkhead)
    commands.register("m", "broken", lambda _caller, _arguments: 1 / 0)
    ana = Visitor("1", "Ana")
    assert commands.run(ana, "broken", "")
    assert ana.lines == []
    assert bulkhead.failures == {"m": 1}


def test_a_command_of_the_staff_is_unknown_to_players(commands: CommandRegistry) -> None:
    commands.register("m", "storm", greet, privileges=GOD, description="Make it rain.")
    commands.register("m", "hola", greet)
    player, god = Visitor("1", "Ana"), Visitor("2", "Zeus", privileges=GOD)
    assert not commands.run(player, "storm", "")
    assert commands.run(god, "storm", "")
    assert [(each.name, each.help) for each in commands.visible(player)] == [("hola", "Say hello.")]
    assert [each.help for each in commands.visible(god)] == ["Say hello.", "Make it rain."]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "expected 1 to 32"),
        ("two words", "expected 1 to 32"),
        ("x" * 33, "expected 1 to 32"),
        ("SALIR", "command of the server"),
        ("taken", "belongs to module other"),
    ],
)
def test_a_wrong_or_taken_name_is_refused(
    commands: CommandRegistry, name: str, problem: str
) -> None:
    commands.register("other", "taken", greet)
    with pytest.raises(ModuleError, match=problem):
        commands.register("m", name, greet)
    assert [each.module for each in commands.commands()] == ["other"]


def test_an_unregistered_command_is_gone(commands: CommandRegistry) -> None:
    first = commands.register("m", "/hola", greet)
    assert commands.find("/hola") is first
    commands.unregister(first)
    second = commands.register("other", "hola", greet)
    commands.unregister(first)
    assert commands.commands("other") == [second]


@pytest.mark.parametrize(
    ("privileges", "exceptions", "allowed"),
    [
        (1, NO_EXCEPTIONS, False),
        (1 | 2, NO_EXCEPTIONS, True),
        (1, NO_EXCEPTIONS.with_grant("arena.open"), True),
        (1 | 2, NO_EXCEPTIONS.with_denial("arena.open"), False),
    ],
)
def test_a_command_may_ask_for_a_permission(
    commands: CommandRegistry, privileges: int, exceptions: Exceptions, allowed: bool
) -> None:
    commands.register("m", "open", greet, privileges=2, permission="arena.open")
    ana = Visitor("1", "Ana", privileges=privileges, exceptions=exceptions)
    assert commands.run(ana, "open", "") is allowed
    assert bool(commands.visible(ana)) is allowed


def test_a_permission_of_the_server_follows_its_roles(commands: CommandRegistry) -> None:
    commands.register("m", "out", greet, permission="people.kick")
    assert not commands.run(Visitor("1", "Ana", privileges=1 | 2), "out", "")
    assert commands.run(Visitor("2", "Eva", privileges=1 | 4), "out", "")


def test_what_is_no_name_of_a_permission_is_refused(commands: CommandRegistry) -> None:
    with pytest.raises(ModuleError, match="words with dots"):
        commands.register("m", "open", greet, permission="Open Arena")
