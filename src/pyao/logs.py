"""How the server writes its log: readable on a terminal, JSON lines anywhere else."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog

from pyao.config import LogSettings
from pyao.errors import ConfigError

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}


def set_up_logging(settings: LogSettings) -> None:
    """Write records of the chosen level to stderr, or to the log file where one is set."""
    stream = sys.stderr if settings.log_file is None else _open(settings.log_file)
    readable = settings.log_format == "console" or (
        settings.log_format == "auto" and settings.log_file is None and stream.isatty()
    )
    last: structlog.typing.Processor
    if readable:
        # Not the rich tracebacks: they print local variables, passwords among them.
        last = structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    else:
        last = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *([] if readable else [structlog.processors.format_exc_info]),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    # Libraries that log the usual way: only what an operator must know.
    logging.basicConfig(stream=stream, level=logging.WARNING, force=True)


def _open(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise ConfigError(
            f"the log file {path} cannot be written: {error.strerror}; set log.log_file "
            "(PYAO_LOG_FILE) to a file this user may write, or leave it out"
        ) from error
