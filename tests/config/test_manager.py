"""Changes while the server runs: by command, by edited file, by Redis key."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pyao.config import ConfigChange, ConfigField, ConfigurationManager, Origin
from pyao.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class Listening:
    """A manager over a folder, and everything it told."""

    def __init__(self, folder: Path) -> None:
        self.manager = ConfigurationManager(Origin(cwd=folder))
        self.told: list[ConfigChange] = []
        self.stop = self.manager.subscribe(self.told.append)


@pytest.fixture
def server_yaml(tmp_path: Path) -> Path:
    text = "# mine\nserver:\n  max_connections: 10  # few\n  port: 7700\n"
    return write(tmp_path / "config/server/server.yaml", text)


def test_an_edited_file_changes_the_settings_in_force(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    server_yaml.write_text("server:\n  max_connections: 20\n  port: 7700\n")
    it.manager.poll()
    assert it.manager.settings.server.max_connections == 20
    assert it.told == [ConfigChange("settings", {"max_connections": (10, 20)})]


def test_looking_again_without_an_edit_says_nothing(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    it.manager.poll()
    assert it.told == []
    assert server_yaml.is_file()


def test_an_invalid_edit_keeps_the_old_value_and_is_told_once(
    tmp_path: Path, server_yaml: Path
) -> None:
    it = Listening(tmp_path)
    server_yaml.write_text("server:\n  max_connections: many\n")
    it.manager.poll()
    it.manager.poll()
    assert it.manager.settings.server.max_connections == 10
    (change,) = it.told
    assert change.problem.startswith(
        "config/server/server.yaml:2: server.max_connections: expected a whole number from 1"
    )
    server_yaml.write_text("server: {max_connections: 11, port: 7700}\n")
    it.manager.poll()
    assert it.manager.settings.server.max_connections == 11


def test_what_needs_a_restart_waits_and_is_told_once(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    server_yaml.write_text("server:\n  max_connections: 10\n  port: 7800\n")
    it.manager.poll()
    it.manager.poll()
    assert it.manager.settings.server.port == 7700
    assert it.told == [ConfigChange("settings", waiting={"port": (7700, 7800)})]


def test_a_command_changes_memory_first_and_the_file_when_saved(
    tmp_path: Path, server_yaml: Path
) -> None:
    it = Listening(tmp_path)
    before = server_yaml.read_text()
    it.manager.update_config("server", {"max_connections": 30, "game": {"motd": ["hi"]}})
    assert it.manager.settings.server.max_connections == 30
    assert it.manager.get_config("server", "server.max_connections") == 30
    assert server_yaml.read_text() == before
    assert it.manager.save_config("server") == server_yaml
    assert server_yaml.read_text() == before.replace("10", "30") + 'game:\n  motd: ["hi"]\n'
    it.manager.poll()
    assert len(it.told) == 1


def test_a_refused_command_changes_nothing(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    with pytest.raises(ConfigError, match="expected a whole number"):
        it.manager.update_config("server", {"server.max_connections": 0})
    assert it.manager.settings.server.max_connections == 10
    it.manager.update_config("server", {"packet_rate": 5})
    it.manager.save_config("server")
    assert "max_connections: 10" in server_yaml.read_text()


def test_a_command_finds_a_setting_under_the_name_the_file_uses(tmp_path: Path) -> None:
    file = write(tmp_path / "config/server/server.yaml", "server: {}\nlogging:\n  level: INFO\n")
    it = Listening(tmp_path)
    it.manager.update_config("server", {"log_level": "DEBUG"})
    it.manager.save_config("server")
    assert it.manager.settings.log.log_level == "DEBUG"
    assert file.read_text() == 'server: {}\nlogging:\n  level: "DEBUG"\n'


def test_an_edit_by_hand_survives_a_later_save(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    it.manager.update_config("server", {"max_connections": 30})
    server_yaml.write_text(server_yaml.read_text().replace("7700", "7900"))
    it.manager.save_config("server")
    assert "port: 7900" in server_yaml.read_text()
    assert "max_connections: 30" in server_yaml.read_text()


def test_a_redis_key_changes_a_limit_at_once(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.apply_redis({"config:server:max_connections": "2"})
    assert it.manager.settings.server.max_connections == 2
    it.manager.apply_redis({})
    assert it.manager.settings.server.max_connections == 3000
    assert [change.values for change in it.told] == [
        {"max_connections": (3000, 2)},
        {"max_connections": (2, 3000)},
    ]


def test_at_start_every_redis_key_counts(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.start_with_redis(
        {"config:server:port": "7700", "config:server:max_connections": "2"}
    )
    assert it.manager.settings.server.port == 7700
    it.manager.apply_redis({"config:server:port": "7800"})
    assert it.manager.settings.server.port == 7700
    assert [(change.values, change.waiting) for change in it.told] == [
        ({"max_connections": (2, 3000)}, {"port": (7700, 7800)})
    ]


def test_a_wrong_redis_key_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^Redis key config:server:port: server\.port:"):
        Listening(tmp_path).manager.start_with_redis({"config:server:port": "abc"})


def test_a_wrong_redis_key_keeps_its_old_value_and_hinders_no_other(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.apply_redis({"config:server:max_connections": "2"})
    wrong = {"config:server:max_connections": "two", "config:server:packet_rate": "9"}
    it.manager.apply_redis(wrong)
    it.manager.apply_redis(wrong)
    assert it.manager.settings.server.max_connections == 2
    assert it.manager.settings.server.packet_rate == 9
    problems = [change.problem for change in it.told if change.problem]
    assert len(problems) == 1
    assert "config:server:max_connections" in problems[0]


def test_redis_values_that_disagree_change_nothing(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.apply_redis({"config:server:dice_min": "30"})
    assert it.manager.settings.game.dice_min == 18
    assert "dice_min 30 is above dice_max 20" in it.told[0].problem
    it.manager.apply_redis({"config:server:dice_min": "19"})
    assert it.manager.settings.game.dice_min == 19


def test_a_module_configuration_goes_round(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.register_schema("welcome", [ConfigField("text", str, default="hello")])
    assert it.manager.load_config("welcome")["settings"] == {"text": "hello"}
    it.manager.update_config("welcome", {"settings.text": "good day", "enabled": False})
    path = it.manager.save_config("welcome")
    assert path == tmp_path / "config/modules/welcome.yaml"
    fresh = ConfigurationManager(Origin(cwd=tmp_path))
    assert fresh.load_config("welcome")["enabled"] is False
    assert fresh.get_config("welcome", "settings.text") == "good day"
    assert fresh.module_names() == ["welcome"]


def test_an_edited_module_file_is_told_by_its_name(tmp_path: Path) -> None:
    file = write(tmp_path / "config/modules/welcome.yaml", "settings:\n  text: a\n")
    it = Listening(tmp_path)
    it.manager.load_config("welcome")
    it.told.clear()
    file.write_text("settings:\n  text: b\n")
    it.manager.poll()
    file.write_text("settings: [")
    it.manager.poll()
    it.manager.poll()
    assert it.told[0] == ConfigChange("welcome", {"settings.text": ("a", "b")})
    assert it.told[1].name == "welcome"
    assert it.told[1].problem.startswith("config/modules/welcome.yaml:")
    assert len(it.told) == 2
    assert it.manager.get_config("welcome", "settings.text") == "b"


def test_a_schema_that_the_loaded_file_breaks_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "config/modules/welcome.yaml", "settings:\n  text: 5\n")
    it = Listening(tmp_path)
    it.manager.load_config("welcome")
    with pytest.raises(ConfigError, match=r"welcome\.yaml:2: settings\.text"):
        it.manager.register_schema("welcome", [ConfigField("text", str)])


def test_a_configuration_handed_out_is_a_copy(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.manager.load_config("welcome")["settings"]["x"] = 1
    assert it.manager.get_config("welcome", "settings.x", "none") == "none"
    assert it.manager.get_config("never_loaded", "a", 7) == 7
    assert it.manager.get_config("server", "no.such", 7) == 7


@pytest.mark.parametrize("name", ["../server", "", "a/b", "a.b", "x" * 65])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="configuration name"):
        Listening(tmp_path).manager.load_config(name)


def test_the_file_in_the_data_folder_wins(tmp_path: Path) -> None:
    write(tmp_path / "config/modules/welcome.yaml", "settings: {a: 1}")
    inside = write(tmp_path / "data/config/modules/welcome.yaml", "settings: {a: 2}")
    it = Listening(tmp_path)
    assert it.manager.load_config("welcome")["settings"] == {"a": 2}
    assert it.manager.path_of("welcome") == inside
    assert it.manager.path_of("new").is_relative_to(tmp_path / "data")


def test_a_listener_that_left_hears_nothing(tmp_path: Path) -> None:
    it = Listening(tmp_path)
    it.stop()
    it.manager.apply_redis({"config:server:max_connections": "2"})
    assert it.told == []


def test_a_save_that_fails_leaves_the_file_and_no_litter(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    it.manager.update_config("server", {"packet_rate": 5})
    server_yaml.unlink()
    server_yaml.mkdir()
    with pytest.raises(OSError, match="directory"):
        it.manager.save_config("server")
    assert [path.name for path in server_yaml.parent.iterdir()] == ["server.yaml"]


def test_the_folder_of_the_database_is_not_watched(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    assert server_yaml.parent in it.manager.watched_folders()
    assert tmp_path / "data" not in it.manager.watched_folders()


async def test_an_edit_is_seen_within_two_seconds(tmp_path: Path, server_yaml: Path) -> None:
    it = Listening(tmp_path)
    heard: asyncio.Queue[ConfigChange] = asyncio.Queue()
    it.manager.subscribe(heard.put_nowait)
    stop = asyncio.Event()
    watching = asyncio.create_task(it.manager.watch(stop))
    try:
        await asyncio.sleep(0)
        write(server_yaml, "server: {max_connections: 77, port: 7700}\n")
        change = await asyncio.wait_for(heard.get(), 30)
        assert change.values == {"max_connections": (10, 77)}
        # A file in a folder that did not exist when watching began.
        write(tmp_path / "data/config/main.yaml", "server: {packet_rate: 3}\n")
        change = await asyncio.wait_for(heard.get(), 30)
        assert change.values == {"packet_rate": (40, 3)}
    finally:
        stop.set()
        await asyncio.wait_for(watching, 30)
