"""Commands read their arguments by their signature, and say what is wrong with a usage line."""

from __future__ import annotations

from typing import Annotated

import pytest

from pyao.console.answer import Answer, said
from pyao.console.command import (
    COMMANDS,
    Arg,
    Command,
    CommandTable,
    Level,
    Limit,
    Minutes,
    PlayerName,
    Rest,
    Secret,
    Text,
    command,
)
from pyao.console.words import split


def ban(_call: object, name: PlayerName, minutes: Minutes = 0, reason: Rest = "") -> Answer:
    """Keep somebody out.

    For ever without a number.
    """
    return said(name, str(minutes), reason)


def logs(_call: object, level: Level = "", limit: Limit = 20) -> Answer:
    """Show the log."""
    return said(level, str(limit))


def add(_call: object, name: Text, password: Secret) -> Answer:
    """Make an account."""
    return said(name, password)


def setting(
    _call: object, module: Text, verb: Annotated[str, Arg(words=("get", "set"))], key: Text = ""
) -> Answer:
    """Look at a setting, or change it."""
    return said(module, verb, key)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> CommandTable:
    """Return a table of its own with the commands above."""
    own: dict[tuple[str, ...], Command] = {}
    monkeypatch.setattr(COMMANDS, "by_path", own)
    command("ban", act=True)(ban)
    command("logs", "log")(logs)
    command("users add", act=True)(add)
    command("users", "users list")(logs)
    command("setting")(setting)
    return COMMANDS


def bound(table: CommandTable, line: str) -> dict[str, str | int] | str:
    words = split(line)
    found = table.find(words)
    assert found is not None
    chosen, length = found
    return chosen.bind(line, words[length:])


def test_the_usage_line_is_the_signature(table: CommandTable) -> None:
    usages = {each.name: each.usage for each in table}
    assert usages["ban"] == "ban NAME [MINUTES] [REASON...]"
    assert usages["logs"] == "logs [LEVEL] [LIMIT]"
    assert usages["users add"] == "users add NAME PASSWORD"
    assert usages["setting"] == "setting MODULE get|set [KEY]"


def test_the_help_is_the_docstring(table: CommandTable) -> None:
    (found,) = [each for each in table if each.name == "ban"]
    assert found.summary == "Keep somebody out."
    assert found.help.endswith("For ever without a number.")
    assert found.act


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("ban Ana", {"name": "Ana"}),
        ("ban Ana 5", {"name": "Ana", "minutes": 5}),
        ("ban Ana 5 very  rude", {"name": "Ana", "minutes": 5, "reason": "very  rude"}),
        ("ban Ana very rude", {"name": "Ana", "reason": "very rude"}),
        ('BAN "Juan Perez" "5"', {"name": "Juan Perez", "minutes": 5}),
        ("logs", {}),
        ("logs warning", {"level": "WARNING"}),
        ("logs 7", {"limit": 7}),
        ("log error 7", {"level": "ERROR", "limit": 7}),
        ("setting welcome SET greeting", {"module": "welcome", "verb": "set", "key": "greeting"}),
    ],
)
def test_arguments_are_read_and_optional_ones_left_out(
    table: CommandTable, line: str, values: dict[str, object]
) -> None:
    assert bound(table, line) == values


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ban", "NAME is missing"),
        ("ban Ana 0", "MINUTES, a whole number from 1 to 52560000; got '0'"),
        ("ban Ana -5 rude", "got '-5'"),
        ("ban Ana 30m", "got '30m'"),
        ("ban Ana ٣", "got '٣'"),
        ("logs loud", "LEVEL, one of DEBUG, INFO, WARNING, ERROR, CRITICAL or LIMIT"),
        ("logs info 5 6", "'6' is one word too many"),
        ("setting welcome put", "expected get|set; got 'put'"),
        ("users add Ana", "PASSWORD is missing"),
        ("users list debug 1 2", "'2' is one word too many"),
    ],
)
def test_wrong_arguments_are_named(table: CommandTable, line: str, problem: str) -> None:
    answer = bound(table, line)
    assert isinstance(answer, str)
    assert problem in answer


def test_secrets_are_never_shown_and_their_lines_not_kept(table: CommandTable) -> None:
    line = 'users add "Ana Maria" hunter2'
    values = bound(table, line)
    assert isinstance(values, dict)
    (found,) = [each for each in table if each.name == "users add"]
    assert found.shown(values) == '"Ana Maria" ***'
    assert found.has_secret


def test_a_quoted_word_is_never_a_command(table: CommandTable) -> None:
    assert table.find(split('"ban" Ana')) is None


def test_a_command_is_defined_once(table: CommandTable) -> None:
    with pytest.raises(ValueError, match="users add"):
        command("users add")(add)
    assert table.names() == ["ban", "log", "logs", "setting", "users"]
    assert table.below("users") == ["add", "list"]
