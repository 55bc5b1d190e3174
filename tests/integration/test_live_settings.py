"""Files are edited under a running server: what is live counts at once, the rest waits."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import structlog
from structlog.testing import capture_logs
from tests.support.running import Running, Start
from tests.support.waiting import until

from pyao.accounts import LoginRefusal, Why
from pyao.config import SETTINGS
from pyao.events import EventTypes
from pyao.rules.character import Section
from pyao.storage import RedisKeys


def open_files(folder: Path) -> Iterator[str]:
    """Go through the log files this process holds open."""
    for one in psutil.Process().open_files():
        if one.path.startswith(str(folder)) and one.path.endswith(".log"):
            yield one.path


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Put the log back: a changed level sets it up anew."""
    yield
    structlog.reset_defaults()


def edit(folder: Path, text: str, name: str = "server/server.yaml") -> None:
    """Write a configuration file, as an operator would."""
    path = folder / "config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def events(running: Running, event_type: str) -> list[tuple[object, ...]]:
    history = running.app.game.events.get_event_history(event_type)
    return [tuple(dict(event.data).values()) for event in history]


async def test_an_edited_file_counts_within_two_seconds_and_is_told(
    start: Start, tmp_path: Path
) -> None:
    edit(tmp_path, "server:\n  max_connections: 100\n")
    running = await start()
    assert running.app.settings.server.max_connections == 100
    edit(tmp_path, "server:\n  max_connections: 101\n")
    await until(lambda: running.app.settings.server.max_connections == 101)
    assert ("max_connections", "101", "settings") in events(running, EventTypes.CONFIG_CHANGED)


async def test_an_edit_that_cannot_be_keeps_the_old_value_and_says_file_line_and_field(
    start: Start, tmp_path: Path
) -> None:
    edit(tmp_path, "server:\n  max_connections: 100\n")
    running = await start()
    edit(tmp_path, "server:\n  max_connections: many\n")
    await until(lambda: events(running, EventTypes.CONFIG_REJECTED))
    ((name, problem),) = events(running, EventTypes.CONFIG_REJECTED)
    assert name == "settings"
    assert "config/server/server.yaml:2: server.max_connections: expected" in str(problem)
    assert running.app.settings.server.max_connections == 100
    edit(tmp_path, "server:\n  max_connections: 102\n")
    await until(lambda: running.app.settings.server.max_connections == 102)


async def test_the_period_of_the_snapshots_counts_at_once(start: Start, tmp_path: Path) -> None:
    edit(tmp_path, "storage:\n  snapshot_ms: 60000\n")
    running = await start()
    await running.newcomer("Ana")
    ana = running.player("Ana")
    ana.description = "told at once"
    running.app.game.world.mark(ana, Section.PROFILE)
    edit(tmp_path, "storage:\n  snapshot_ms: 20\n")
    key = RedisKeys.player(ana.user_id, "profile")

    async def stored() -> bool:
        return (await running.app.writer.read([key]))[key].get("description") == "told at once"

    await until(stored)


async def test_the_rules_of_log_ins_count_at_once(start: Start, tmp_path: Path) -> None:
    running = await start()
    await running.newcomer("Ana")
    edit(tmp_path, "game:\n  lockout_failures: 1\n  password_min_chars: 9\n")
    accounts = running.app.game.accounts
    await until(lambda: accounts.rules.lockout_failures == 1)
    assert await accounts.set_password("Ana", "eightxxx") == LoginRefusal(Why.PASSWORD)
    await accounts.verify("Ana", "wrong", "192.0.2.1")
    locked = await accounts.verify("Ana", "wrong", "192.0.2.2")
    assert isinstance(locked, LoginRefusal)
    assert locked.why is Why.LOCKED


async def test_what_a_room_is_by_default_is_a_setting_that_counts_for_the_next_room(
    start: Start, tmp_path: Path
) -> None:
    running = await start()
    rooms = running.app.game.world.rooms
    first = rooms.create_room()
    assert first.settings.public
    assert not first.settings.broadcast_default
    edit(tmp_path, "rooms:\n  rooms_public: false\n  rooms_broadcast_default: true\n")
    await until(lambda: not rooms.defaults.public)
    second = rooms.create_room()
    assert not second.settings.public
    assert second.settings.broadcast_default
    assert first.settings.public


