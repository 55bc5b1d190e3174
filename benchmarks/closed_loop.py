"""A hundred connections that each ask again as soon as they are answered, as cheaply as can be.

The generator is a process of its own and must not be what is measured: it tells an answer by the
edge that epoll reports, leaves the bytes in the kernel and reads them only now and then, so that
one request costs it one `send`. The echo of the calibration and our server are asked by the same
generator. Run as a script, this file is that process: one JSON job per line in, one answer out.
"""

from __future__ import annotations

import asyncio
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from benchmarks.machine import Cores, pinned_to
from benchmarks.server import Usage, Watch

CONNECTIONS: Final = 100
WARM_UP_S: Final = 0.5
TIRED_SHARE: Final = 0.93  # of its core; a generator that works so hard may be what is measured
READ_ROUNDS: Final = 24  # of answers, before what lies in the kernel is read
READ_BYTES: Final = 65_536
AT_ONCE: Final = 16  # greetings that wait for their answer
ANSWER_S: Final = 30.0
LAST_S: Final = 1.0  # for answers that are under way at the end
QUIET_S: Final = 1.0  # for what else a server has to say to newcomers


@dataclass(frozen=True, slots=True)
class Job:
    """Whom to ask, and what: bytes as hexadecimal text."""

    port: int
    request: str
    answer: str
    greetings: list[str]  # sent first, one on each connection; empty for none


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run of the generator came to."""

    asked: int
    answered: float  # by the bytes that came
    seconds: float
    cpu_share: float  # the generator's own


class ClosedLoop:
    """The generator seen from the benchmark: start it, then `measure`."""

    def __init__(self, cores: Cores, job: Job) -> None:
        self._cores = cores
        self._job = job
        self._process: subprocess.Popen[str]

    async def __aenter__(self) -> Self:
        with pinned_to(self._cores.load):
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [sys.executable, "-m", "benchmarks.closed_loop"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parent.parent,
                text=True,
            )
        try:
            await self._command(asdict(self._job))
        except BaseException:
            self._end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        process = self._process
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    async def measure(self, seconds: float, watch: Watch) -> tuple[Asked, Usage]:
        """Ask for so long, after a warm-up; return that and what the watched server used for it."""
        await self._command({"seconds": WARM_UP_S})
        watch = watch.again()
        found = await self._command({"seconds": seconds})
        usage = watch.used()
        asked = Asked(
            asked=int(found["asked"]),
            answered=found["answered"],
            seconds=found["seconds"],
            cpu_share=found["cpu_share"],
        )
        return asked, usage

    async def _command(self, command: dict[str, object]) -> dict[str, float]:
        return await asyncio.to_thread(self._talk, json.dumps(command))

    def _talk(self, line: str) -> dict[str, float]:
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the generator has no pipes")
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError("the generator ended before its time")
        found: dict[str, float] = json.loads(answer)
        return found


def tired(asked: Asked, usage: Usage) -> str:
    """Say why the generator was the bottleneck, or nothing."""
    if asked.cpu_share > TIRED_SHARE and usage.cpu_s / usage.seconds < TIRED_SHARE:
        return f"the generator used {asked.cpu_share:.0%} of its core, the server less"
    return ""


# --- the process that asks ---------------------------------------------------------------------


class _Asker:
    """The connections, and the one loop that costs anything."""

    def __init__(self, job: Job) -> None:
        self._request = bytes.fromhex(job.request)
        self._answer = bytes.fromhex(job.answer)
        self._socks = [
            socket.create_connection(("127.0.0.1", job.port), ANSWER_S) for _ in range(CONNECTIONS)
        ]
        for sock in self._socks:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if job.greetings:
            self._greet([bytes.fromhex(greeting) for greeting in job.greetings])
        self._sends = {sock.fileno(): sock.send for sock in self._socks}
        self._epoll = select.epoll()
        for sock in self._socks:
            sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
            self._epoll.register(sock, select.EPOLLIN | select.EPOLLET)

    def _greet(self, greetings: Sequence[bytes]) -> None:
        """Send each its greeting with a request behind it, whose answer tells that it is over."""
        for first in range(0, CONNECTIONS, AT_ONCE):
            part = list(zip(self._socks, greetings, strict=True))[first : first + AT_ONCE]
            for sock, greeting in part:
                sock.sendall(greeting + self._request)
            for sock, _ in part:
                while not (data := sock.recv(READ_BYTES)).endswith(self._answer):
                    if not data:
                        raise RuntimeError("a connection was closed instead of greeted")
        time.sleep(QUIET_S)
        for sock in self._socks:
            if select.select([sock], [], [], 0)[0]:
                sock.recv(READ_BYTES)

    def run(self, seconds: float) -> Asked:
        """Ask for so long; every answer is awaited before the next request, also at the end."""
        request, sends, poll = self._request, self._sends, self._epoll.poll
        began, cpu = time.perf_counter(), time.process_time()
        until = began + seconds
        for send in sends.values():
            send(request)
        asked, since_read, unread = len(sends), 0, dict[int, socket.socket]()
        received = 0
        while time.perf_counter() < until:
            ready = poll(LAST_S)
            for descriptor, _ in ready:
                # Only of one that was just reported: an answer read before that is never reported.
                if unread and descriptor in unread:
                    received += len(unread.pop(descriptor).recv(READ_BYTES))
                sends[descriptor](request)
            asked += len(ready)
            since_read += len(ready)
            if since_read > READ_ROUNDS * CONNECTIONS:
                since_read, unread = 0, {sock.fileno(): sock for sock in self._socks}
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        waiting = len(sends)
        while waiting > 0 and (ready := poll(LAST_S)):
            waiting -= len(ready)
        received += self._read()
        return Asked(asked, received / len(self._answer), took, cpu / took)

    def _read(self) -> int:
        """Take from the kernel what has come; return how many bytes."""
        count = 0
        for sock in self._socks:
            try:
                count += len(sock.recv(READ_BYTES))
            except BlockingIOError:
                continue
        return count


def main() -> None:
    """Do what the lines on the standard input say."""
    asker: _Asker | None = None
    for line in sys.stdin:
        command = json.loads(line)
        answer: dict[str, object] = {}
        if asker is None:
            asker = _Asker(Job(**command))
        else:
            answer = asdict(asker.run(command["seconds"]))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
