"""Commands about modules, on modules that live in the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.console.conftest import Operator

COUNTER = '''
from pyao.modules import BaseModule

class Counter(BaseModule):
    """Counts."""

    def __init__(self, server):
        super().__init__(server)
        self.module_info.description = "counts things"
        self.count = 0
        self.command("cuenta", self.answer)

    async def enable(self):
        self.every(60, self.answer, None, "")
        return True

    def answer(self, caller, arguments):
        self.count += 1
        return f"VERSION {self.count}"

    def export_state(self):
        return self.count

    def import_state(self, state):
        self.count = state
'''


def edit(file: Path, text: str) -> None:
    """Change a file as a developer does."""
    file.write_text(text)


@pytest.fixture
def counter(operator: Operator) -> Path:
    """Return the file of a module the server has not seen yet."""
    file = operator.data_dir / "modules" / "counter.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(COUNTER)
    return file


@pytest.mark.usefixtures("counter")
async def test_modules_are_listed_in_short_and_in_detail(operator: Operator) -> None:
    answer = await operator.done("modules")
    assert [row[0] for row in answer.rows] == ["counter", "sqlite_module"]
    detail = await operator.done("modules detail")
    assert set(answer.columns) < set(detail.columns)
    assert {"error", "dependencies", "source"} <= set(detail.columns)


@pytest.mark.usefixtures("counter")
async def test_a_module_is_started_looked_at_and_stopped(operator: Operator) -> None:
    assert (await operator.done("start counter")).lines == ("counter works",)
    assert (await operator.facts("status counter"))["state"] == "enabled"
    figures = await operator.facts("stats counter")
    assert (figures["commands"], figures["timers"], figures["failures"]) == (1, 1, 0)
    assert (await operator.facts("status"))["modules working"] == 1
    await operator.done("stop counter")
    assert (await operator.facts("status counter"))["state"] == "unloaded"
    assert (await operator.facts("stats counter"))["commands"] == 0
    rows = await operator.audit(2)
    assert [(row["cause"], row["target"]) for row in rows] == [
        ("console start", "counter"),
        ("console stop", "counter"),
    ]


async def test_a_restart_forgets_and_a_reload_keeps_the_state(
    operator: Operator, counter: Path
) -> None:
    await operator.done("start counter")
    manager = operator.running.app.modules
    manager.modules["counter"].import_state(7)
    edit(counter, COUNTER.replace("VERSION", "new"))
    await operator.done("reload counter")
    assert manager.modules["counter"].export_state() == 7
    await operator.done("restart counter")
    assert manager.modules["counter"].export_state() == 0


async def test_a_broken_file_is_refused_with_the_reason_and_the_old_code_goes_on(
    operator: Operator, counter: Path
) -> None:
    await operator.done("start counter")
    edit(counter, "this is no Python")
    error = await operator.refused("reload counter")
    assert "SyntaxError" in error
    assert "enabled" in error
    assert [row["cause"] for row in await operator.audit(5)] == ["console start"]


@pytest.mark.parametrize("verb", ["start", "stop", "restart", "reload", "status", "stats"])
async def test_an_unknown_module_is_named_with_those_there_are(
    operator: Operator, verb: str
) -> None:
    error = await operator.refused(f"{verb} nonsense")
    assert "no module 'nonsense'; known: sqlite_module" in error
    assert "usage: " in await operator.refused(f"{verb} a b")