async def test_the_log_level_counts_at_once_and_the_log_is_still_kept_for_the_console(
    start: Start, tmp_path: Path
) -> None:
    running = await start(log_file=str(tmp_path / "logs" / "server.log"))
    edit(tmp_path, "logging:\n  level: DEBUG\n")
    await until(lambda: running.app.settings.log.log_level == "DEBUG")
    structlog.get_logger("test").debug("a_small_thing")
    text = (tmp_path / "logs" / "server.log").read_text()
    assert "a_small_thing" in text
    assert "a_small_thing" in {record.event for record in running.app.logs.records("DEBUG")}
    edit(tmp_path, "logging:\n  level: ERROR\n")
    await until(lambda: running.app.settings.log.log_level == "ERROR")
    structlog.get_logger("test").debug("an_unseen_thing")
    assert "an_unseen_thing" not in (tmp_path / "logs" / "server.log").read_text()
    assert len(list(open_files(tmp_path))) == 1, "the file is not opened once more each time"
    structlog.reset_defaults()
    assert running.app._log_file is not None
    running.app._log_file.close()


async def test_watching_modules_is_switched_on_and_off_while_players_play(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(parents=True)
    text = "from pyao.modules import BaseModule\nVERSION = {}\nclass Guide(BaseModule):\n    pass\n"
    (folder / "guide.py").write_text(text.format(1))
    running = await start()
    status = running.app.modules.get_module_status

    def reloads() -> int:
        found = status("guide")
        return -1 if found is None else int(found["reloads"])

    edit(tmp_path, "modules:\n  watch: true\n", "main.yaml")
    await until(lambda: running.app.settings.modules.modules_watch)

    async def edited_until_reloaded() -> bool:
        # The watcher looks at the stamps when it begins, which an edit may be just before.
        (folder / "guide.py").write_text(text.format(f"{reloads()} + 2"))
        return reloads() >= 1

    await until(edited_until_reloaded)
    edit(tmp_path, "modules:\n  watch: false\n", "main.yaml")
    await until(lambda: not running.app.settings.modules.modules_watch)
    assert running.app._module_watch.is_set()


async def test_what_needs_a_restart_is_said_to_wait_and_does_not_change(
    start: Start, tmp_path: Path
) -> None:
    running = await start()
    with capture_logs() as lines:
        edit(tmp_path, "game:\n  language: en\n  chat_max_chars: 77\n")
        await until(lambda: running.app.settings.game.chat_max_chars == 77)
    assert running.app.settings.game.language == "es"
    waiting = [line for line in lines if line.get("setting") == "language"]
    assert [line["event"] for line in waiting] == ["this setting takes effect at the next start"]


def test_what_is_called_live_is_live() -> None:
    """Which settings are live is a promise: what a part copies at its start must not be one."""
    at_start = sorted(name for name, one in SETTINGS.items() if not one.live)
    assert at_start == [
        "data_dir",
        "explicit_area_leave",
        "fallback_ports",
        "host",
        "language",
        "log_file",
        "log_file_mib",
        "log_files_kept",
        "log_format",
        "metrics_enabled",
        "metrics_host",
        "metrics_port",
        "modules_load_order",
        "modules_mapping",
        "port",
        "record_mib",
        "record_to",
        "redis_url",
        "storage",
        "take_over",
        "text_encoding",
        "tls_cert",
        "tls_key",
        "udp_enabled",
        "udp_port",
        "world",
    ]


async def test_a_fallback_port_is_used_by_the_whole_server_when_the_first_is_taken(
    start: Start,
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as first,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        taken = [first.getsockname()[1], other.getsockname()[1]]
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free = probe.getsockname()[1]
        running = await start(port=taken[0], fallback_ports=[taken[1], free])
        assert running.app.server.addresses == [("127.0.0.1", free)]
        assert running.app.status.addresses == [("127.0.0.1", free)]
        await running.newcomer("Ana")
