"""The log: its shapes, and what is remembered of it."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import structlog

from pyao.config import LogSettings
from pyao.errors import ConfigError
from pyao.logs import LogFile, LogRing, LogStream, set_up_logging


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Put the configuration of both kinds of log back, and close what was written to."""
    before, handlers = structlog.get_config(), list(logging.root.handlers)
    yield
    for handler in set(logging.root.handlers) - set(handlers):
        stream = getattr(handler, "stream", None)
        if isinstance(stream, LogStream) and isinstance(stream._stream, LogFile):
            stream._stream.close()
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


def settings_for(path: Path, **changes: object) -> LogSettings:
    """Return settings for a log of JSON lines in a file."""
    return LogSettings.model_validate({"log_file": path, "log_format": "json", **changes})


def test_what_libraries_log_has_the_shape_of_all_lines_and_is_remembered(tmp_path: Path) -> None:
    ring = LogRing()
    set_up_logging(settings_for(tmp_path / "log"), ring)
    structlog.get_logger().info("ours")
    library = logging.getLogger("library.part")
    library.info("not this")
    try:
        int("x")
    except ValueError:
        library.exception("it %s", "broke")
    ours, theirs = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert ours["event"] == "ours"
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "it broke", "error", "library.part",
    )  # fmt: skip
    assert "ValueError: invalid literal" in theirs["exception"]
    assert [one.event for one in ring.records()] == ["ours", "it broke"]
    assert "error=ValueError: invalid literal" in ring.records()[-1].fields


def test_a_file_without_a_folder_lies_where_init_made_room_for_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    set_up_logging(settings_for(Path("server.log")))
    structlog.get_logger().info("entered")
    assert "entered" in (tmp_path / "logs" / "server.log").read_text()


def write_lines(file: LogFile, *numbers: int) -> None:
    for number in numbers:
        file.write(f"line {number:04}\n")


def lines_of(folder: Path) -> dict[str, list[int]]:
    """Return the numbers of the lines in each file of a folder."""
    return {
        path.name: [int(line.split()[1]) for line in path.read_text().splitlines()]
        for path in sorted(folder.iterdir())
    }


def test_a_log_file_that_has_grown_is_put_aside_and_the_oldest_go(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", most_bytes=30, kept=2)
    write_lines(file, *range(10))
    file.close()
    assert lines_of(tmp_path) == {"log": [9], "log.1": [6, 7, 8], "log.2": [3, 4, 5]}


def test_a_log_file_goes_on_where_the_last_run_ended(tmp_path: Path) -> None:
    for numbers in ((1, 2), (3, 4)):
        file = LogFile(tmp_path / "log", most_bytes=30, kept=2)
        write_lines(file, *numbers)
        file.close()
    assert lines_of(tmp_path) == {"log": [4], "log.1": [1, 2, 3]}


@pytest.mark.parametrize(("most_bytes", "kept", "left"), [(0, 2, [1, 2, 3, 4]), (30, 0, [4])])
def test_a_log_file_may_grow_for_ever_or_leave_nothing_behind(
    tmp_path: Path, most_bytes: int, kept: int, left: list[int]
) -> None:
    file = LogFile(tmp_path / "log", most_bytes=most_bytes, kept=kept)
    write_lines(file, 1, 2, 3, 4)
    file.close()
    assert lines_of(tmp_path) == {"log": left}


def test_a_log_file_that_cannot_be_put_aside_goes_on(tmp_path: Path) -> None:
    (tmp_path / "log.1" / "in the way").mkdir(parents=True)
    file = LogFile(tmp_path / "log", most_bytes=30, kept=1)
    write_lines(file, 1, 2, 3, 4)
    file.close()
    assert (tmp_path / "log").read_text().count("line") == 4


def test_a_line_that_comes_when_the_log_was_set_up_anew_opens_nothing(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log")
    file.close()
    write_lines(file, 1)
    assert lines_of(tmp_path) == {"log": []}


def test_lines_of_several_threads_stay_whole_while_files_are_put_aside(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", most_bytes=1_000, kept=100)
    threads = [Thread(target=write_lines, args=(file, *range(n, 800, 4))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    found = lines_of(tmp_path)
    assert len(found) == 8
    assert sorted(number for numbers in found.values() for number in numbers) == list(range(800))
