"""Every figure the server shows: name, kind, what it means, and how it is read. One entry each.

Nothing is counted for these; they are read from what its owner keeps. Labels have few and known
values: never a name, a number or an address of a player. All readers run on the loop.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Final, Literal

from pyao import __version__
from pyao.game import Game
from pyao.modules import ModuleManager
from pyao.net import ArgentumServer
from pyao.protocol.packet_id import ClientPacketID, ServerPacketID
from pyao.tasks.creatures_thinking import Minds
from pyao.watch.pulse import Buckets, Pulse
from pyao.watch.stalls import StallWatch

Kind = Literal["counter", "gauge", "histogram", "summary"]
MAX_MODULES: Final = 20  # more of them share the label "other"
_OTHER: Final = "other"
_SENT_OFTEN: Final = frozenset(
    {
        *("LOGGED", "ERROR_MSG", "DICE_ROLL", "PONG", "MULTI_MESSAGE", "CONSOLE_MSG"),
        *("CHARACTER_CREATE", "CHARACTER_REMOVE", "CHARACTER_MOVE", "CHARACTER_CHANGE"),
        *("FORCE_CHAR_MOVE", "SET_INVISIBLE", "UPDATE_TAG_AND_STATUS", "CHAT_OVER_HEAD"),
        *("REMOVE_CHAR_DIALOG", "CREATE_FX", "PLAY_WAVE", "CHANGE_MAP", "AREA_CHANGED"),
        *("POS_UPDATE", "OBJECT_CREATE", "OBJECT_DELETE", "BLOCK_POSITION", "UPDATE_HP"),
        *("UPDATE_STA", "UPDATE_MANA", "UPDATE_GOLD", "UPDATE_EXP", "UPDATE_USER_STATS"),
        *("UPDATE_HUNGER_AND_THIRST", "CHANGE_INVENTORY_SLOT", "CHANGE_SPELL_SLOT"),
        *("CHANGE_BANK_SLOT", "CHANGE_NPC_INVENTORY_SLOT"),
    }
)
_MAP_CLASSES: Final = {"CIUDAD": "city", "CAMPO": "wild", "DUNGEON": "dungeon"}
_GROUPS: Final = ("guild", "party")  # whose many packets share a label
_PROC: Final = Path("/proc/self")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True, slots=True)
class Sources:
    """The parts of a running server that are read."""

    game: Game
    server: ArgentumServer
    modules: ModuleManager
    minds: Minds
    pulse: Pulse
    stalls: StallWatch


@dataclass(frozen=True, slots=True)
class Total:
    """A number of things and the sum of their seconds."""

    count: int
    sum_s: float


# A number; numbers by label (one label, or one value for each of several); or a distribution.
Reading = float | Mapping[str, float] | Mapping[tuple[str, ...], float] | Buckets | Total


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of figures. A counter's name ends in `_total`; times are seconds, sizes bytes."""

    name: str
    kind: Kind
    meaning: str
    read: Callable[[Sources], Reading | None]  # None: not known on this system
    labels: tuple[str, ...] = field(default=())


def collect(sources: Sources) -> list[tuple[Metric, Reading]]:
    """Read everything at this moment."""
    readings = ((metric, metric.read(sources)) for metric in METRICS)
    return [(metric, reading) for metric, reading in readings if reading is not None]


def _received(sources: Sources) -> dict[str, float]:
    return _by_label(sources.server.stats.kinds, ClientPacketID, _label_received)


def _sent(sources: Sources) -> dict[str, float]:
    return _by_label(sources.server.stats.kinds_out, ServerPacketID, _label_sent)


def _by_label(
    kinds: Sequence[float], packets: type[IntEnum], label: Callable[[str], str]
) -> dict[str, float]:
    counts: dict[str, float] = {}
    for packet in packets:
        if kinds[packet]:
            name = label(packet.name)
            counts[name] = counts.get(name, 0.0) + kinds[packet]
    return counts


def _label_received(name: str) -> str:
    group = name.lower().partition("_")[0]
    return group if group in _GROUPS else name.lower()


def _label_sent(name: str) -> str:
    return name.lower() if name in _SENT_OFTEN else _OTHER


def _players(sources: Sources) -> dict[str, float]:
    """Count who plays, by the class of the map they are on."""
    game = sources.game
    counts = dict.fromkeys([*_MAP_CLASSES.values(), _OTHER], 0.0)
    for user_id in game.clients:
        room = game.world.maps[game.world.players[user_id].map]
        counts[_MAP_CLASSES.get(room.data.zone, _OTHER)] += 1
    return counts


def _module_failures(sources: Sources) -> dict[str, float]:
    failures = sources.game.events.bulkhead.failures
    counts: Counter[str] = Counter()
    for name, times in failures.items():
        known = name in counts or len(counts) < MAX_MODULES
        counts[name if known else _OTHER] += times
    return dict(counts)


