"""Typing at a terminal: completion, history, and the server's own terminal on a pty."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from tests.support.pty_process import PtyProcess
from tests.support.waiting import until

from pyao.console.answer import Answer, refused, said
from pyao.console.terminal import (
    HISTORY_FILE,
    Terminal,
    Words,
    above_the_prompt,
    history_in,
    unfinished,
)

PROMPT = "pyao>"  # the space behind it is only a move of the cursor
CTRL_C, CTRL_D, UP, TAB = "\x03", "\x04", "\x1b[A", "\t"


@dataclass
class Echo:
    """A backend that remembers what it was asked."""

    lines: list[str] = field(default_factory=list)

    async def run(self, line: str) -> Answer:
        self.lines.append(line)
        return refused("no such thing") if line == "bad" else said(f"you said {line}")

    async def complete(self, text: str) -> list[str]:
        return [word for word in ("start", "status", '"Juan Perez"') if text[-3:] in word]


@contextmanager
def keyboard() -> Iterator[PipeInput]:
    """Let the test type, and show nothing."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


async def test_lines_are_answered_until_the_end_of_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    echo = Echo()
    with keyboard() as keys:
        keys.send_text("hello\rbad\r" + CTRL_D)
        await Terminal(echo, tmp_path).talk()
    assert echo.lines == ["hello", "bad"]
    assert capsys.readouterr().out == "you said hello\nno such thing\n"


@pytest.mark.parametrize("word", ["exit", " quit "])
async def test_exit_and_quit_leave(tmp_path: Path, word: str) -> None:
    echo = Echo()
    with keyboard() as keys:
        keys.send_text(word + "\r")
        await Terminal(echo, tmp_path).talk()
    assert echo.lines == []


async def test_ctrl_c_is_left_to_who_runs_the_terminal(tmp_path: Path) -> None:
    with keyboard() as keys:
        keys.send_text("half a li" + CTRL_C)
        with pytest.raises(KeyboardInterrupt):
            await Terminal(Echo(), tmp_path).talk()


async def test_earlier_lines_come_back_also_after_a_restart_but_no_passwords(
    tmp_path: Path,
) -> None:
    first, second = Echo(), Echo()
    with keyboard() as keys:
        keys.send_text("modules\rusers add Ana hunter2\r" + CTRL_D)
        await Terminal(first, tmp_path).talk()
    file = tmp_path / HISTORY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert "hunter2" not in file.read_text()
    with keyboard() as keys:
        keys.send_text(UP + "\r" + CTRL_D)
        await Terminal(second, tmp_path).talk()
    assert second.lines == ["modules"]


def test_the_history_of_days_is_read_again(tmp_path: Path) -> None:
    history_in(tmp_path).append_string("status")
    history_in(tmp_path).append_string("users password Ana hunter2")
    assert list(history_in(tmp_path).load_history_strings()) == ["status"]


async def test_tab_completes_what_the_console_offers(tmp_path: Path) -> None:
    echo = Echo()
    with keyboard() as keys:
        terminal = Terminal(echo, tmp_path)
        talk = asyncio.create_task(terminal.talk())
        keys.send_text("stat" + TAB)
        await until(lambda: terminal._session.default_buffer.text == "status")
        keys.send_text("\r" + CTRL_D)
        await talk
    assert echo.lines == ["status"]


async def test_a_completion_replaces_the_whole_unfinished_word() -> None:
    words = Words(Echo())
    document = Document("kick Jua")
    found = [each async for each in words.get_completions_async(document, CompleteEvent())]
    assert [(each.text, each.start_position) for each in found] == [('"Juan Perez"', -3)]
    assert list(words.get_completions(document, CompleteEvent())) == []


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("kick", 4), ("kick ", 0), ("kick A", 1), ('kick "A B', 4)]
)
def test_the_unfinished_word_is_measured(text: str, length: int) -> None:
    assert unfinished(text) == length


