"""Wires everything into one running server. The only file that imports all parts."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog

from pyao.accounts import Accounts
from pyao.config import SETTINGS, ConfigChange, ConfigurationManager, Origin, Settings
from pyao.content.starter import load_starter
from pyao.content.world_data import WorldData
from pyao.content.world_file import load_world
from pyao.errors import ConfigError, PyaoError
from pyao.events import Bulkhead, EventManager
from pyao.game import Game
from pyao.net import ArgentumServer, ClientConnection
from pyao.rooms import RoomHub, RoomManager
from pyao.storage import Repository, SnapshotWriter
from pyao.storage.choose import choose_repository
from pyao.storage.presence import Presence
from pyao.storage.snapshot import Loss
from pyao.storage.values import Value
from pyao.tasks import TASK_HANDLERS
from pyao.tasks.dispatch import Dispatcher
from pyao.tasks.session import Session
from pyao.world import SystemClock, World
from pyao.world.clock import TICK_MS, Clock

log = structlog.get_logger(__name__)

WORLD_FILE = "world.pyao"
STATUS_FILE = "server.json"
CONFIG_POLL_S = 2.0


@dataclass(frozen=True, slots=True)
class Status:
    """What `server.json` in the data folder says of a listening server."""

    pid: int
    addresses: list[tuple[str, int]]
    store: str
    world: str
    started: float  # unix seconds


class App:
    """One server from start to stop. A second `start` after a `stop` needs a second App."""

    def __init__(self, origin: Origin, *, clock: Clock | None = None) -> None:
        self.configuration = ConfigurationManager(origin)
        self.clock = clock or SystemClock()
        self.exit_code = 0
        self.game: Game
        self.server: ArgentumServer
        self.writer: SnapshotWriter
        self.status: Status
        self._stop = asyncio.Event()
        self._running: list[asyncio.Task[Any]] = []
        self._bulkhead = Bulkhead()

    @property
    def settings(self) -> Settings:
        """The settings in force now."""
        return self.configuration.settings

    # --- start -------------------------------------------------------------------------------

    async def start(self) -> Status:
        """Open the store, load the world, listen. On any PyaoError nothing is left running."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        data = load_world_of(self.settings)
        repository = await asyncio.to_thread(
            choose_repository, self.settings.storage, self.settings.data_dir
        )
        self.writer = SnapshotWriter(repository)
        try:
            await self.writer.open(take_over=self.settings.storage.take_over)
            self.configuration.start_with_redis(await self._stored_config())
            self._build(data)
            await self.server.start()
        except BaseException:
            await self.writer.close()
            raise
        self._watch_things()
        self.status = self._announce(repository, data)
        gc.collect()
        gc.freeze()  # what is loaded now stays; the collector need not look at it again
        return self.status

    def _build(self, data: WorldData) -> None:
        events = EventManager(self._bulkhead)
        dirty_rooms: set[Any] = set()
        hub = RoomHub(events, self._bulkhead, dirty_rooms.add)
        rooms = RoomManager(hub, time.monotonic)
        world = World(data, self.clock, rooms)
        accounts = Accounts(self.writer, self.settings.game)
        self.game = Game(self.settings, world, accounts, self.writer)
        self.game.dirty_rooms = dirty_rooms
        self.server = ArgentumServer(self.settings.server, self._connected)
        self.writer.presence = self._presence
        self.writer.on_lost = self._store_lost
        self.writer.on_end = self._writer_ended

    def _connected(self, connection: ClientConnection) -> Dispatcher:
        return Dispatcher(Session(connection, self.game), TASK_HANDLERS)

    def _watch_things(self) -> None:
        schedule = self.game.world.schedule
        schedule.every(self.settings.storage.snapshot_ms, self._snapshot, name="snapshot")
        schedule.every(60_000, self.game.kick_idle, name="idle players")
        schedule.every(TICK_MS, self._tick_rooms, name="rooms")
        self.configuration.subscribe(self._config_changed)
        for work in (self._ticks(), self.configuration.watch(self._stop), self._follow_store()):
            self._running.append(asyncio.create_task(work))

    def _announce(self, repository: Repository, data: WorldData) -> Status:
        status = Status(
            pid=os.getpid(),
            addresses=list(self.server.addresses),
            store=repository.describe(),
            world=f"{data.name} ({data.source}, {len(data.maps)} maps)",
            started=time.time(),
        )
        target = self.settings.data_dir / STATUS_FILE
        draft = target.with_suffix(".tmp")
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(status), indent=2) + b"\n")
        draft.replace(target)
        return status

    # --- while it runs -----------------------------------------------------------------------

    async def _ticks(self) -> None:
        """Run what is due every 50 ms. A late tick is not followed by a hurried one."""
        loop = asyncio.get_running_loop()
        period = TICK_MS / 1000
        due = loop.time() + period
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            self.game.world.schedule.run_due()
            due = max(due + period, loop.time())

    def _tick_rooms(self) -> None:
        self.game.world.rooms.tick(time.monotonic())

    def _snapshot(self) -> None:
        if self.game.world.dirty or self.game.dirty_rooms:
            self.game.snapshot()

    def _presence(self) -> Presence:
        return Presence(len(self.server.connections), self.game.sessions())

    def _store_lost(self, loss: Loss) -> dict[str, Value | None] | None:
        """Write the store anew from memory when it was emptied or rolled back."""
        log.error("the store lost what was written", complete=loss.complete)
        return dict(self.game.everything())

    def _writer_ended(self, reason: str) -> None:
        """Stop rather than let people play what cannot be saved."""
        log.critical("the world is not ours to write any more", reason=reason)
        self.exit_code = 1
        self._stop.set()

    async def _stored_config(self) -> dict[str, str]:
        keys = {one.name: one.redis_key for one in SETTINGS.values() if one.redis_key}
        found = await self.writer.read_config(list(keys))
        return {keys[name]: text for name, text in found.items()}

    async def _follow_store(self) -> None:
        """Let `SET config:server:…` take effect while the server runs."""
        while True:
            await asyncio.sleep(CONFIG_POLL_S)
            with contextlib.suppress(PyaoError):
                self.configuration.apply_redis(await self._stored_config())

    def _config_changed(self, change: ConfigChange) -> None:
        self.game.settings = self.settings
        self.server.apply_limits(self.settings.server)
        log.info("settings changed", change=str(change))

    # --- stop --------------------------------------------------------------------------------

    def request_stop(self) -> None:
        """Ask the server to stop; asking twice is harmless."""
        self._stop.set()

    async def run(self) -> int:
        """Serve until a stop is asked for; return the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.request_stop)
        await self._stop.wait()
        await self.stop()
        return self.exit_code

    async def stop(self) -> None:
        """Let nobody in, tell everybody, save all, and end, within the grace period."""
        self._stop.set()
        grace_s = self.settings.server.grace_s
        deadline = time.monotonic() + grace_s
        self.server.stop_accepting()
        self.game.close()
        saved = await self.writer.drain(max(0.5, deadline - time.monotonic() - 1))
        await self.server.stop(max(0.5, deadline - time.monotonic()))
        for work in self._running:
            work.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._bulkhead.close()
        await self.writer.close()
        await self.game.accounts.close()
        with contextlib.suppress(OSError):
            (self.settings.data_dir / STATUS_FILE).unlink()
        if not saved:
            log.critical("stopped without having saved everything: the store does not answer")
            self.exit_code = 1


def load_world_of(settings: Settings) -> WorldData:
    """Load the world the settings name: a compiled file, the imported one, else the starter."""
    chosen = settings.world
    imported = settings.data_dir / WORLD_FILE
    if chosen == "starter" or (chosen == "auto" and not imported.exists()):
        return load_starter(settings.data_dir, settings.game.language)
    path = imported if chosen == "auto" else Path(chosen)
    if not path.is_file():
        raise ConfigError(
            f"world {path}: expected a compiled world file, found none; make one with "
            "`pyao-server import --maps DIR`, or use --world starter"
        )
    return load_world(path)
