"""How the server and its check answer: options that are lost, and what goes where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.commands import invoke
from tests.support.server_process import ServerProcess


@pytest.mark.parametrize(("shape", "has_banner"), [("auto", True), ("json", False)])
def test_nothing_stands_between_lines_of_json(tmp_path: Path, shape: str, has_banner: bool) -> None:
    """Not even the banner, and what is said of settings."""
    warned_of = {"PYAO_UDP_ENABLED": "true", "PYAO_UDP_PORT": "7667"}
    server = ServerProcess(
        tmp_path / "data", "--storage", "sqlite", "--log-format", shape, env=warned_of
    )
    server.errors = tmp_path / "errors"
    with server:
        assert server.stop() == 0
    lines = [json.loads(line) for line in server.errors.read_text().splitlines()]
    by_event = {line["event"]: line for line in lines}
    assert by_event["listening"]["addresses"] == [f"127.0.0.1:{server.port}"]
    assert "udp_enabled" in by_event["settings"]["warning"]
    assert (f"127.0.0.1:{server.port}" in server.output()) == has_banner
    assert bool(server.output()) == has_banner


def test_a_banner_that_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", "--storage", "sqlite")
    server.log, server.errors = Path("/dev/full"), tmp_path / "errors"
    with server:
        assert server.stop() == 0
    assert "Traceback" not in server.errors.read_text()


@pytest.mark.parametrize(
    "words", ["--data-dir dta check", "--storage sqlite accounts list", "--take-over run"]
)
def test_an_option_that_would_be_lost_is_refused(tmp_path: Path, words: str) -> None:
    ended = invoke(*words.split(), cwd=tmp_path)
    assert ended.code == 2
    option = words.split(maxsplit=1)[0]
    assert f"{option} would be lost before" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "config show"])
def test_a_misspelt_variable_is_told_by_who_looks_at_settings(tmp_path: Path, command: str) -> None:
    ended = invoke(
        *command.split(), cwd=tmp_path, env={"PYAO_STORAGE": "sqlite", "PYAO_PRT": "7700"}
    )
    assert ended.code == 0
    assert "did you mean PYAO_PORT?" in ended.stderr
