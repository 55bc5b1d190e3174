"""What the server asks of the operating system: signals, descriptors, priorities."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

if sys.platform != "win32":
    import resource

STOP_SIGNALS: Final = [signal.SIGTERM, signal.SIGINT]
if sys.platform != "win32":
    STOP_SIGNALS.append(signal.SIGHUP)  # a terminal that closes


def heed_signals(stop: Callable[[], None]) -> None:
    """Call `stop` in the running loop at SIGTERM, SIGINT and SIGHUP; more of them are harmless.

    Under nohup the SIGHUP of a closing terminal stays ignored.
    """
    loop = asyncio.get_running_loop()

    def heed(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    for number in STOP_SIGNALS:
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, heed)


def give_way(steps: int) -> None:
    """Let this thread have what the loop leaves of a core they share; on Linux only.

    There priorities belong to threads, elsewhere to the whole process.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + steps)


def ignore_signals() -> None:
    """Let nothing turn a clean stop into a violent one while the interpreter ends.

    A handler of ours would not do: it is taken down before the process is gone.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def raise_descriptor_limit() -> None:
    """Use as many descriptors as the system allows: each player takes one."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
