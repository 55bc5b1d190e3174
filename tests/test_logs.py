"""The log: its shapes, and what is remembered of it."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from pyao.config import LogSettings
from pyao.errors import ConfigError
from pyao.logs import LogRing, LogStream, set_up_logging


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Put the configuration of both kinds of log back, and close what was written to."""
    before, handlers = structlog.get_config(), list(logging.root.handlers)
    yield
    for handler in set(logging.root.handlers) - set(handlers):
        stream = getattr(handler, "stream", sys.stderr)
        if stream is not sys.stderr:
            stream.close()
    logging.root.handlers[:] = handlers
    structlog.configure(**before)


@pytest.fixture
def ring(tmp_path: Path) -> LogRing:
    """Return the ring of a log that writes into a file."""
    made = LogRing(size=5)
    set_up_logging(LogSettings(log_level="DEBUG", log_file=tmp_path / "deep" / "log"), made)
    return made


def test_what_is_written_is_remembered_and_the_file_has_it_too(
    ring: LogRing, tmp_path: Path
) -> None:
    structlog.get_logger().info("entered", who="Ana#1", map=1)
    (record,) = ring.records()
    assert (record.level, record.event, record.fields) == ("INFO", "entered", "who=Ana#1 map=1")
    written = json.loads((tmp_path / "deep" / "log").read_text())
    assert written["timestamp"] == record.time
    assert written["who"] == "Ana#1"


def test_only_the_last_records_are_kept_and_can_be_asked_by_level(ring: LogRing) -> None:
    log = structlog.get_logger()
    for number in range(10):
        log.info("line", number=number)
    log.warning("late")
    assert [one.event for one in ring.records("WARNING")] == ["late"]
    assert len(ring.records()) == 5
    assert [one.event for one in ring.records(limit=2)] == ["line", "late"]


def test_secrets_are_masked_and_long_texts_cut(ring: LogRing) -> None:
    structlog.get_logger().info(
        "x" * 1_000, password="hunter2", api_token="hunter2", Secret="hunter2", text="y" * 1_000
    )
    (record,) = ring.records()
    assert "hunter2" not in record.fields
    assert "password=***" in record.fields
    assert len(record.event) == 300
    assert len(record.fields) < 500


def test_an_exception_is_remembered_in_one_line(ring: LogRing) -> None:
    log = structlog.get_logger()
    try:
        int("x")
    except ValueError as error:
        log.exception("broke")
        log.warning("again", exc_info=error)
    first, second = (one.fields for one in ring.records())
    assert first == second
    assert first.startswith("error=ValueError: invalid literal")


def test_records_below_the_level_are_neither_written_nor_kept(tmp_path: Path) -> None:
    ring = LogRing()
    set_up_logging(LogSettings(log_level="WARNING", log_file=tmp_path / "log"), ring)
    structlog.get_logger().info("quiet")
    assert ring.records() == []
    assert (tmp_path / "log").read_text() == ""


def test_a_log_file_that_cannot_be_written_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="PYAO_LOG_FILE"):
        set_up_logging(LogSettings(log_file=tmp_path / "file" / "log"))


class FullDisk(io.StringIO):
    """A stream that takes nothing while `full`."""

    full = False

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, "no space left")
        return super().write(text)


def test_a_full_disk_loses_lines_and_nothing_else() -> None:
    disk = FullDisk()
    stream = LogStream(disk)
    stream.write("one ")
    disk.full = True
    stream.write("two ")
    disk.full = False
    stream.write("three")
    stream.flush()
    assert disk.getvalue() == "one three"


def test_a_stream_whose_other_end_is_gone_leads_nowhere_from_then_on() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        stream = LogStream(pipe)
        for _ in range(2):
            stream.write("lost\n")
            stream.flush()
        assert os.fstat(pipe.fileno()).st_rdev == Path(os.devnull).stat().st_rdev
