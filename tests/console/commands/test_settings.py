"""Commands about settings, on real files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.console.conftest import Operator
from tests.support.running import Start

SHY = '''
from pyao.modules import BaseModule

class Shy(BaseModule):
    """Takes greetings, but not all."""

    async def on_config(self, config):
        return config.get("greeting") != "no"
'''


@pytest.fixture
def module_file(operator: Operator) -> Path:
    """Return where the settings of the module `shy` are written."""
    file = operator.data_dir / "modules" / "shy.py"
    file.parent.mkdir()
    file.write_text(SHY)
    return operator.data_dir / "config" / "modules" / "shy.yaml"


@pytest.fixture
async def operator(start: Start) -> Operator:
    """Return the operator of a server whose settings files go into its data folder."""
    made = Operator(await start(snapshot_ms=1000))
    (made.data_dir / "config").mkdir()
    return made


def settings_in(file: Path) -> dict[str, object]:
    """Return the settings that a file of a module holds."""
    found = yaml.safe_load(file.read_text())["settings"]
    assert isinstance(found, dict)
    return found


async def test_settings_are_shown_with_their_sources(operator: Operator) -> None:
    rows = (await operator.done("config")).rows
    assert ("storage.storage", "sqlite", "no", "--storage") in rows
    assert (await operator.done("config show max_conn")).rows == (
        ("server.max_connections", "3000", "yes", "default"),
    )
    assert "did you mean" in await operator.refused("config show max_conections")


async def test_a_live_setting_takes_effect_and_is_written_down(operator: Operator) -> None:
    answer = await operator.done("config set max_connections 500")
    assert "server.max_connections is 500" in answer.lines[0]
    assert operator.running.app.settings.server.max_connections == 500
    file = operator.data_dir / "config" / "server" / "server.yaml"
    assert yaml.safe_load(file.read_text()) == {"server": {"max_connections": 500}}
    (row,) = await operator.audit()
    assert (row["target"], row["arguments"]) == (
        "server.max_connections",
        "max_connections 500",
    )


async def test_a_list_of_lines_and_a_text_are_written_as_they_are(operator: Operator) -> None:
    await operator.done('config set client_version "0.13.5"')
    await operator.done("config set game.motd Welcome, all of you")
    game = operator.running.app.settings.game
    assert game.client_version == "0.13.5"
    assert list(game.motd) == ["Welcome, all of you"]


async def test_what_needs_a_restart_says_so_and_what_is_overridden_too(
    operator: Operator,
) -> None:
    assert "at the next start" in (await operator.done("config set language en")).lines[0]
    answer = await operator.done("config set snapshot_ms 500")
    assert "--snapshot-ms wins" in answer.lines[0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("config set max_connections many", "expected a whole number from 1 to 100000; got 'many'"),
        ("config set nonsense 5", "no setting 'nonsense'"),
        ("config set port", "VALUE... is missing"),
        ("config set dice_min 30", "dice_min 30 is above dice_max 20"),
        ("config nonsense get", "no module 'nonsense'"),
        ("config sqlite_module take x", "get takes no value"),
        ("config sqlite_module set", "KEY is missing"),
    ],
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    operator: Operator, line: str, problem: str
) -> None:
    before = operator.running.app.settings
    assert problem in await operator.refused(line)
    assert operator.running.app.settings.game == before.game
    assert await operator.audit(5) == []


async def test_the_password_of_a_redis_url_is_not_written_into_the_audit(
    operator: Operator,
) -> None:
    answer = await operator.done("config set redis_url redis://me:hunter2@localhost/0")
    assert "hunter2" not in repr(answer)
    assert "hunter2" not in repr(await operator.audit())


async def test_a_setting_of_a_module_is_tried_and_written(
    operator: Operator, module_file: Path
) -> None:
    await operator.done("start shy")
    await operator.done("config shy set greeting hello there")
    await operator.done("config shy set times 3")
    module = operator.running.app.modules.modules["shy"]
    assert dict(module.config) == {"greeting": "hello there", "times": 3}
    assert settings_in(module_file)["times"] == 3
    answer = await operator.done("config shy get greeting")
    assert answer.rows == (("greeting", "hello there"),)
    assert "has no setting 'nonsense'" in await operator.refused("config shy get nonsense")
    assert [row["target"] for row in await operator.audit(2)] == ["shy greeting", "shy times"]


@pytest.mark.usefixtures("module_file")
async def test_a_module_that_refuses_its_settings_keeps_the_old_ones(
    operator: Operator, module_file: Path
) -> None:
    await operator.done("start shy")
    await operator.done("config shy set greeting hello")
    assert "keeps its settings" in await operator.refused("config shy set greeting no")
    assert dict(operator.running.app.modules.modules["shy"].config) == {"greeting": "hello"}
    assert settings_in(module_file) == {"greeting": "hello"}


@pytest.mark.usefixtures("module_file")
async def test_the_log_level_of_one_module_is_its_own(operator: Operator) -> None:
    await operator.done("start shy")
    await operator.done("config shy set log_level DEBUG")
    assert (await operator.facts("config shy get"))["log_level"] == "DEBUG"
    assert operator.running.app.modules.modules["shy"].logger.is_enabled_for(10)
    await operator.done("config shy set log_level ERROR")
    assert not operator.running.app.modules.modules["shy"].logger.is_enabled_for(10)


@pytest.mark.usefixtures("module_file")
async def test_secrets_of_modules_are_not_shown(operator: Operator) -> None:
    await operator.done("start shy")
    await operator.done("config shy set api_token hunter2")
    assert "hunter2" not in repr(await operator.done("config shy"))
    assert "hunter2" not in repr(await operator.audit())
