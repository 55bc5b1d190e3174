"""Names, what is accepted, and how a value is read."""

from __future__ import annotations

from collections import Counter

import pytest

from pyao.config import SETTINGS
from pyao.config.fields import GROUPS, find, is_group, nearest, nearest_env, show
from pyao.config.settings import Settings


def test_leaf_names_are_unique_in_the_whole_tree() -> None:
    models = [type(getattr(Settings(), group)) for group in GROUPS]
    names = Counter(name for model in models for name in model.model_fields)
    names.update(one.name for one in SETTINGS.values() if not one.group)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) == len(SETTINGS)


@pytest.mark.parametrize("name", list(SETTINGS))
def test_every_setting_says_what_it_is(name: str) -> None:
    one = SETTINGS[name]
    assert one.sentence.endswith(".")
    assert one.expects
    assert one.env == f"PYAO_{name.upper()}"


@pytest.mark.parametrize("name", [name for name, one in SETTINGS.items() if one.default != []])
def test_every_default_is_a_value_the_setting_accepts(name: str) -> None:
    one = SETTINGS[name]
    if one.default is not None:
        assert one.parse(one.default) == one.default


def test_a_setting_is_found_by_each_of_its_names() -> None:
    for path in [("port",), ("server", "port"), ("network", "port"), ("tcpPort",)]:
        found = find(path)
        assert found is not None
        assert found.name == "port"
    for path in [("log", "level"), ("logging", "level"), ("log", "log_level"), ("log_level",)]:
        found = find(path)
        assert found is not None
        assert found.name == "log_level"


def test_a_setting_is_not_found_in_a_group_that_is_not_its_own() -> None:
    assert find(("game", "port")) is None
    assert find(("server", "port", "deeper")) is None
    assert find(("level",)) is None


def test_groups_are_told_from_settings() -> None:
    assert is_group(("server",))
    assert is_group(("defaultRoomSettings", "variableBroadcast"))
    assert not is_group(("port",))


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    assert nearest(("server", "prot")) == "server.port"
    assert nearest(("max_conections",)) == "server.max_connections"
    assert nearest(("qqqqqqqq",)) is None
    assert nearest_env("PYAO_PACKET_RAET") == "PYAO_PACKET_RATE"


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("port", "7700", 7700),
        ("host", "127.0.0.1, [::1]", ["127.0.0.1", "::1"]),
        ("host", ["0.0.0.0,::"], ["0.0.0.0", "::"]),
        ("take_over", "yes", True),
        ("log_level", "debug", "DEBUG"),
        ("storage", "SQLite", "sqlite"),
        ("idle_minutes", "2.5", 2.5),
        ("motd", "one\ntwo, three", ["one", "two, three"]),
        ("modules_mapping", "custom=custom_module, b = c", {"custom": "custom_module", "b": "c"}),
        ("fallback_ports", [7667, 7668], [7667, 7668]),
    ],
)
def test_text_is_read_as_the_kind_of_the_setting(name: str, raw: object, value: object) -> None:
    assert SETTINGS[name].parse(raw) == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("port", True),
        ("port", 70_000),
        ("port", -1),
        ("port", "abc"),
        ("port", 7.5),
        ("idle_minutes", "nan"),
        ("idle_minutes", False),
        ("host", []),
        ("host", "a b"),
        ("host", [7]),
        ("redis_url", "http://example"),
        ("client_version", 0.13),
        ("modules_mapping", "custom"),
        ("fallback_ports", "0"),
        ("text_encoding", "utf-16"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_accepted(name: str, raw: object) -> None:
    with pytest.raises(ValueError, match="^" + SETTINGS[name].expects[:8]):
        SETTINGS[name].parse(raw)


def test_the_password_of_a_url_is_never_shown() -> None:
    shown = SETTINGS["redis_url"].show("redis://user:secret@host/0")
    assert shown == "redis://***@host/0"


def test_values_are_shown_as_they_are_written_and_never_at_length() -> None:
    assert show(None) == "not set"
    assert show(True) == "true"
    assert show(10.0) == "10"
    assert show(["a", "b"]) == "a, b"
    assert show({}) == "empty"
    assert show("a\nñ\x1b") == "a\\nñ\\x1b"
    assert len(show("x" * 500)) == 200
