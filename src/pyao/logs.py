"""How the server writes its log: readable on a terminal, JSON lines anywhere else.

The last records are also kept in memory, for an operator at the console. No secret is kept there.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import os
import re
import sys
import threading
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO, cast

import structlog

from pyao.config import LogSettings
from pyao.errors import ConfigError

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
KEPT: Final = 1_000
FOLDER: Final = Path("logs")
_MAX_CHARS: Final = 300
_MAX_FIELDS: Final = 20
_SECRET: Final = re.compile(r"passw|secret|token|credential", re.IGNORECASE)
_GONE: Final = frozenset({errno.EIO, errno.EPIPE})
_OWN: Final = frozenset({"event", "level", "timestamp", "exc_info", "stack_info"})


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of the log, as it is remembered."""

    time: str
    level: str
    event: str
    fields: str


class LogRing:
    """The last records that were written, bounded in number and size; a structlog processor."""

    def __init__(self, size: int = KEPT) -> None:
        self._records: deque[LogRecord] = deque(maxlen=size)

    def __call__(
        self,
        _logger: Any,  # noqa: ANN401 - whatever structlog writes to
        _method: str,
        event: MutableMapping[str, Any],
    ) -> MutableMapping[str, Any]:
        """Remember one record and hand it on as it is."""
        fields = [f"{name}={_shown(name, event[name])}" for name in event if name not in _OWN]
        if error := _error(event.get("exc_info")):
            fields.append(f"error={error}")
        self._records.append(
            LogRecord(
                time=str(event.get("timestamp", "")),
                level=str(event.get("level", "")).upper(),
                event=str(event.get("event", ""))[:_MAX_CHARS],
                fields=" ".join(fields[:_MAX_FIELDS]),
            )
        )
        return event

    def records(self, level: str = "DEBUG", limit: int = KEPT) -> list[LogRecord]:
        """Return the last records of at least this level, oldest first."""
        least = LEVELS[level]
        found = [one for one in self._records if LEVELS.get(one.level, least) >= least]
        return found[-limit:]


def _shown(name: str, value: object) -> str:
    return "***" if _SECRET.search(name) else str(value)[:_MAX_CHARS]


def _error(about: object) -> str:
    """Return the exception of a record in a line; True stands for the one being handled."""
    error = sys.exc_info()[1] if about is True else about
    if isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return ""
    return f"{type(error).__name__}: {error}"[:_MAX_CHARS]


class LogStream:
    """A stream that may fail without harm: a full disk or a closed terminal ends no game.

    What cannot be written is lost, but for the last records, which are kept in memory.
    """

    def __init__(self, stream: TextIO | LogFile) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a line, or lose it."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._failed(error)
            return 0

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        """Let the stream lead nowhere when its other end is gone for good.

        Else what it still holds would fail again when the interpreter ends, and spoil the exit
        code.
        """
        if error.errno in _GONE:
            with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())


class LogFile(io.TextIOBase):
    """A log file that is put aside when it has grown: NAME.1 is the newest of the older ones.

    Lines come from several threads. A file that cannot be put aside goes on growing for as much
    again.
    """

    def __init__(self, path: Path, *, most_bytes: int = 0, kept: int = 0) -> None:
        """Open the file; it stays one file where `most_bytes` is 0. Raises OSError."""
        self._path = path
        self._most_bytes = most_bytes
        self._kept = kept
        self._lock = threading.Lock()
        self._file: TextIO = io.StringIO()  # to be closed, when the real one cannot be opened
        self._open()

    def write(self, text: str) -> int:
        """Write whole lines; OSError when that is not possible now."""
        with self._lock:
            if self.closed:  # the log was set up anew while this line was made
                return 0
            if self._file.closed:  # it could not be opened after it was put aside
                self._open()
            elif self._most_bytes and self._bytes and self._bytes + len(text) > self._most_bytes:
                self._put_aside()
            self._bytes += len(text)
            return self._file.write(text)

    def flush(self) -> None:
        """Do nothing: lines are handed on as they are written."""

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()
        super().close()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a", encoding="utf-8", buffering=1)
        self._bytes = self._file.tell()

    def _put_aside(self) -> None:
        self._file.close()
        with contextlib.suppress(OSError):
            for number in range(self._kept, 0, -1):
                newer = self._older(number - 1)
                if newer.exists():
                    newer.replace(self._older(number))
            self._path.unlink(missing_ok=True)  # where none is kept
        self._open()
        self._bytes = 0

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path


def set_up_logging(settings: LogSettings, ring: LogRing | None = None) -> LogFile | None:
    """Write records of the chosen level to stderr, or to the log file where one is set.

    They are kept in `ring` too, if there is one. Returns the file it opened, to be closed after the
    log was set up anew.
    """
    file = _open(settings.log_file, settings) if settings.log_file else None
    stream = LogStream(file or sys.stderr)
    readable = is_readable(settings)
    last: structlog.typing.Processor
    if readable:
        # Not the rich tracebacks: they print local variables, passwords among them.
        last = structlog.dev.ConsoleRenderer(
            colors=(file or sys.stderr).isatty(),
            exception_formatter=structlog.dev.plain_traceback,
        )
    else:
        last = structlog.processors.JSONRenderer()
    first: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([] if ring is None else [ring]),
    ]
    shape = [*([] if readable else [structlog.processors.format_exc_info]), last]
    structlog.configure(
        processors=[*first, *shape],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", stream)),
        cache_logger_on_first_use=False,
    )
    # Libraries that log the usual way: only what an operator must know, in the same shape.
    libraries = logging.StreamHandler(cast("TextIO", stream))
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *first],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shape],
        )
    )
    logging.basicConfig(handlers=[libraries], level=logging.WARNING, force=True)
    return file


def is_readable(settings: LogSettings) -> bool:
    """Tell whether the log is written for people, and not as JSON for programs."""
    if settings.log_format != "auto":
        return settings.log_format == "console"
    return settings.log_file is None and sys.stderr.isatty()


def _open(path: Path, settings: LogSettings) -> LogFile:
    if len(path.parts) == 1:
        path = FOLDER / path
    most_bytes = settings.log_file_mib * 2**20
    try:
        return LogFile(path, most_bytes=most_bytes, kept=settings.log_files_kept)
    except OSError as error:
        raise ConfigError(
            f"the log file {path} cannot be written: {error.strerror}; set log.log_file "
            "(PYAO_LOG_FILE) to a file this user may write, or leave it out"
        ) from error
