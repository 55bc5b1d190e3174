"""Wires everything into one running server. The only file that imports all parts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path

import structlog
from watchfiles import awatch

from pyao.accounts import Accounts
from pyao.collector import TEND_MS, Collector
from pyao.config import SETTINGS, ConfigChange, ConfigurationManager, Origin, Settings
from pyao.config.fields import show
from pyao.console.core import Console
from pyao.console.desk import Desk
from pyao.console.door import SocketDoor
from pyao.console.remote import user_name
from pyao.console.tty import LocalConsole
from pyao.content.chosen import load_chosen
from pyao.content.texts import Catalogue
from pyao.content.world_data import WorldData
from pyao.errors import PyaoError
from pyao.events import Bulkhead, EventManager, EventTypes
from pyao.events.payloads import (
    ClientRefused,
    ConfigChanged,
    ConfigRejected,
    ServerStarted,
    ServerStopped,
    ServerStopping,
    StoreBack,
    StoreLost,
)
from pyao.facade import Facade
from pyao.game import Game
from pyao.logs import LogFile, LogRing, set_up_logging
from pyao.modules import ModuleManager, watch_modules
from pyao.modules.sqlite_module import SQLiteModule
from pyao.net import ArgentumServer, ClientConnection, Receiver
from pyao.net.stats import Reason
from pyao.process import raise_descriptor_limit
from pyao.recording import Recorder, begin
from pyao.rooms import OWN, GenericRoom, RoomHub, RoomManager, RoomSettings
from pyao.status import Status
from pyao.storage import RedisKeys, Repository, SnapshotWriter
from pyao.storage.choose import choose_repository, remember_choice
from pyao.storage.keys import unquoted
from pyao.storage.presence import Presence
from pyao.storage.snapshot import Loss
from pyao.storage.values import Hash, Value
from pyao.tasks.centinels import REMINDER_MS, pass_round, remind
from pyao.tasks.commands import COMMANDS
from pyao.tasks.conduct import PASSAGES_MS, serve_time, watch_passages
from pyao.tasks.creatures_thinking import Minds, schedule_minds
from pyao.tasks.dispatch import Dispatcher
from pyao.tasks.guild_elections import (
    COUNT_MS,
    LOYALTY_MS,
    count_due_votes,
    look_at_members,
)
from pyao.tasks.journey import survey
from pyao.tasks.living import PassingTime
from pyao.tasks.renewed import take_over
from pyao.tasks.session import Session
from pyao.tasks.trading import STRAYS_MS, end_strays
from pyao.tasks.weather import MINUTE_MS, SOUNDS_MS, pass_minute, play_sounds
from pyao.watch import Sources, Watch
from pyao.world import SystemClock, World
from pyao.world.clock import TICK_MS, Clock, Job
from pyao.world.renewal import problem_with

log = structlog.get_logger(__name__)

MODULES_FOLDER = "modules"
CONFIG_POLL_S = 1.5
SNAPSHOT_TURNS = 5  # in each period of snapshots

# Key of each setting that may be kept in the store, by its leaf name.
KEPT_IN_STORE = {one.name: one.redis_key for one in SETTINGS.values() if one.redis_key}


class App:
    """One server from start to stop. A second `start` after a `stop` needs a second App."""

    def __init__(
        self,
        origin: Origin,
        *,
        clock: Clock | None = None,
        recorder: Recorder | None = None,
        collector: Collector | None = None,
    ) -> None:
        """With a `recorder`, all that enters the game passes there, on its clock.

        A `collector` tends that of the whole process, so give one where the process is the
        server's alone.
        """
        self.configuration = ConfigurationManager(origin)
        self.clock = clock or SystemClock()
        self.recorder = recorder
        self.collector = collector
        self.exit_code = 0
        self.game: Game
        self.server: ArgentumServer
        self.writer: SnapshotWriter
        self.status: Status
        self.facade: Facade
        self.watch: Watch
        self.minds: Minds
        self.modules: ModuleManager
        self.console: Console
        self.logs = LogRing()
        self._door: SocketDoor
        self._stop = asyncio.Event()
        self._stop_reason = "asked to stop"
        self._grace_s: float | None = None
        self._stopped = False
        self._running: list[asyncio.Task[None]] = []
        self._log_file: LogFile | None = None
        self._snapshots: Job
        self._module_watch = asyncio.Event()  # set while nobody watches the modules' files
        self._module_watch.set()
        self._bulkhead = Bulkhead()
        self._store_healthy = True
        self._store_away_since = 0.0

    @property
    def settings(self) -> Settings:
        """The settings in force now."""
        return self.configuration.settings

    # --- start -------------------------------------------------------------------------------

    async def start(self) -> Status:
        """Open the store, load the world, listen. On any PyaoError nothing is left running."""
        storage, data_dir = self.settings.storage, self.settings.data_dir
        repository = await asyncio.to_thread(choose_repository, storage, data_dir, remember=False)
        self.writer = SnapshotWriter(repository)
        self.writer.on_end = self._writer_ended
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(self.writer.close)
            self.configuration.start_with_redis(await asyncio.to_thread(config_in, repository))
            data = load_chosen(self.settings)
            full = Catalogue(self.settings.game.language)("login.server_full")
            self.server = ArgentumServer(
                self.settings.server,
                self._connected,
                server_full=full,
                on_refused=self._refused,
            )
            await self.server.bind()
            undo.push_async_callback(self.server.stop, 0)
            self.watch = Watch(self.settings.watch)
            undo.push_async_callback(self.watch.stop)
            # All that can be wrong has been looked at; from here on things are written.
            self.writer.ledger_lines = storage.ledger_lines
            await self.writer.open(take_over=storage.take_over)
            remember_choice(repository, data_dir)
            await self._begin_to_record(data)
            undo.callback(self._end_recording)
            await self._build(data)
            if self.collector is not None:
                self.collector.look_at_everything()  # what is loaded now stays
            loaded = await self.modules.load_all_modules()
            self._tell_recorder("modules are at work", loaded)
            raise_descriptor_limit()
            self.server.packet_log = self.settings.log.log_packets
            await self.server.start()
            undo.pop_all()
        self._watch_things()
        await self._door.open()
        self.status = self._announce(repository, data)
        where = tuple(f"{host}:{port}" for host, port in self.status.addresses)
        self.game.events.announce(ServerStarted(where, self.status.world))
        return self.status

    async def _begin_to_record(self, data: WorldData) -> None:
        """Record from here on, if the settings say so: the store is copied as it is now."""
        folder = self.settings.log.record_to
        if folder is not None and self.recorder is None:
            self.recorder = await begin(folder, self.settings, data.name, self.clock, self.writer)
        if self.recorder is not None:
            self.clock = self.recorder.clock

    def _tell_recorder(self, what: str, names: Iterable[str]) -> None:
        """Say on the tape what a replay will not do."""
        told = ", ".join(names)
        if self.recorder is not None and told:
            self.recorder.outside(f"{what}: {told}")

    def _end_recording(self) -> None:
        if self.recorder is not None:
            self.recorder.tape.close()

    async def _build(self, data: WorldData) -> None:
        events = EventManager(self._bulkhead)
        dirty_rooms: set[GenericRoom] = set()
        hub = RoomHub(events, self._bulkhead, dirty_rooms.add)
        rooms = RoomManager(
            hub,
            time.monotonic,
            defaults=room_defaults(self.settings),
            saved={
                parts[1]: record for parts, record in (await self._stored("room:")) if parts[2:]
            },
        )
        dice = random.Random(None if self.recorder is None else self.recorder.seed)
        world = World(data, self.clock, rooms, self.server.post, dice)
        if self.recorder is not None:
            world.unix_time = self.recorder.unix_time
        dirty_rooms.clear()  # what every start sets is no change
        remembered: dict[str, dict[str, Hash]] = {}
        for parts, record in await self._stored("module:"):
            remembered.setdefault(parts[1], {})[parts[2]] = record
        self.game = Game(
            self.settings,
            world,
            self._accounts(world),
            self.writer,
            reserved_commands=COMMANDS,
            remembered=remembered,
        )
        self.game.changes.rooms = dirty_rooms
        for parts, record in await self._stored("map:"):
            if parts[2:] == ["ground"] and parts[1].isdigit():
                self.game.changes.restore_ground(int(parts[1]), record)
        world.dirty_ground.clear()
        guilds: dict[str, dict[str, Hash]] = {}
        for parts, record in await self._stored("guild:"):
            guilds.setdefault(parts[1], {})[parts[2]] = record
        self.game.changes.restore_guilds(guilds)
        self.game.operations = self
        self.game.book.restore(await self._stored("staff:"))
        self.server.shut_out = self.game.book.addresses
        self.facade = Facade(self.game, self.request_stop)
        self.modules = ModuleManager(
            self.facade,
            self.settings.data_dir / MODULES_FOLDER,
            self.configuration.load_config,
            mapping=self.settings.modules.modules_mapping,
            load_order=self.settings.modules.modules_load_order,
            builtin={"sqlite_module": SQLiteModule},
            register_schema=self.configuration.register_schema,
        )
        self._furnish_console()
        self.writer.presence = self._presence
        self.writer.on_lost = self._store_lost

    def _furnish_console(self) -> None:
        desk = Desk(
            self.game,
            self.facade,
            self.modules,
            self.configuration,
            self.server,
            self.logs,
            self.request_stop,
            lambda act: self._tell_recorder("an order at the console", [act]),
        )
        self.console = Console(desk)
        self._door = SocketDoor(self.console, self.settings.data_dir)

    async def _stored(self, prefix: str) -> list[tuple[list[str], Hash]]:
        """Read all hashes whose keys start so; each with the parts of its key."""
        found = await self.writer.read(await self.writer.scan(prefix))
        return [(unquoted(key), record) for key, record in found.items()]

    def _accounts(self, world: World) -> Accounts:
        return Accounts(
            self.writer,
            self.settings.game,
            forbidden=world.data.forbidden_names,
            wall_clock=world.unix_time,
            commit_wait_s=self.settings.storage.commit_wait_s,
        )

    def _refused(self, address: str, reason: Reason) -> None:
        self.game.events.announce(ClientRefused(address, str(reason)), "net")

    def _connected(self, connection: ClientConnection) -> Receiver:
        rows = self.facade.tasks.rows
        if self.recorder is not None:
            return self.recorder.receiver(connection, self.game, rows)
        return Dispatcher(Session(connection, self.game), rows)

    def _tend(self, collector: Collector) -> None:
        players, events = self.game.world.players, self.game.events
        self.game.world.schedule.every(
            TEND_MS, lambda: collector.tend(len(players)), name="garbage"
        )
        for left in (EventTypes.MODULE_UNLOADED, EventTypes.MODULE_RELOADED):
            events.register_handler(left, lambda _event: collector.expect_garbage(), OWN)

    def _watch_things(self) -> None:
        schedule = self.game.world.schedule
        self._snapshots = self._snapshot_each(self.settings.storage.snapshot_ms)
        if self.collector is not None:
            self._tend(self.collector)
        schedule.every(60_000, self.game.kick_idle, name="idle players")
        schedule.every(60_000, self.game.clear_ground, name="clean ground")
        schedule.every(LOYALTY_MS, partial(look_at_members, self.game), name="loyalty of guilds")
        schedule.every(COUNT_MS, partial(count_due_votes, self.game), name="votes of guilds")
        schedule.every(STRAYS_MS, partial(end_strays, self.game), name="trades")
        schedule.every(TICK_MS, PassingTime(self.game).tick, name="time passes")
        schedule.every(MINUTE_MS, partial(pass_minute, self.game), name="weather")
        schedule.every(SOUNDS_MS, partial(play_sounds, self.game), name="sounds of maps")
        survey(self.game.world)
        schedule.every(PASSAGES_MS, watch_passages(self.game), name="passages")
        schedule.every(MINUTE_MS, partial(serve_time, self.game), name="prison")
        schedule.every(MINUTE_MS, partial(pass_round, self.game), name="centinels")
        schedule.every(REMINDER_MS, partial(remind, self.game), name="centinels remind")
        # How much creatures think must not depend on how fast a recorded server is.
        stopwatch = time.perf_counter if self.recorder is None else lambda: 0.0
        self.minds = schedule_minds(self.game, stopwatch)
        schedule.every(TICK_MS, self._tick_rooms, name="rooms and timers")
        self.configuration.subscribe(self._config_changed)
        works = {
            "tick": self._ticks(),
            "settings": self.configuration.watch(self._stop),
            "settings in the store": self._follow_store(),
        }
        if Path(self.settings.world).is_dir():
            works["world files"] = self._watch_world(Path(self.settings.world))
        self._running += [asyncio.create_task(work, name=name) for name, work in works.items()]
        pulse, stalls = self.watch.pulse, self.watch.stalls
        self.watch.start(Sources(self.game, self.server, self.modules, self.minds, pulse, stalls))
        self._follow_modules()

    def _follow_modules(self) -> None:
        """Begin or end to reload modules whose files change, as the settings say now."""
        wanted = self.settings.modules.modules_watch
        if wanted and self._module_watch.is_set():
            self._module_watch = asyncio.Event()
            watch = watch_modules(self.modules, self._module_watch)
            self._running.append(asyncio.create_task(watch))
        elif not wanted:
            self._module_watch.set()

    def _announce(self, repository: Repository, data: WorldData) -> Status:
        status = Status(
            pid=os.getpid(),
            addresses=list(self.server.addresses),
            store=repository.describe(),
            world=f"{data.name} ({data.source}, {len(data.maps)} maps)",
            started=time.time(),
            monitoring=self.watch.address,
        )
        status.write(self.settings.data_dir)
        return status

    # --- while it runs -----------------------------------------------------------------------

    async def _ticks(self) -> None:
        """Run what is due every 50 ms. A late tick is not followed by a hurried one."""
        loop, pulse = asyncio.get_running_loop(), self.watch.pulse
        period = TICK_MS / 1000
        run: Callable[[], object] = self.game.world.schedule.run_due
        if self.recorder is not None:
            run = partial(self.recorder.tick, run)
        due = loop.time() + period
        try:
            while True:
                pulse.expect(due)
                await asyncio.sleep(max(0.0, due - loop.time()))
                began = pulse.began()
                run()
                pulse.ended(began)
                due = max(due + period, loop.time())
        finally:
            pulse.stop()

    def _tick_rooms(self) -> None:
        now = time.monotonic()
        self.facade.timers.tick(now)
        self.game.world.rooms.tick(now)

    def _snapshot_each(self, period_ms: int) -> Job:
        """Have everything that changed written within each period, in turns."""
        turns = max(1, min(SNAPSHOT_TURNS, period_ms // TICK_MS))
        turn = cycle(range(turns))
        return self.game.world.schedule.every(
            period_ms // turns, lambda: self._snapshot(next(turn), turns), name="snapshot"
        )

    def _snapshot(self, turn: int, turns: int) -> None:
        if self.game.changes.unsaved:
            self.game.changes.snapshot_in_turn(turn, turns)
        if self.writer.healthy != self._store_healthy:
            self._store_healthy = self.writer.healthy
            if self._store_healthy:
                away_s = time.monotonic() - self._store_away_since
                self.game.events.announce(StoreBack(round(away_s, 1)))
            else:
                self._store_away_since = time.monotonic()
                self.game.events.announce(StoreLost("the store does not answer"))

    def _presence(self) -> Presence:
        return Presence(len(self.server.connections), self.game.sessions)

    def _store_lost(self, loss: Loss) -> dict[str, Value | None] | None:
        """Write the store anew from memory when it was emptied or rolled back."""
        log.error("the store lost what was written", complete=loss.complete)
        self.game.changes.snapshot()  # so that no change is written without its line in the ledger
        return dict(self.game.changes.everything())

    def _writer_ended(self, reason: str) -> None:
        """Stop rather than let people play what cannot be saved."""
        log.critical("the world is not ours to write any more", reason=reason)
        self.exit_code = 1
        self._stop.set()

    async def _follow_store(self) -> None:
        """Let `SET config:server:…` take effect while the server runs."""
        while True:
            await asyncio.sleep(CONFIG_POLL_S)
            with contextlib.suppress(PyaoError):
                found = await self.writer.read_config(list(KEPT_IN_STORE))
                self.configuration.apply_redis(by_key(found))

    def _config_changed(self, change: ConfigChange) -> None:
        """Let changed settings take effect; what cannot, is said once."""
        events = self.game.events
        if change.problem:
            log.error("a changed setting is refused", source=change.name, problem=change.problem)
            events.announce(ConfigRejected(change.name, change.problem), "config")
            return
        if change.name != "settings":
            self._bulkhead.spawn(
                "server", f"settings of {change.name}", self.modules.apply_config(change.name)
            )
        else:
            self._apply_settings(change)
        for name, (_, value) in change.values.items():
            log.info("setting changed", setting=name, value=show(value))
            events.announce(ConfigChanged(name, show(value), change.name), "config")
        for name, (_, value) in change.waiting.items():
            log.warning(
                "this setting takes effect at the next start", setting=name, value=show(value)
            )

    def _apply_settings(self, change: ConfigChange) -> None:
        """Hand the settings in force to every part that keeps some of its own."""
        settings, game = self.settings, self.game
        self._tell_recorder("settings were changed", change.values)
        game.settings = settings
        game.accounts.rules = settings.game
        game.accounts.commit_wait_s = settings.storage.commit_wait_s
        self.writer.ledger_lines = settings.storage.ledger_lines
        game.world.rooms.defaults = room_defaults(settings)
        self.server.apply_limits(settings.server)
        self.server.packet_log = settings.log.log_packets
        self.watch.apply(settings.watch)
        if "log_level" in change.values:
            self.set_up_logging()
        if "snapshot_ms" in change.values:
            self._snapshots.cancel()
            self._snapshots = self._snapshot_each(settings.storage.snapshot_ms)
        self._follow_modules()

    async def reload_world(self) -> str | None:
        """Take over changed content while players play; return why not, or None.

        Either all of it holds from one moment on, or nothing changed.
        """
        try:
            data = await asyncio.to_thread(load_chosen, self.settings)
        except PyaoError as error:
            problem: str | None = str(error)
        else:
            problem = problem_with(self.game.world, data)
        if problem is not None:
            log.error("the changed world is refused; the old one goes on", problem=problem)
            return problem
        self._tell_recorder("the world was renewed", [data.name])
        changed = take_over(self.game, data)
        log.info("the world was renewed", changed_maps=changed[:20], of=len(data.maps))
        return None

    def reload_settings(self) -> None:
        """Read the files of settings again, as the watch would do a moment later."""
        self.configuration.poll()

    async def _watch_world(self, folder: Path) -> None:
        """Follow a folder of world text: an edit takes effect within a second or two."""
        async for _ in awatch(folder, stop_event=self._stop, rust_timeout=1000):
            await self.reload_world()

    # --- stop --------------------------------------------------------------------------------

    def request_stop(self, reason: str = "asked to stop", grace_s: float | None = None) -> None:
        """Ask the server to stop; asking twice is harmless. `grace_s` replaces the setting."""
        if not self._stop.is_set():
            self._stop_reason = reason
            self._grace_s = grace_s
            self._stop.set()

    async def run(self, *, terminal: bool = False) -> int:
        """Serve until a stop is asked for; return the exit code.

        With a `terminal`, the console answers who types there.
        """
        if terminal:
            self._running.append(asyncio.create_task(self._talk()))
        await self._stop.wait()
        await self.stop()
        return self.exit_code

    async def _talk(self) -> None:
        """Answer the operator at this terminal; Ctrl+C stops the server as it does elsewhere."""
        terminals = import_module("pyao.console.terminal")
        backend = LocalConsole(self.console, f"console:{user_name()}")
        with terminals.above_the_prompt(self.set_up_logging):
            try:
                await terminals.Terminal(backend, self.settings.data_dir).talk()
            except KeyboardInterrupt:
                self.request_stop()
        if not self._stop.is_set():
            log.info("console_left", hint="the server goes on; `pyao-server console` leads back")

    def set_up_logging(self) -> None:
        """Write the log as the settings say, and keep the last records for the console."""
        before, self._log_file = self._log_file, set_up_logging(self.settings.log, self.logs)
        if before is not None:
            before.close()

    async def stop(self) -> None:
        """Let nobody in, tell everybody, save all, and end, within the grace period."""
        if self._stopped:
            return
        self._stopped = True
        self._stop.set()
        self._module_watch.set()
        grace_s = self.settings.server.grace_s if self._grace_s is None else self._grace_s
        deadline = time.monotonic() + grace_s
        self.server.stop_accepting()
        await self._door.close()
        self.game.events.announce(ServerStopping(self._stop_reason))
        await self.modules.shutdown()
        if self.recorder is not None:
            self.recorder.stops()
        self.game.close()
        left_s = max(0.5, deadline - time.monotonic() - 1)
        saved = not self.writer.failure and await self.writer.drain(left_s)
        await self.server.stop(max(0.5, deadline - time.monotonic()))
        for work in self._running:
            work.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self.game.events.announce(ServerStopped(self._stop_reason))
        await self._bulkhead.close()
        self._end_recording()
        await self.watch.stop()
        await self.writer.close()
        await self.game.accounts.close()
        self.status.withdraw(self.settings.data_dir)
        if not saved:
            log.critical("stopped without having saved everything", store=self.status.store)
            self.exit_code = 1


def config_in(repository: Repository) -> dict[str, str]:
    """Return the settings kept in an open store, by key."""
    return by_key(repository.read_config(KEPT_IN_STORE, RedisKeys.CONFIG_SERVER))


def by_key(found: Mapping[str, str]) -> dict[str, str]:
    """Return settings by the key they are stored under instead of by their leaf name."""
    return {KEPT_IN_STORE[name]: text for name, text in found.items()}


def room_defaults(settings: Settings) -> RoomSettings:
    """Return what a room is when its creator says nothing."""
    return RoomSettings(
        public=settings.rooms.rooms_public,
        broadcast_enabled=settings.rooms.rooms_broadcast,
        broadcast_default=settings.rooms.rooms_broadcast_default,
    )
