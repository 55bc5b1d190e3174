"""Commands that look back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from tests.console.conftest import Operator

from pyao.console.commands.records import described, moment
from pyao.logs import LogRing


@pytest.fixture
def log_into(operator: Operator) -> Iterator[structlog.stdlib.BoundLogger]:
    """Let the log go into the ring of the server alone; return a logger."""
    before = structlog.get_config()
    ring: LogRing = operator.running.app.logs
    structlog.configure(
        processors=[structlog.processors.add_log_level, ring, structlog.processors.JSONRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    yield structlog.get_logger()
    structlog.configure(**before)


async def test_the_log_is_shown_from_a_level_on_and_bounded(
    operator: Operator, log_into: structlog.stdlib.BoundLogger
) -> None:
    for number in range(30):
        log_into.info("line", number=number)
    log_into.error("broken", password="hunter2")
    answer = await operator.done("logs")
    assert len(answer.rows) == 20
    (row,) = (await operator.done("logs warning")).rows
    assert row[1:] == ("ERROR", "broken", "password=***")
    assert (await operator.done("logs info 2")).rows[0][3] == "number=29"
    assert "LEVEL, one of DEBUG" in await operator.refused("logs loud")


async def test_what_the_operator_did_is_in_the_log_without_passwords(
    operator: Operator, log_into: structlog.stdlib.BoundLogger
) -> None:
    del log_into
    await operator.done("users add Pepe hunter2")
    acts = [row for row in (await operator.done("logs")).rows if row[2] == "console_act"]
    assert [row[3] for row in acts] == ["who=console:test act=users add arguments=Pepe ***"]


async def test_events_are_shown_by_type_or_by_its_beginning(operator: Operator) -> None:
    await operator.newcomer("Ana")
    every = (await operator.done("events")).rows
    started = (await operator.done("events session:started")).rows
    assert [row[1] for row in started] == ["session:started"]
    assert "name=Ana" in str(started[0][3])
    assert {str(row[1]).partition(":")[0] for row in (await operator.done("events map")).rows} == {
        "map"
    }
    assert (await operator.done("events 1")).rows == every[-1:]
    assert (await operator.done("events nonsense")).rows == ()


def test_times_and_payloads_read_well() -> None:
    assert moment(1_700_000_000) == "2023-11-14T22:13:20Z"
    assert described({"a": 1, "b": "x"}) == "a=1 b=x"
    assert described("plain") == "data=plain"
    assert len(described({"a": "x" * 1_000})) == 200
