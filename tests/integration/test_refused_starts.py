"""What stops a start: one line that helps, an exit code that tells, and nothing written."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.commands import Ended, invoke
from tests.support.distribution import write_maps
from tests.support.files import tree
from tests.support.redis_server import RedisServer, free_port
from tests.support.running import meadow_options
from tests.support.server_process import run_command

from pyao.storage.repository import SCHEMA_VERSION

NEWER = SCHEMA_VERSION + 1


def refuse(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    """Run a command that must be refused, and return its one line; nothing may have changed."""
    before = tree(folder)
    ended = invoke(*arguments, cwd=folder, env=env)
    assert tree(folder) == before
    return ended.refusal


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken(tmp_path: Path, silent_port: int) -> None:
    """In a process of its own, as the one refusal that stands for all that reach the system."""
    options = ("--host", "127.0.0.1", "--port", str(silent_port), "--storage", "sqlite")
    ended = run_command(*options, cwd=tmp_path)
    assert tree(tmp_path) == {}
    line = Ended(ended.returncode, ended.stdout, ended.stderr).refusal
    assert f"port {silent_port} is taken on 127.0.0.1" in line
    assert "PYAO_PORT" in line
    assert "stop the other process" in line


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    line = refuse(tmp_path, "--host", "192.0.2.1", "--port", "0", "--storage", "sqlite")
    assert "192.0.2.1 is no address of this machine" in line
    assert "PYAO_HOST" in line


BROKEN = "server:\n  port: 7666\n  max_connections: lots\n"


def test_a_broken_value_on_the_command_line(tmp_path: Path) -> None:
    for port in ("70000", "ftp"):
        line = refuse(tmp_path, "--port", port)
        for part in ("--port", "server.port", "0 to 65535", port, "correct it or leave it out"):
            assert part in line


def test_a_broken_value_in_the_environment(tmp_path: Path) -> None:
    line = refuse(tmp_path, env={"PYAO_MAX_CONNECTIONS": "lots"})
    for part in ("PYAO_MAX_CONNECTIONS", "1 to 100000", '"lots"', "default 3000"):
        assert part in line


def test_a_broken_value_in_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PYAO_LANGUAGE=es\nPYAO_STORAGE=oracle\n")
    line = refuse(tmp_path)
    for part in (".env:2", "storage.storage", "auto, sqlite, redis", '"oracle"'):
        assert part in line


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("server.yaml", BROKEN, "server.yaml:3"),
        ("server.json", '{"server": {\n "max_connections": "lots"}}', "server.json:2"),
    ],
)
def test_a_broken_value_in_a_file(tmp_path: Path, name: str, text: str, where: str) -> None:
    (tmp_path / name).write_text(text)
    line = refuse(tmp_path, "--config", name)
    for part in (where, "server.max_connections", "1 to 100000", "lots", "remove the line"):
        assert part in line


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("server.yaml", "server: [1, 2\n", "server.yaml:"),
        ("server.json", '{"server": ', "server.json:"),
        ("server.yaml", "server:\n  prot: 7666\n", "did you mean server.port"),
        ("nowhere.yaml", "", "nowhere.yaml"),
    ],
)
def test_a_file_that_cannot_be_read_or_names_what_does_not_exist(
    tmp_path: Path, name: str, text: str, part: str
) -> None:
    if text:
        (tmp_path / name).write_text(text)
    assert part in refuse(tmp_path, "--config", name)


@pytest.mark.parametrize("how", ["closed", "silent"])
def test_a_configured_redis_that_does_not_answer(
    tmp_path: Path, how: str, silent_port: int
) -> None:
    port = silent_port if how == "silent" else free_port()
    line = refuse(
        tmp_path, "--port", "0", "--redis-url", f"redis://:geheim@127.0.0.1:{port}/0",
        env={"PYAO_STORAGE": "redis"},
    )  # fmt: skip
    assert f"127.0.0.1:{port}" in line
    assert "does not answer" in line
    assert "--storage sqlite" in line
    assert "geheim" not in line


def newer_sqlite(folder: Path) -> Path:
    """Write a world as a newer version would, and return its file."""
    path = folder / "data" / "world.db"
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE records (key TEXT PRIMARY KEY, value TEXT, expires INTEGER)")
        row = ("world:schema", f'"{NEWER}"')
        db.execute("INSERT INTO records (key, value) VALUES (?, ?)", row)
        db.execute("CREATE TABLE something_new (number INTEGER)")
    return path


@pytest.mark.parametrize("command", ["run", "check", "accounts list"])
def test_an_sqlite_world_of_a_newer_version(tmp_path: Path, command: str) -> None:
    path = newer_sqlite(tmp_path)
    line = refuse(tmp_path, *command.split(), "--storage", "sqlite")
    for part in (
        str(path.relative_to(tmp_path)),
        f"layout {NEWER}",
        f"up to {SCHEMA_VERSION}",
        "install that version",
    ):
        assert part in line


def test_a_redis_world_of_a_newer_version(tmp_path: Path, own_redis: RedisServer) -> None:
    with own_redis.client() as keys:
        keys.set("world:schema", NEWER)
        keys.hset("player:1:position", mapping={"map": "1", "z": "7"})
        before = {key: keys.dump(key) for key in keys.scan_iter()}
        line = refuse(tmp_path, "--storage", "redis", "--redis-url", own_redis.url, "--port", "0")
        assert {key: keys.dump(key) for key in keys.scan_iter()} == before
    for part in (f"127.0.0.1:{own_redis.port}", f"layout {NEWER}", "install that version"):
        assert part in line


def test_an_sqlite_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "data" / "world.db"
    path.parent.mkdir()
    path.write_bytes(b"this is a love letter\n" * 500)
    line = refuse(tmp_path, "--storage", "sqlite", "--port", "0")
    assert str(path.relative_to(tmp_path)) in line
    assert "restore a backup" in line


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "missing"])
@pytest.mark.parametrize("named", [True, False])
def test_a_world_file_that_is_damaged(tmp_path: Path, damage: str, *, named: bool) -> None:
    meadows = Path(str(meadow_options(tmp_path)["world"]))
    world = meadows if named else tmp_path / "data" / "world.pyao"
    whole = meadows.read_bytes()
    if not named:
        world.parent.mkdir()
    match damage:
        case "cut":
            world.write_bytes(whole[:-100])
        case "flipped":
            world.write_bytes(whole[:-100] + bytes((whole[-100] ^ 1,)) + whole[-99:])
        case "foreign":
            world.write_bytes(b"PK\3\4 something else" * 20)
        case _ if not named:
            pytest.skip("without an imported world the starter world is served")
        case _:
            world.unlink()
    options = ("--world", str(world)) if named else ()
    line = refuse(tmp_path, "--storage", "sqlite", "--port", "0", *options)
    assert str(world.relative_to(tmp_path)) in line
    assert "pyao-server import" in line


def test_a_map_that_is_cut_short_is_not_imported(tmp_path: Path) -> None:
    maps = write_maps(tmp_path / "Maps")
    whole = (maps / "Mapa2.map").read_bytes()
    (maps / "Mapa2.map").write_bytes(whole[: len(whole) // 2])
    line = refuse(tmp_path, "import", "--maps", "Maps")
    assert "Mapa2.map" in line


def test_a_cut_map_leaves_the_world_that_was_imported_before(tmp_path: Path) -> None:
    maps = write_maps(tmp_path / "Maps")
    assert invoke("import", "--maps", "Maps", cwd=tmp_path).code == 0
    placed = (maps / "mapa1.INF").read_bytes()
    (maps / "mapa1.INF").write_bytes(placed[:-7])
    assert "mapa1.INF" in refuse(tmp_path, "import", "--maps", "Maps")
    assert invoke("check", "--storage", "sqlite", cwd=tmp_path).code == 0


def test_a_folder_without_maps_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "Maps").mkdir()
    assert str(Path("Maps")) in refuse(tmp_path, "import", "--maps", "Maps")


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder is wanted")
    line = refuse(tmp_path, "--storage", "sqlite", "--port", "0")
    assert "data" in line
    assert "--data-dir" in line
