"""The order of the sources, and what an operator is told when a value is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from pyao.config import SETTINGS, Origin, Settings, changed, effective, load_settings, value_of
from pyao.config.fields import GROUPS
from pyao.config.files import Document
from pyao.errors import ConfigError

VAMPIRE_SAMPLE = """
{
  "tcpPort": 8000,
  "enableUDP": true,
  "udpPort": 8001,
  "defaultRoomSettings": {
    "public": true,
    "variableBroadcast": {
      "enabled": true,
      "default": false
    }
  }
}
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(
    cwd: Path,
    *,
    cli: dict[str, object] | None = None,
    env: dict[str, str] | None = None,
    file: Path | None = None,
    redis: dict[str, str] | None = None,
) -> Settings:
    return load_settings(cli, env=env or {}, cwd=cwd, config_file=file, redis_values=redis)


def refusal(cwd: Path, **sources: object) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(cwd, **sources)  # type: ignore[arg-type] # the keywords are those of load
    return str(refused.value).splitlines()


def test_without_any_source_the_defaults_stand(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings == Settings()
    assert settings.settings_sources == {}
    assert settings.warnings == ()


def test_each_source_beats_those_below_it(tmp_path: Path) -> None:
    steps: list[tuple[str, int]] = []

    def look(**sources: object) -> None:
        settings = load(tmp_path, **sources)  # type: ignore[arg-type] # the keywords of load
        steps.append((settings.settings_sources["port"], settings.server.port))

    write(tmp_path / "config/main.yaml", "server:\n  port: 1\n")
    look()
    write(tmp_path / "config/server/server.yaml", "server:\n  port: 2\n")
    look()
    write(tmp_path / "data/config/main.yaml", "server:\n  port: 3\n")
    look()
    write(tmp_path / "data/config/server/server.yaml", "server:\n  port: 4\n")
    look()
    file = write(tmp_path / "other.yaml", "server:\n  port: 5\n")
    look(file=file)
    write(tmp_path / ".env", "PYAO_PORT=6\n")
    look(file=file)
    env = {"PYAO_PORT": "7"}
    look(file=file, env=env)
    redis = {"config:server:port": "8"}
    look(file=file, env=env, redis=redis)
    look(file=file, env=env, redis=redis, cli={"port": 9})
    assert steps == [
        ("config/main.yaml:2", 1),
        ("config/server/server.yaml:2", 2),
        ("data/config/main.yaml:2", 3),
        ("data/config/server/server.yaml:2", 4),
        ("other.yaml:2", 5),
        (".env:1", 6),
        ("environment variable PYAO_PORT", 7),
        ("Redis key config:server:port", 8),
        ("--port", 9),
    ]


def test_the_file_may_be_named_by_the_environment_or_dotenv(tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"port": 1}')
    write(tmp_path / "b.yml", "port: 2")
    assert load(tmp_path, env={"PYAO_CONFIG": "a.json"}).server.port == 1
    write(tmp_path / ".env", "PYAO_CONFIG=b.yml\n")
    assert load(tmp_path).server.port == 2
    assert load(tmp_path, env={"PYAO_CONFIG": "a.json"}).server.port == 1


def test_the_data_folder_is_found_before_its_files_are_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere/config/main.yaml", "port: 5")
    write(tmp_path / "config/main.yaml", "data_dir: elsewhere\nport: 4")
    settings = load(tmp_path)
    assert (settings.data_dir, settings.server.port) == (Path("elsewhere"), 5)
    assert load(tmp_path, cli={"data_dir": "nowhere"}).server.port == 4


def test_a_file_in_the_data_folder_cannot_move_the_data_folder(tmp_path: Path) -> None:
    write(tmp_path / "data/config/main.yaml", "data_dir: elsewhere")
    (line,) = refusal(tmp_path)
    assert line.startswith("data/config/main.yaml:1: data_dir cannot be set inside")


def test_the_vampire_sample_loads_as_it_is(tmp_path: Path) -> None:
    settings = load(tmp_path, file=write(tmp_path / "server.json", VAMPIRE_SAMPLE))
    assert settings.server.port == 8000
    assert (settings.server.udp_enabled, settings.server.udp_port) == (True, 8001)
    assert settings.rooms.rooms_public
    assert settings.rooms.rooms_broadcast
    assert not settings.rooms.rooms_broadcast_default
    assert settings.settings_sources["rooms_broadcast_default"] == "server.json:10"
    assert "no UDP door" in settings.warnings[0]


def test_the_vampire_sample_with_its_stray_brace_is_refused_by_line(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, file=write(tmp_path / "server.json", VAMPIRE_SAMPLE + "}\n"))
    assert line.startswith("server.json:14: broken JSON")


@pytest.mark.parametrize("port", ['"abc"', "-1", "70000", "true", "[1]", "8000.5"])
def test_a_wrong_vampire_port_is_refused_by_field_and_line(tmp_path: Path, port: str) -> None:
    (line,) = refusal(tmp_path, file=write(tmp_path / "a.json", f'{{\n"tcpPort": {port}}}'))
    assert line.startswith("a.json:2: server.port: expected a whole number from 0 to 65535, came")


def test_a_file_with_one_value_leaves_the_rest_at_their_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, file=write(tmp_path / "a.json", '{"tcpPort": 8000}'))
    assert set(changed(Settings(), settings)) == {"port"}


