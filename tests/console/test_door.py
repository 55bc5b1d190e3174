"""The door for other processes, over real sockets."""

from __future__ import annotations

import asyncio
import getpass
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.console.conftest import Operator
from tests.support.waiting import until

from pyao.accounts import PasswordHasher
from pyao.console import door as door_module
from pyao.console.door import MAX_VISITORS, SocketDoor
from pyao.console.remote import RemoteConsole
from pyao.console.wire import MAX_REQUEST_BYTES, PORT_FILE, SOCKET_FILE, Request, port_files, send
from pyao.errors import ConsoleError

Open = Callable[..., Awaitable[SocketDoor]]
Visit = Callable[[Path], Awaitable[RemoteConsole]]


@pytest.fixture
async def open_door(operator: Operator) -> AsyncIterator[Open]:
    """Return what opens further doors to the console of the server."""
    opened: list[SocketDoor] = []

    async def begin(folder: Path, *, unix: bool | None = None) -> SocketDoor:
        made = SocketDoor(operator.running.app.console, folder, unix=unix)
        opened.append(made)
        await made.open()
        return made

    yield begin
    for made in opened:
        await made.close()


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Return what connects to the door in a folder."""
    visitors: list[RemoteConsole] = []

    async def begin(folder: Path) -> RemoteConsole:
        visitors.append(await RemoteConsole.connect(folder))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        await visitor.close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_a_command_is_answered_over_the_socket_and_audited_by_user(
    operator: Operator, visit: Visit
) -> None:
    assert mode(operator.data_dir / SOCKET_FILE) == 0o600
    console = await visit(operator.data_dir)
    assert console.greeting.startswith("PyAO Server")
    answer = await console.run("users add Pepe secreto")
    assert answer.ok
    assert not (await console.run("kick Nobody")).ok
    assert (await console.run("users")).rows == (("Pepe", "player", "", ""),)
    assert await console.complete("reb") == []
    assert await console.complete("rel") == ["reload"]
    (row,) = await operator.audit()
    assert row["who"] == f"console:{getpass.getuser()}"


async def test_without_unix_sockets_a_port_opens_with_the_token(
    operator: Operator, open_door: Open, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "port").mkdir()
    await open_door(tmp_path / "port", unix=False)
    file = tmp_path / "port" / PORT_FILE
    assert mode(file) == 0o600
    assert (await (await visit(file.parent)).run("users add Pepe secreto")).ok
    (row,) = await operator.audit()
    assert row["who"] == f"console:{getpass.getuser()}"
    there = port_files.decode(file.read_bytes())
    file.write_text(f'{{"port": {there.port}, "token": "guess"}}')
    with capture_logs() as lines, pytest.raises(ConsoleError, match="wrong token"):
        await visit(file.parent)
    assert "console_wrong_token" in repr(lines)
    assert there.token not in repr(lines)


async def test_a_path_too_long_for_a_socket_gets_a_port(
    open_door: Open, visit: Visit, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 90)
    folder.mkdir()
    await open_door(folder)
    assert [path.name for path in folder.iterdir()] == [PORT_FILE]
    assert (await (await visit(folder)).run("status")).ok


async def test_a_socket_left_by_a_killed_server_is_replaced(
    open_door: Open, visit: Visit, tmp_path: Path
) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    with closing(socket.socket(socket.AF_UNIX)) as dead:
        dead.bind(str(folder / SOCKET_FILE))
    await open_door(folder)
    assert (await (await visit(folder)).run("status")).ok


async def test_the_socket_of_a_living_server_is_left_alone(
    operator: Operator, open_door: Open, visit: Visit
) -> None:
    with capture_logs() as lines:
        second = await open_door(operator.data_dir)
    assert "another server listens" in repr(lines)
    await second.close()
    assert (await (await visit(operator.data_dir)).run("status")).ok


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 100 + b"\n", b"[]\n", b'{"user": 5}\n', b"\n", b""],
)
async def test_who_does_not_speak_the_language_is_parted_from(
    operator: Operator, visit: Visit, data: bytes
) -> None:
    reader, writer = await asyncio.open_unix_connection(operator.data_dir / SOCKET_FILE)
    writer.write(data)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    assert (await (await visit(operator.data_dir)).run("status")).ok


@pytest.mark.parametrize("depth", [2_000, 60_000])
async def test_json_nested_too_deep_is_no_accident_of_the_servers(
    operator: Operator, depth: int
) -> None:
    accidents: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: accidents.append(what))
    for before in (b"", b"{}\n"):  # as the first line, and as a request
        reader, writer = await asyncio.open_unix_connection(operator.data_dir / SOCKET_FILE)
        writer.write(before + b'{"x":' + b"[" * depth + b"\n")
        await reader.read()
        writer.close()
    assert accidents == []


async def test_an_endless_line_is_not_collected(operator: Operator) -> None:
    reader, writer = await asyncio.open_unix_connection(operator.data_dir / SOCKET_FILE)
    writer.write(b"x" * (MAX_REQUEST_BYTES * 4))
    with suppress(ConnectionResetError):  # what was not read resets the connection
        assert await reader.read() == b""
    writer.close()


async def test_who_says_nothing_is_parted_from(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "HELLO_S", 0.01)
    reader, writer = await asyncio.open_unix_connection(operator.data_dir / SOCKET_FILE)
    assert await reader.read() == b""
    writer.close()


async def test_only_so_many_consoles_are_open_at_once(operator: Operator, visit: Visit) -> None:
    for _ in range(MAX_VISITORS):
        await visit(operator.data_dir)
    with pytest.raises(ConsoleError, match="open already"):
        await visit(operator.data_dir)


async def test_a_stop_answers_what_is_being_asked_and_parts(
    operator: Operator, visit: Visit
) -> None:
    idle, busy = await visit(operator.data_dir), await visit(operator.data_dir)
    operator.running.app.game.accounts.hasher = PasswordHasher(time_cost=50)  # takes its time
    asked = asyncio.create_task(busy.run("users add Pepe secreto"))
    await until(lambda: operator.running.app._door._busy)
    await operator.running.app.stop()
    assert (await asked).ok
    assert not (operator.data_dir / SOCKET_FILE).exists()
    assert "closed the connection" in (await idle.run("status")).error
    assert await idle.complete("sta") == []
    assert idle.lost


async def test_a_visitor_that_leaves_in_the_middle_harms_nobody(
    operator: Operator, visit: Visit
) -> None:
    console = await visit(operator.data_dir)
    send(console._writer, Request(line="users add Pepe secreto"))
    await console.close()
    other = await visit(operator.data_dir)

    async def made() -> object:
        return (await other.run("users")).rows

    await until(made)
    assert (await operator.audit())[0]["target"] == "Pepe"


async def test_a_door_that_cannot_be_opened_is_a_warning(open_door: Open, tmp_path: Path) -> None:
    (tmp_path / "blocked" / SOCKET_FILE).mkdir(parents=True)
    with capture_logs() as lines:
        await open_door(tmp_path / "blocked")
    assert "console_door_closed" in repr(lines)


async def test_where_no_server_runs_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConsoleError, match="start it with"):
        await RemoteConsole.connect(tmp_path)
    (tmp_path / PORT_FILE).write_text("no json")
    with pytest.raises(ConsoleError, match="--data-dir"):
        await RemoteConsole.connect(tmp_path)
