"""A whole run against a whole server."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.support.commands import invoke
from tests.support.running import Running, running_fixture, start_fixture
from tests.support.server_process import ServerProcess

from pyao.bots import BotOptions, play
from pyao.bots.play import shares
from pyao.cli.bots import bots
from pyao.errors import ConfigError

__all__ = ["running_fixture", "start_fixture"]


async def test_one_process_plays_and_reports(running: Running) -> None:
    port = running.app.server.addresses[0][1]
    report = await play(BotOptions(port=port, count=3, minutes=0.01, settle_s=0, roam_tiles=5))
    assert report.playing == 3
    assert report.faults == 0
    assert report.steps > 0


async def test_several_processes_share_the_bots(running: Running) -> None:
    port = running.app.server.addresses[0][1]
    report = await play(
        BotOptions(port=port, count=5, minutes=0.01, settle_s=0, roam_tiles=5, processes=2)
    )
    assert report.playing == 5
    assert report.refusals == Counter()


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_server_that_is_not_there_is_one_clear_sentence(processes: int) -> None:
    with pytest.raises(ConfigError, match=r"no bot got into 127\.0\.0\.1:9: cannot connect"):
        await play(BotOptions(port=9, count=2, processes=processes))


def test_figures_that_have_no_place_are_refused_before_bots_play_for_them(tmp_path: Path) -> None:
    ended = invoke("bots", "--port", "9", "--json", "nowhere/x.json", cwd=tmp_path)
    assert "nowhere/x.json: expected a file in a folder that exists" in ended.refusal


def test_every_bot_belongs_to_one_process() -> None:
    parts = shares(BotOptions(count=10, first=100, processes=3))
    assert sum(part.count for part in parts) == 10
    numbers = [n for part in parts for n in range(part.first, part.first + part.count)]
    assert numbers == list(range(100, 110))
    assert {part.processes for part in parts} == {1}


@pytest.mark.slow
def test_the_command_writes_the_figures_to_a_file(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", "--storage", "sqlite", "--world", "starter") as server:
        target = tmp_path / "bots.json"
        bots(port=server.port, count=3, minutes=0.01, json_file=target)
    figures = json.loads(target.read_text())
    assert figures["bots"] == 3
    assert figures["errors"] == {}
