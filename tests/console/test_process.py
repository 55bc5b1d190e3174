"""`pyao-server console` as scripts use it, on a real server process with a player in it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.byte_client import ERROR_MSG, ByteClient
from tests.support.commands import Ended, invoke
from tests.support.server_process import ServerProcess, server_process
from tests.support.waiting import until

from pyao.storage.migrate import migrate
from pyao.storage.sqlite_store import SqliteStore

pytestmark = pytest.mark.slow

SCRIPT = """\
users add Ana hunter22
start sqlite_module

db SELECT 7 * 6 AS answer
config set max_connections 77
save
backup
kick Nobody
shutdown
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with server_process(tmp_path / "data", "--storage", "sqlite") as running:
        yield running


async def console(server: ServerProcess, *options: str, typed: str = "") -> Ended:
    """Run the command to its end, without a terminal."""
    folder = server.data_dir.parent
    return await asyncio.to_thread(invoke, "console", *options, cwd=folder, text=typed)


async def console_process(
    server: ServerProcess, *options: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run it as a process of its own."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "pyao.run_server", "console", *options],
        input=typed, capture_output=True, text=True, timeout=60, check=False,
        env=server.env, cwd=server.data_dir.parent,
    )  # fmt: skip


async def test_one_command_is_answered_as_text_or_json_with_an_exit_code(
    server: ServerProcess,
) -> None:
    ana = await ByteClient.connect(server.port)
    await ana.enter_new("Ana")
    text = await console(server, "-c", "sessions")
    assert text.code == 0
    assert text.stdout.splitlines()[1].startswith("Ana")
    listed = await console(server, "--json", "-c", "users")
    assert json.loads(listed.stdout) == {
        "ok": True,
        "lines": [],
        "rows": [{"account": "Ana", "rank": "player", "characters": "Ana", "banned": ""}],
        "error": "",
    }
    wrong = await console(server, "-c", "kick")
    assert wrong.code == 1
    assert wrong.stdout == ""
    assert "usage: kick NAME [REASON...]" in wrong.stderr
    banned = await console(server, "-c", "ban Ana 10 insultos")
    assert banned.code == 0
    assert "insultos" in str((await ana.get(ERROR_MSG)).values[0])
    await ana.until_closed()
    again = await ByteClient.connect(server.port)
    again.log_in("Ana")
    assert "insultos" in str((await again.get(ERROR_MSG)).values[0])
    await again.close()


async def test_a_script_is_run_line_by_line_and_leaves_a_world_that_can_be_restored(
    server: ServerProcess,
) -> None:
    done = await console_process(server, "--json", typed=SCRIPT)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["ok"] for each in answers] == [True] * 7 + [False, True]
    assert answers[3]["rows"] == [{"answer": 42}]
    assert done.returncode == 1, "one line was refused"
    assert await asyncio.to_thread(server.wait) == 0
    gone = await console_process(server, "-c", "status")
    assert gone.returncode == 2
    assert "no server answers" in gone.stderr
    (backup,) = (server.data_dir / "backups").iterdir()
    restored = SqliteStore(server.data_dir.parent / "restored.db")
    migrate(SqliteStore(backup), restored)
    restored.open()
    assert restored.read(["account:ana"])["account:ana"]["name"] == "Ana"
    causes = [row["cause"] for row in audit_of(server.data_dir / "world.db")]
    restored.close()
    assert causes == [
        "console users add",
        "console start",
        "console db",
        "console config set",
        "console save",
        "console backup",
        "console shutdown",
    ]
    for file in server.data_dir.rglob("*"):
        assert not file.is_file() or b"hunter22" not in file.read_bytes(), file
    assert "hunter22" not in server.output()


def audit_of(path: Path) -> list[dict[str, str]]:
    """Return the whole audit of a world that no server has."""
    store = SqliteStore(path)
    store.open()
    rows = list(store.audit_rows())
    store.close()
    return rows


PROMISED = {
    "help", "status", "modules", "start", "stop", "restart", "reload", "users", "sessions",
    "config", "clients", "rooms", "say", "kick", "ban", "save", "backup", "stats", "logs",
    "events", "db", "shutdown",
}  # fmt: skip

EVERYTHING = """\
help
help kick
status
status counter
modules
modules detail
start counter
stats counter
config counter
config counter set limit 7
restart counter
reload counter
stop counter
start sqlite_module
db SELECT 1 AS one
users
users show Ana
users add Eva hunter22
users password Eva hunter23
users rank Eva counsellor
users grant Eva people.kick
users permissions Eva
users logout Eva
users remove Eva
sessions
clients
rooms
rooms show map:1
config show port
config set max_connections 77
stats
logs INFO 5
events session
say hola a todos
mute Ana 5 silencio
unmute Ana
save
backup
ban Ana 10 insultos
unban Ana
kick Bea fuera
clients disconnect CLIENT
sessions clear
shutdown
"""
COUNTER = "from pyao import BaseModule\n\nclass Counter(BaseModule):\n    pass\n"


async def test_every_command_that_is_promised_is_done_answered_in_json_and_audited(
    server: ServerProcess,
) -> None:
    """Help, status, modules, people, settings, rooms, records, database, stop: each of them."""
    (server.data_dir / "modules").mkdir()
    (server.data_dir / "modules" / "counter.py").write_text(COUNTER)
    clients = {}
    for name in ("Ana", "Bea", "Cid"):
        clients[name] = await ByteClient.connect(server.port)
        await clients[name].enter_new(name)
    listed = json.loads((await console(server, "--json", "-c", "clients")).stdout)
    (cid,) = (row["id"] for row in listed["rows"] if row["character"] == "Cid")
    script = EVERYTHING.replace("CLIENT", cid)
    assert {line.split()[0] for line in script.splitlines()} >= PROMISED
    done = await console(server, "--json", typed=script)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for line, answer in zip(script.splitlines(), answers, strict=True):
        assert answer["ok"], (line, answer)
        assert answer["lines"] or answer["rows"], line
    assert await asyncio.to_thread(server.wait) == 0
    for client in clients.values():
        await client.until_closed()
    causes = [row["cause"] for row in audit_of(server.data_dir / "world.db")]
    acts = [cause.removeprefix("console ") for cause in causes if cause.startswith("console ")]
    assert acts == [
        "start", "config", "restart", "reload", "stop", "start", "db", "users add",
        "users password", "users rank", "users grant", "users logout", "users remove", "config set",
        "say", "mute", "unmute", "save", "backup", "ban", "unban", "kick", "clients disconnect",
        "sessions clear", "shutdown",
    ]  # fmt: skip


async def test_an_edit_that_went_wrong_does_not_lock_the_operator_out(
    server: ServerProcess,
) -> None:
    file = server.data_dir.parent / "config" / "server" / "server.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("server:\n  port: seven\n")
    for options in ((), ("--data-dir", str(server.data_dir))):
        shown = await console(server, "-c", "config get port", *options)
        assert shown.code == 0, shown
        assert "server.port" in shown.stdout
        assert "config/server/server.yaml:2: server.port" in shown.stderr
    server.stop()
    refused = await console(server, "-c", "status")
    assert (refused.code, "server.yaml:2" in refused.stderr) == (2, True)


async def test_a_killed_server_is_followed_by_one_that_answers(server: ServerProcess) -> None:
    server.kill()
    assert (server.data_dir / "console.sock").exists()
    refused = await console(server, "-c", "status")
    assert refused.code == 2
    await asyncio.to_thread(server.start)

    async def answers() -> bool:
        return (await console(server, "-c", "status")).code == 0

    await until(answers, within_s=60)
