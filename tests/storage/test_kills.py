"""Servers that are killed, frozen or taken over at any moment, checked from what is left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support import writer_process
from tests.support.redis_server import RedisServer

from pyao.config import StorageSettings
from pyao.rules.inventory import GOLD_ITEM
from pyao.storage.choose import SQLITE_FILE, repository_at
from pyao.storage.crash_points import AFTER_COMMIT, BEFORE_COMMIT, EXIT_CODE, INSIDE_COMMIT
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.repository import Repository

PROGRAM = Path(writer_process.__file__)
ROOT = PROGRAM.parents[2]
TOTAL = writer_process.CHARACTERS * writer_process.GOLD_EACH
FULL = os.environ.get("PYAO_TEST_FULL") == "1"
TRIALS = int(os.environ.get("PYAO_TEST_TRIALS", "100" if FULL else "8"))
COPIES = 200 if FULL else 20

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60 + 4 * TRIALS + 2 * COPIES)]


@dataclass
class Place:
    """A store on which writer processes run."""

    kind: str
    folder: Path
    url: str = "redis://127.0.0.1:1/0"

    def open(self) -> Repository:
        """Return the store as an offline checker sees it."""
        store = repository_at(self.kind, StorageSettings(redis_url=self.url), self.folder)
        store.open()
        return store

    def is_free(self) -> bool:
        """Return whether the database can be written now; Redis always can."""
        if self.kind != "sqlite":
            return True
        probe = sqlite3.connect(self.folder / SQLITE_FILE, timeout=0.05, isolation_level=None)
        with closing(probe):
            try:
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return False
        return True

    @contextmanager
    def writer(self, *words: str, **environment: str) -> Iterator[Writer]:
        """Run a writer process; it is killed at the end if it still lives."""
        command = [sys.executable, str(PROGRAM), self.kind, str(self.folder), self.url, *words]
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        writer = Writer(child)
        try:
            yield writer
        finally:
            child.kill()
            writer.wait_end()


class Writer:
    """A running writer process and what it said."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child
        self.said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._ready = threading.Event()
        self._reader.start()

    def wait_ready(self) -> dict[str, Any]:
        """Wait until it plays."""
        assert self._ready.wait(20), self.said
        return self.said[0]

    def wait_until(self, true: Callable[[], bool]) -> None:
        """Wait until what it said makes something true."""
        for _ in range(2000):
            if true():
                return
            threading.Event().wait(0.01)
        pytest.fail(f"never came true: {self.said[-3:]}")

    def freeze(self) -> None:
        """Stop it, and return when it stands."""
        self.child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.child.pid, os.WSTOPPED)

    def freeze_between_commits(self, place: Place) -> None:
        """Stop it where it holds no lock of the database; inside one, only its end helps."""
        while True:
            self.freeze()
            if place.is_free():
                return
            self.child.send_signal(signal.SIGCONT)
            threading.Event().wait(0.005)

    def wait_end(self) -> list[dict[str, Any]]:
        """Wait until it has ended and return everything it said."""
        self.child.wait(20)
        self._reader.join(20)
        return self.said

    @property
    def confirmed(self) -> int:
        """The last commit it was told of."""
        return max((line["number"] for line in self.said if line["what"] == "stored"), default=0)

    def _read(self) -> None:
        assert self.child.stdout is not None
        with self.child.stdout:
            for line in self.child.stdout:
                # Anything else is a line of its log, or half a line at its end.
                if line.startswith("{") and line.endswith("}\n"):
                    self.said.append(json.loads(line))
                    self._ready.set()
        self._ready.set()