def test_the_logging_block_of_a_dracosoft_file_means_the_log(tmp_path: Path) -> None:
    text = 'logging:\n  level: "DEBUG"\n  file: "server.log"\n'
    write(tmp_path / "config/server/server.yaml", text)
    settings = load(tmp_path)
    assert (settings.log.log_level, settings.log.log_file) == ("DEBUG", Path("server.log"))


def test_the_modules_block_of_a_dracosoft_file_is_read(tmp_path: Path) -> None:
    text = 'modules:\n  mapping:\n    custom: "custom_module"\n  load_order:\n    - "custom"\n'
    write(tmp_path / "config/main.yaml", text)
    settings = load(tmp_path)
    assert settings.modules.modules_mapping == {"custom": "custom_module"}
    assert settings.modules.modules_load_order == ["custom"]


def test_all_mistakes_are_reported_together_each_with_its_place(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "server:\n  prot: 1\n  port: abc\n")
    write(tmp_path / ".env", "PYAO_PACKET_RAET=1\nPYAO_LOG_LEVEL=loud\n")
    lines = refusal(
        tmp_path,
        env={"PYAO_IDLE_MINUTES": "-1"},
        cli={"port": 70_000, "prot": 1},
        redis={"config:server:chat_max_chars": "many"},
    )
    expected = """\
config/main.yaml:2: unknown setting server.prot; did you mean server.port?
.env:1: unknown setting PYAO_PACKET_RAET; did you mean PYAO_PACKET_RATE?
command line: unknown setting prot; did you mean server.port?
config/main.yaml:3: server.port: expected a whole number from 0 to 65535, \
came "abc"; correct it or remove the line (default 7666)
.env:2: log.level: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, \
came "loud"; correct it or remove the line (default INFO)
environment variable PYAO_IDLE_MINUTES: server.idle_minutes: expected a number from 0 to 1440, \
came "-1"; correct it or remove the variable (default 5)
Redis key config:server:chat_max_chars: game.chat_max_chars: expected a whole number \
from 1 to 1000, came "many"; SET it right or DEL it (default 255)
--port: server.port: expected a whole number from 0 to 65535, \
came 70000; correct it or leave it out (default 7666)
"""
    assert lines == expected.splitlines()


def test_a_wrong_value_is_reported_even_when_a_later_source_overrides_it(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "port: abc")
    assert len(refusal(tmp_path, cli={"port": 1})) == 1


