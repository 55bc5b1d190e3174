"""Reading files: values, lines, and one clear sentence for everything that is not settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyao.config.files import parse_document, read_document, read_dotenv
from pyao.errors import ConfigError


def test_yaml_values_come_with_their_lines(tmp_path: Path) -> None:
    text = "# a comment\nserver:\n  port: 7700\n\n  host: [a, b]\nworld: starter\n"
    document = parse_document(text, tmp_path / "a.yaml", cwd=tmp_path)
    assert document.data == {"server": {"port": 7700, "host": ["a", "b"]}, "world": "starter"}
    assert document.lines == {
        ("server",): 2,
        ("server", "port"): 3,
        ("server", "host"): 5,
        ("world",): 6,
    }
    assert document.where(("server", "port"), cwd=tmp_path) == "a.yaml:3"


def test_json_values_come_with_their_lines_tabs_or_not(tmp_path: Path) -> None:
    text = '{\n\t"server": {\n\t\t"port":\t7700\n\t}\n}\n'
    document = parse_document(text, tmp_path / "a.json", cwd=tmp_path)
    assert document.data == {"server": {"port": 7700}}
    assert document.lines["server", "port"] == 3


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_an_empty_file_holds_nothing(tmp_path: Path, name: str) -> None:
    assert parse_document("", tmp_path / name, cwd=tmp_path).data == {}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "a: [1,\nb: 2", "a.yaml:2: broken YAML"),
        ("a.yaml", "a: 1\n\tb: 2", "a.yaml:2: broken YAML"),
        ("a.yaml", "a: \x00", "broken YAML"),
        ("a.yaml", "port: 1\nport: 2\n", "a.yaml:2: port stands here and in line 1"),
        ("a.yaml", "a: &x 1\nb: *x\n", "anchors and aliases"),
        ("a.yaml", "a: &x [*x]\n", "anchors and aliases"),
        ("a.yaml", "[" * 3000, "nested more than"),
        ("a.yaml", "a: " + "[" * 20 + "]" * 20, "nested more than"),
        ("a.yaml", "- 1\n- 2\n", "expected settings as `name: value`, came a list"),
        ("a.yaml", "just text", "expected settings as `name: value`, came 'just text'"),
        ("a.yaml", "1: 2", "came a name that is not text"),
        ("a.yaml", "a: !!python/object:os.system {}", "a.yaml:1:"),
        ("a.yaml", "a: 2024-13-45", "a.yaml"),
        ("a.json", '{"a": 1}\n}', "a.json:2: broken JSON"),
        ("a.json", '{"a": 1, "a": 2}', "a.json:1: a stands here and in line 1"),
        ("a.json", "[" * 100_000, "nested more than"),
        ("a.json", "[1]", "came a list"),
        ("a.yaml", "0x" + "f" * 8000, "came a single value"),
        ("a.yaml", "a: " + "1" * 8000, "a.yaml"),
        ("a.json", '{"a": ' + "1" * 8000 + "}", "broken JSON"),
    ],
)
def test_what_is_not_settings_is_refused_by_file_and_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_document(text, tmp_path / name, cwd=tmp_path)
    assert said in str(refused.value)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^none\.yaml: there is no such file"):
        read_document(tmp_path / "none.yaml", cwd=tmp_path)


def test_a_folder_is_not_a_settings_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"^a\.yaml: cannot be read"):
        read_document(tmp_path / "a.yaml", cwd=tmp_path)


def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ends in \.yaml, \.yml or \.json"):
        read_document(tmp_path / "a.toml", cwd=tmp_path)


def test_a_huge_file_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(ConfigError, match="at most 1048576 bytes"):
        read_document(tmp_path / "a.yaml", cwd=tmp_path)


def test_text_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\nb: \xf1\n")
    with pytest.raises(ConfigError, match=r"^a\.yaml:2: expected UTF-8"):
        read_document(tmp_path / "a.yaml", cwd=tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfport: 1\n")
    assert read_document(tmp_path / "a.yaml", cwd=tmp_path).data == {"port": 1}


def test_dotenv_lines_are_read_with_quotes_and_comments(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# note\n\nA=1\nexport B='x y'  # more\n\nC=\n")
    lines = read_dotenv(tmp_path / ".env", cwd=tmp_path)
    assert [(one.name, one.value, one.line) for one in lines] == [
        ("A", "1", 3),
        ("B", "x y", 4),
        ("C", "", 6),
    ]


def test_a_broken_dotenv_line_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nB='open\n")
    with pytest.raises(ConfigError, match=r"^\.env:2: expected NAME=value"):
        read_dotenv(tmp_path / ".env", cwd=tmp_path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200), name=st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_gives_values_or_one_refusal(tmp_path: Path, text: str, name: str) -> None:
    try:
        document = parse_document(text, tmp_path / name, cwd=tmp_path)
    except ConfigError:
        return  # one clear refusal is an answer, whatever the text was
    assert isinstance(document.data, dict)