@pytest.fixture(params=["sqlite", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place("sqlite", tmp_path)
    server: RedisServer = request.getfixturevalue("empty_redis")
    return Place("redis", tmp_path, server.url)


def check_left(place: Place, confirmed: int) -> None:
    """Check what a dead server left: no gold made or lost, each move whole, all confirmed there."""
    with closing(place.open()) as store:
        keys = [RedisKeys.player_stats(n) for n in range(1, writer_process.CHARACTERS + 1)]
        held = {key: int(record["gold"]) for key, record in store.read(keys).items()}
        if not held and not confirmed:
            return
        assert sum(held.values()) == TOTAL
        assert int(store.read_strings(["world:commit"])["world:commit"]) >= confirmed
        found = store.take_stock()
        assert found.balanced, found
        assert (found.held, found.unexplained) == ({GOLD_ITEM: TOTAL}, 0)


def test_a_killed_server_leaves_a_whole_world_and_blocks_nobody(place: Place) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for trial in range(TRIALS):
        with place.writer() as writer:
            ready = writer.wait_ready()
            assert ready["what"] == "ready", (seed, trial, ready)
            assert ready["gold"] == TOTAL, (seed, trial)
            threading.Event().wait(chance.random() * 0.08)
            writer.child.kill()
            writer.wait_end()
            check_left(place, writer.confirmed)


@pytest.mark.parametrize("point", [BEFORE_COMMIT, INSIDE_COMMIT, AFTER_COMMIT])
@pytest.mark.parametrize("visits", [1, 9])
def test_a_server_that_dies_between_two_steps_of_a_commit(
    place: Place, point: str, visits: int
) -> None:
    with place.writer(PYAO_TESTING="1", PYAO_CRASH_AT=f"{point}:{visits}") as writer:
        writer.wait_end()
        assert writer.child.returncode == EXIT_CODE
        check_left(place, writer.confirmed)
        with closing(place.open()) as store:
            number = int(store.read_strings(["world:commit"]).get("world:commit", "0"))
        assert number == (visits if point == AFTER_COMMIT else visits - 1)


def test_a_copy_of_the_files_at_any_instant_is_a_whole_world(tmp_path: Path) -> None:
    place = Place("sqlite", tmp_path / "live")
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    with place.writer() as writer:
        writer.wait_ready()
        for trial in range(COPIES):
            threading.Event().wait(chance.random() * 0.02)
            copy = Place("sqlite", tmp_path / f"copy {trial}")
            copy.folder.mkdir()
            confirmed = writer.confirmed
            writer.freeze()
            for name in (SQLITE_FILE, f"{SQLITE_FILE}-wal"):
                shutil.copyfile(place.folder / name, copy.folder / name)
            writer.child.send_signal(signal.SIGCONT)
            with closing(sqlite3.connect(copy.folder / SQLITE_FILE)) as opened:
                assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)], seed
            check_left(copy, confirmed)


def test_a_backup_taken_while_it_plays_is_a_whole_world(tmp_path: Path) -> None:
    place = Place("sqlite", tmp_path / "live")
    backup = Place("sqlite", tmp_path / "backup")
    backup.folder.mkdir()
    with place.writer() as writer:
        writer.wait_ready()
        threading.Event().wait(0.05)
        with closing(sqlite3.connect(place.folder / SQLITE_FILE)) as live:
            live.execute("VACUUM INTO ?", (str(backup.folder / SQLITE_FILE),))
    check_left(backup, 0)


def test_a_second_server_is_refused_and_told_who_plays(place: Place) -> None:
    with place.writer() as first:
        first.wait_ready()
        with place.writer() as second:
            said = second.wait_end()
        assert second.child.returncode == 2
        assert said[0]["what"] == "refused"
        assert f"pid {first.child.pid}, since 20" in said[0]["reason"]
        assert "--take-over" in said[0]["reason"]
        before = first.confirmed
        first.wait_until(lambda: first.confirmed > before)


def test_a_frozen_server_that_was_taken_over_ends_when_it_wakes(place: Place) -> None:
    with place.writer() as first:
        first.wait_ready()
        first.freeze_between_commits(place)
        with place.writer("take-over") as second:
            second.wait_ready()
            threading.Event().wait(0.3)
            first.child.send_signal(signal.SIGCONT)
            said = first.wait_end()
            assert first.child.returncode == 1
            assert said[-1]["what"] == "ended"
            assert "took this world over" in said[-1]["reason"]
            second.child.kill()
            second.wait_end()
            check_left(place, max(second.confirmed, first.confirmed))


def test_live_keys_of_a_killed_server_are_gone_after_the_next_start(place: Place) -> None:
    session, count = RedisKeys.session_active(1), RedisKeys.SERVER_CONNECTIONS_COUNT
    with place.writer() as first:
        first.wait_ready()
        with closing(place.open()) as store:
            first.wait_until(lambda: bool(store.read([session])))
            first.child.kill()
            first.wait_end()
            claim = store.claim(Owner.this_process())
            assert store.read([session]) == {}
            assert set(store.read_strings([count]).values()) <= {"0"}
            store.release(claim.stamp)