def test_what_is_printed_goes_above_the_prompt_and_the_log_is_told() -> None:
    told: list[object] = []
    before = sys.stdout
    with keyboard(), above_the_prompt(lambda: told.append(sys.stdout)):
        assert sys.stdout is not before
    assert sys.stdout is before
    assert told[0] is not before
    assert told[1] is before


def at_terminal(folder: Path, *options: str) -> PtyProcess:
    """Return a server that is going to run at a terminal."""
    return PtyProcess(
        folder, "pyao.run_server", "run", "--host", "127.0.0.1", "--port", "0",
        "--data-dir", "data", "--storage", "sqlite", *options,
    )  # fmt: skip


@pytest.mark.slow
def test_an_operator_types_at_the_servers_own_terminal(tmp_path: Path) -> None:
    with at_terminal(tmp_path) as server:
        server.read_until(PROMPT)
        assert not server.echoes()
        for line, expected in (
            ("help", "shutdown [force|cancel]"),
            ("status", "store answers"),
            ("modules", "sqlite_module"),
            ("start sqlite_module", "sqlite_module works"),
            ("db SELECT 40 + 2 AS answer", "42"),
            ("restart sqlite_module", "works again"),
            ("stats sqlite_module", "tasks for packets"),
            ("stop sqlite_module", "is stopped"),
            ("users add Ana hunter22", "account Ana is made"),
            ("users list", "characters"),
            ("sessions list", "idle s"),
            ("clients list", "character"),
            ("config show port", "server.fallback_ports"),
            ("config sqlite_module get", "auto_load"),
            ("stats", "store outages"),
            ("logs info 5", "console_act"),
            ("kick", "usage: kick NAME [REASON...]"),
            ("clients disconnect", "usage: clients disconnect"),
            ("logs loud", "usage: logs [LEVEL] [LIMIT]"),
            ("dance", "no command 'dance'"),
        ):
            server.command(line, expected)
            server.read_until(PROMPT)
        server.type("backu" + TAB)
        server.read_until("backup")
        server.type("\r")
        server.read_until("MiB in")
        server.read_until(PROMPT)
        server.type("shutdown\r")
        server.read_until("the server stops")
        assert server.wait() == 0
        assert server.echoes()
    history = (tmp_path / "data" / HISTORY_FILE).read_text()
    assert "+status" in history
    assert "hunter22" not in history
    assert not (tmp_path / "data" / "server.json").exists()


@pytest.mark.slow
def test_leaving_the_terminal_keeps_the_server_and_ctrl_c_stops_it(tmp_path: Path) -> None:
    with at_terminal(tmp_path) as server:
        server.read_until(PROMPT)
        server.type(CTRL_D)
        server.read_until("the server goes on")
        with PtyProcess(tmp_path, "pyao.run_server", "console", "--data-dir", "data") as other:
            other.read_until(PROMPT)
            other.command("status", "store answers")
            other.read_until(PROMPT)
            other.type(CTRL_C)
            assert other.wait() == 0
        server.type(CTRL_C)
        assert server.wait() == 0
        assert server.echoes()


@pytest.mark.slow
def test_ctrl_c_at_the_prompt_stops_the_server_in_order(tmp_path: Path) -> None:
    with at_terminal(tmp_path) as server:
        server.read_until(PROMPT)
        server.type(CTRL_C)
        assert server.wait() == 0
        assert server.echoes()
    assert not (tmp_path / "data" / "server.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_terminal_that_closes_stops_the_server_in_order(tmp_path: Path, log_format: str) -> None:
    with at_terminal(tmp_path, "--log-format", log_format) as server:
        server.read_until(PROMPT)
        server.hang_up()
        assert server.process.wait(60) == 0
    assert not (tmp_path / "data" / "server.json").exists()


@pytest.mark.slow
def test_a_terminal_that_closes_after_it_was_left_stops_the_server_in_order(tmp_path: Path) -> None:
    with at_terminal(tmp_path) as server:
        server.read_until(PROMPT)
        server.type(CTRL_D)
        server.read_until("the server goes on")
        server.hang_up()
        assert server.process.wait(60) == 0
    assert not (tmp_path / "data" / "server.json").exists()