def _module_states(sources: Sources) -> dict[str, float]:
    states = Counter(record.state.name.lower() for record in sources.modules.records.values())
    return dict(states)


def _resident_bytes(_sources: Sources) -> float | None:
    try:
        return int((_PROC / "statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:
        return None


def _descriptors(_sources: Sources) -> float | None:
    try:
        return len(os.listdir(_PROC / "fd"))  # noqa: PTH208 - a count, not paths
    except OSError:
        return None


def _build(sources: Sources) -> dict[tuple[str, ...], float]:
    store = sources.game.writer.repository.describe().partition(" ")[0].lower()
    loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
    return {(__version__, platform.python_version(), store, loop, sys.platform): 1}


METRICS: Final[tuple[Metric, ...]] = (
    # --- the loop
    Metric(
        "pyao_tick_lateness_seconds",
        "histogram",
        "How late each tick (every 50 ms) began; the loop's latency as players feel it.",
        lambda at: at.pulse.lateness,
    ),
    Metric(
        "pyao_tick_duration_seconds",
        "histogram",
        "How long each tick took: creatures, regeneration, timers.",
        lambda at: at.pulse.duration,
    ),
    Metric(
        "pyao_loop_stalls_total",
        "counter",
        "Stalls of the loop longer than `stall_ms`, by what ran meanwhile; the log names it.",
        lambda at: {
            kind: at.stalls.counts[kind] for kind in ("packet", "module", "job", "task", "machine")
        },
        ("culprit",),
    ),
    Metric(
        "pyao_loop_stalled_seconds_total",
        "counter",
        "Time spent in those stalls.",
        lambda at: at.stalls.stalled_s,
    ),
    Metric(
        "pyao_tasks",
        "gauge",
        "Unfinished asyncio tasks.",
        lambda _at: len(asyncio.all_tasks()),
    ),
    Metric(
        "pyao_timers",
        "gauge",
        "Jobs in the schedule of the tick.",
        lambda at: len(at.game.world.schedule),
    ),
    Metric(
        "pyao_job_failures_total",
        "counter",
        "Timed jobs that raised; each is in the log with its traceback.",
        lambda at: at.game.world.schedule.failures,
    ),
    # --- the network
    Metric(
        "pyao_connections_open",
        "gauge",
        "Open connections, the lobby included.",
        lambda at: at.server.stats.open,
    ),
    Metric(
        "pyao_connections_accepted_total",
        "counter",
        "Connections accepted.",
        lambda at: at.server.stats.total,
    ),
    Metric(
        "pyao_connections_refused_total",
        "counter",
        "Connections turned away at the door.",
        lambda at: {reason.name.lower(): n for reason, n in at.server.stats.refused.items()},
        ("reason",),
    ),
    Metric(
        "pyao_connections_dropped_total",
        "counter",
        "Connections ended by the server for what the client did; `overflow` and `stalled` are "
        "outboxes of clients that do not read.",
        lambda at: {reason.name.lower(): n for reason, n in at.server.stats.dropped.items()},
        ("reason",),
    ),
    Metric(
        "pyao_connections_throttled",
        "gauge",
        "Clients whose allowance of packets is used up now.",
        lambda at: at.server.throttled,
    ),
    Metric(
        "pyao_packets_received_total",
        "counter",
        "Packets handled, by kind; all commands of the staff are `gm_commands`, what guilds and "
        "parties send is `guild` and `party`.",
        _received,
        ("packet",),
    ),
    Metric(
        "pyao_messages_sent_total",
        "counter",
        "Messages put into outboxes; one to thirty viewers counts thirty.",
        lambda at: at.server.stats.packets_out,
    ),
    Metric(
        "pyao_packets_sent_total",
        "counter",
        "Those messages by the kind of their first packet, rare ones as `other`; beyond some 2,000 "
        "a second an estimate from some of them.",
        _sent,
        ("packet",),
    ),
    Metric(
        "pyao_received_bytes_total",
        "counter",
        "Bytes from clients.",
        lambda at: at.server.stats.bytes_in,
    ),
    Metric(
        "pyao_sent_bytes_total",
        "counter",
        "Bytes to clients.",
        lambda at: at.server.stats.bytes_out,
    ),
    Metric(
        "pyao_protocol_violations_total",
        "counter",
        "Streams that could not be read any further.",
        lambda at: at.server.stats.violations,
    ),
    Metric(
        "pyao_packet_failures_total",
        "counter",
        "Packets whose task raised: bugs. Each is in the log with its traceback.",
        lambda at: at.server.stats.handler_errors,
    ),
    # --- people
    Metric(
        "pyao_players",
        "gauge",
        "Characters that are played now, by the class of the map they are on.",
        _players,
        ("map_class",),
    ),
    Metric(
        "pyao_characters",
        "gauge",
        "Characters in the world, with bodies whose connection is gone.",
        lambda at: len(at.game.world.players),
    ),
    Metric(
        "pyao_logins_total",
        "counter",
        "Characters that came into the game.",
        lambda at: at.game.accounts.counts.entered,
    ),
    Metric(
        "pyao_characters_created_total",
        "counter",
        "Characters created.",
        lambda at: at.game.accounts.counts.created,
    ),
    Metric(
        "pyao_login_refusals_total",
        "counter",
        "Log-ins and creations refused, by the text that was shown.",
        lambda at: dict(at.game.accounts.counts.refused),
        ("reason",),
    ),
    Metric(
        "pyao_password_checks_total",
        "counter",
        "Passwords hashed.",
        lambda at: at.game.accounts.hasher.hashes,
    ),
    Metric(
        "pyao_password_checks_waiting",
        "gauge",
        "Passwords that wait to be hashed; 32 at most.",
        lambda at: at.game.accounts.hasher.waiting,
    ),
    # --- the world
    Metric(
        "pyao_creatures_awake",
        "gauge",
        "Creatures that think: those on maps with players.",
        lambda at: at.minds.awake,
    ),
    Metric(
        "pyao_maps_awake",
        "gauge",
        "Maps with players, or left a moment ago.",
        lambda at: at.minds.maps_awake,
    ),
    Metric(
        "pyao_character_indices",
        "gauge",
        "Numbers given to characters and creatures; 10,000 at most.",
        lambda at: len(at.game.world.indices),
    ),
    Metric(
        "pyao_rooms",
        "gauge",
        "Rooms, maps included.",
        lambda at: len(at.game.world.rooms.rooms),
    ),
    # --- the store
    Metric(
        "pyao_store_up",
        "gauge",
        "1 while the store answers.",
        lambda at: int(at.game.writer.healthy),
    ),
    Metric(
        "pyao_store_commits_total",
        "counter",
        "Cuts of the world written.",
        lambda at: at.game.writer.stats.commits,
    ),
    Metric(
        "pyao_store_commit_seconds",
        "summary",
        "Time of those commits in the store's thread.",
        lambda at: Total(at.game.writer.stats.commits, at.game.writer.stats.commit_s),
    ),
    Metric(
        "pyao_store_lag_seconds",
        "gauge",
        "Age of the oldest change that is handed over and not stored.",
        lambda at: at.game.writer.stats.lag_s,
    ),
    Metric(
        "pyao_store_pending_keys",
        "gauge",
        "Keys that wait to be written.",
        lambda at: at.game.writer.stats.pending_keys,
    ),
    Metric(
        "pyao_store_keys_written_total",
        "counter",
        "Keys written.",
        lambda at: at.game.writer.stats.keys_written,
    ),
    Metric(
        "pyao_store_outages_total",
        "counter",
        "Times the store went away.",
        lambda at: at.game.writer.stats.outages,
    ),
    Metric(
        "pyao_store_outage_seconds",
        "gauge",
        "For how long the store has been away; 0 while it answers.",
        lambda at: at.game.writer.stats.outage_s,
    ),
    Metric(
        "pyao_store_rewrites_total",
        "counter",
        "Times an emptied or rolled-back store was written anew from memory.",
        lambda at: at.game.writer.stats.rewrites,
    ),
    # --- modules and events
    Metric(
        "pyao_modules",
        "gauge",
        "Modules by state.",
        _module_states,
        ("state",),
    ),
    Metric(
        "pyao_module_failures_total",
        "counter",
        f"Exceptions and time-outs in code of modules; beyond {MAX_MODULES} modules, `other`.",
        _module_failures,
        ("module",),
    ),
    Metric(
        "pyao_events_total",
        "counter",
        "Events announced on the bus.",
        lambda at: at.game.events.announced,
    ),
    # --- the process
    Metric(
        "pyao_process_resident_memory_bytes",
        "gauge",
        "Memory in use (Linux).",
        _resident_bytes,
    ),
    Metric(
        "pyao_process_cpu_seconds_total",
        "counter",
        "Processor time used, all threads.",
        lambda _at: time.process_time(),
    ),
    Metric(
        "pyao_process_open_descriptors",
        "gauge",
        "Open file descriptors (Linux).",
        _descriptors,
    ),
    Metric(
        "pyao_process_threads",
        "gauge",
        "Threads of Python.",
        lambda _at: threading.active_count(),
    ),
    Metric(
        "pyao_uptime_seconds",
        "gauge",
        "Since the world began to run.",
        lambda at: (at.game.world.clock.now() - at.game.started_ms) / 1000,
    ),
    Metric(
        "pyao_build_info",
        "gauge",
        "Always 1; the labels say what runs.",
        _build,
        ("version", "python", "store", "loop", "system"),
    ),
)