def test_values_that_disagree_are_reported_with_where_each_stands(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "game:\n  dice_max: 4\n")
    (line,) = refusal(tmp_path, env={"PYAO_DICE_MIN": "5"})
    assert "dice_min 5 is above dice_max 4" in line
    assert "dice_max from config/main.yaml:2" in line
    assert "dice_min from environment variable PYAO_DICE_MIN" in line


def test_a_group_that_is_no_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "server: 5")
    (line,) = refusal(tmp_path)
    assert line.startswith("config/main.yaml:1: server: expected settings as `name: value` below")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.dates()
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
NAMES = st.sampled_from([*SETTINGS, *GROUPS, "tcpPort", "defaultRoomSettings", "level", "nobody"])


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tree=st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES, max_size=4), max_size=4),
    text=st.text(max_size=10),
    name=st.sampled_from(list(SETTINGS)),
)
def test_any_values_give_settings_or_one_refusal(
    tmp_path: Path, tree: dict[str, object], text: str, name: str
) -> None:
    path = tmp_path / "any.yaml"
    one = SETTINGS[name]
    try:
        loaded = Origin(
            cwd=tmp_path,
            config_file=path,
            documents={path: Document(path, tree, {})},
            env={one.env: text},
            redis_values={f"config:server:{name}": text},
            cli={name: text},
        ).load()
    except ConfigError as refused:
        assert str(refused)  # noqa: PT017 - either outcome is good, a traceback is not
    else:
        assert isinstance(loaded, Settings)


def test_a_number_too_long_to_print_is_refused_like_any_other(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", f"server:\n  port: 0x{'f' * 8000}\ngame: 0x{'f' * 8000}\n")
    lines = refusal(tmp_path)
    assert [line.split(", came ")[1][:19] for line in lines] == ["a very large number"] * 2


def test_the_store_may_be_named_in_one_word(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "storage: sqlite")
    assert load(tmp_path).storage.storage == "sqlite"


def test_a_name_with_nothing_behind_it_says_nothing(tmp_path: Path) -> None:
    write(tmp_path / "config/main.yaml", "server:\n  port:\ngame:\n")
    write(tmp_path / ".env", "PYAO_PORT=\n")
    assert load(tmp_path, env={"PYAO_HOST": ""}, cli={"port": None, "host": []}) == Settings()


def test_an_unknown_variable_of_the_environment_is_a_warning_only(tmp_path: Path) -> None:
    env = {"PYAO_PROT": "1", "PYAO_TEST_REDIS_URL": "x", "PATH": "/bin"}
    (warning,) = load(tmp_path, env=env).warnings
    assert "PYAO_PROT" in warning
    assert "PYAO_PORT" in warning


def test_unknown_and_early_redis_keys_are_warnings_only(tmp_path: Path) -> None:
    redis = {
        "config:server:later": "1",
        "config:storage:redis_url": "redis://elsewhere",
        "config:game:port": "1",
        "config:server:motd": "hello",
    }
    settings = load(tmp_path, redis=redis)
    assert settings.game.motd == ["hello"]
    assert settings.storage.redis_url == Settings().storage.redis_url
    assert len(settings.warnings) == 3


def test_printed_values_name_their_source_and_hide_passwords(
    tmp_path: Path,
) -> None:
    settings = load(tmp_path, env={"PYAO_REDIS_URL": "redis://u:secret@h/0"}, cli={"port": 5})
    rows = {path: rest for path, *rest in effective(settings)}
    assert rows["server.port"] == ["5", "no", "--port"]
    assert rows["game.chat_max_chars"] == ["255", "yes", "default"]
    assert "secret" not in rows["storage.redis_url"][0]


def test_a_password_is_not_shown_in_a_refusal(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, env={"PYAO_REDIS_URL": "rediss//u:secret@h /0"})
    assert "secret" not in line


def test_values_are_found_by_leaf_name(tmp_path: Path) -> None:
    settings = load(tmp_path, cli={"port": 5, "data_dir": "x"})
    assert value_of(settings, "port") == 5
    assert value_of(settings, "data_dir") == Path("x")
