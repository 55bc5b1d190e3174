"""Commands about the server as a whole: help, status, figures, save, backup, shutdown."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

from pyao.console.answer import Answer, Cell, facts, refused, said, table
from pyao.console.command import COMMANDS, Arg, ModuleName, Rest, command
from pyao.console.commands.modules import module_facts, module_figures
from pyao.console.desk import Call, Desk
from pyao.console.words import split
from pyao.modules import ModuleState
from pyao.storage.backup import backup_path

if sys.platform != "win32":
    import resource

# Seconds before a shutdown at which everybody is told again.
MARKS: Final = (3600, 1800, 600, 300, 120, 60, 30, 15, 10, 5, 4, 3, 2, 1)
MIB: Final = 2**20
AT_ONCE: Final = -1

How = Annotated[str, Arg(words=("force", "cancel"))]
Seconds = Annotated[int, Arg(low=0, high=86_400)]
CommandName = Annotated[str, Arg("commands", rest=True)]


@command("help")
def help_(_call: Call, name: CommandName = "") -> Answer:
    """List all commands, or explain one.

    Names with spaces in them are put in double quotes: kick "Juan Perez".
    """
    words = split(name)
    if not words:
        rows = [(each.usage, each.summary) for each in COMMANDS]
        return table(("command", "what it does"), rows)
    found = COMMANDS.find(words)
    family = COMMANDS.family(words[0].text)
    if found is None and not family:
        return refused(f"no command {name[:40]!r}; `help` lists all commands")
    chosen = [found[0]] if found is not None and found[1] == len(words) > 1 else family
    lines = [line for each in chosen for line in (each.usage, *_indented(each.help), "")]
    return said(*lines[:-1])


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.splitlines()]


@command("status")
def status(call: Call, module: ModuleName = "") -> Answer:
    """Show how the server is, or how one module is."""
    return module_facts(call.desk, module) if module else facts(_status(call.desk))


def _status(desk: Desk) -> Iterator[tuple[str, Cell]]:
    game, writer = desk.game, desk.game.writer
    states = [record.state for record in desk.modules.records.values()]
    yield "version", version("pyao-server")
    yield "up", duration((game.world.clock.now() - game.started_ms) // 1000)
    yield "listening", ", ".join(f"{host}:{port}" for host, port in desk.server.addresses)
    yield "world", f"{game.world.data.name} ({game.world.data.source}, {len(game.world.maps)} maps)"
    yield "store", writer.repository.describe()
    yield "store answers", writer.healthy
    yield "unsaved records", writer.stats.pending_keys
    yield "players", len(game.world.players)
    yield "clients", len(desk.server.connections)
    yield "modules working", states.count(ModuleState.ENABLED)
    yield "modules failed", states.count(ModuleState.ERROR)
    if desk.countdown is not None:
        yield "shutdown", "announced; `shutdown cancel` calls it off"


@command("stats")
def stats(call: Call, module: ModuleName = "") -> Answer:
    """Show the figures of the server, or of one module."""
    return module_figures(call.desk, module) if module else facts(_figures(call.desk))


def _figures(desk: Desk) -> Iterator[tuple[str, Cell]]:
    net, writer, game = desk.server.stats, desk.game.writer.stats, desk.game
    yield "uptime s", (game.world.clock.now() - game.started_ms) // 1000
    yield "cpu s", round(time.process_time(), 2)
    yield "memory MiB", memory_mib()
    yield "players", len(game.world.players)
    yield "clients", len(desk.server.connections)
    yield "clients ever", net.total
    yield "refused", net.refused.total()
    yield "dropped", net.dropped.total()
    yield "protocol violations", net.violations
    yield "packets in", net.packets_in
    yield "packets out", net.packets_out
    yield "bytes in", net.bytes_in
    yield "bytes out", net.bytes_out
    yield "rooms", len(game.world.rooms.rooms)
    yield "timed jobs", len(game.world.schedule)
    yield "failed jobs", game.world.schedule.failures + net.handler_errors
    yield "commits", writer.commits
    yield "keys written", writer.keys_written
    yield "last commit ms", round(writer.last_commit_ms, 2)
    yield "unsaved records", writer.pending_keys
    yield "store outages", writer.outages


def memory_mib() -> Cell:
    """Return the resident memory now; where that cannot be read, its peak; else nothing."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / MIB, 1)
    except (OSError, ValueError, IndexError):
        if sys.platform == "win32":
            return None
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round(peak / (MIB if sys.platform == "darwin" else 1024), 1)


def duration(seconds: int) -> str:
    """Return a time span as days, hours, minutes and seconds."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02}:{minutes:02}:{seconds:02}"


@command("say", act=True)
def say(call: Call, text: Rest) -> Answer:
    """Write a line into the console of everybody in the game."""
    game = call.game
    game.broadcast(game.texts("server.broadcast", text=text))
    return said(f"said to {len(game.world.players)} players")


@command("save", act=True)
async def save(call: Call) -> Answer:
    """Write everything that changed into the store now, and wait for it."""
    call.record()
    number = call.game.changes.snapshot(moves=True)
    writer = call.game.writer
    if await writer.committed(number, call.game.settings.storage.commit_wait_s):
        return said(f"saved, cut {number}")
    return refused(
        f"the store does not answer; {writer.stats.pending_keys} records wait in memory and are "
        "written when it does"
    )


@command("backup", act=True)
async def backup(call: Call) -> Answer:
    """Copy the whole world into a file in data/backups while players play.

    `pyao-server storage restore FILE --force` puts it back, with the server stopped. Old backups
    are not removed.
    """
    path = backup_path(call.game.settings.data_dir, time.time())
    call.game.changes.snapshot(moves=True)
    began = time.monotonic()
    await call.game.writer.back_up(path)
    call.record(path.name)
    size = path.stat().st_size / MIB
    return said(
        f"{path}: {size:.1f} MiB in {time.monotonic() - began:.1f} s",
        f"to put it back: pyao-server storage restore {path} --force",
    )


@command("shutdown", act=True)
def shutdown(call: Call, how: How = "", seconds: Seconds = AT_ONCE, reason: Rest = "") -> Answer:
    """Stop the server: everybody is told and everything is saved.

    With SECONDS players are warned and have that long; a REASON comes after them, or after `force`.
    `force` gives slow clients and a slow store half a second. `cancel` calls off what was
    announced.
    """
    if reason and not how and seconds == AT_ONCE:
        # A misspelt `cancel` must not stop the server.
        return refused(
            f"shutdown: expected force, cancel or SECONDS; got {reason.split()[0][:40]!r}\n"
            f"usage: {call.command.usage}"
        )
    desk, game = call.desk, call.game
    announced = desk.countdown is not None
    if desk.countdown is not None:
        desk.countdown.cancel()
        desk.countdown = None
    if how == "cancel":
        if not announced:
            return refused("no shutdown is announced")
        game.broadcast(game.texts("server.stop_cancelled"))
        return said("the shutdown is called off")
    if reason:
        game.broadcast(game.texts("server.broadcast", text=reason))
    why = f"{reason or 'shutdown'} ({call.operator})"
    if how == "force":
        desk.stop(why, 0.0)
    elif seconds > 0:
        count_down(desk, seconds, why)
        return said(f"the server stops in {seconds} s; `shutdown cancel` calls it off")
    else:
        desk.stop(why, None)
    return said("the server stops")


def count_down(desk: Desk, left: int, why: str) -> None:
    """Tell everybody how many seconds are left, again at ever shorter distances, then stop."""
    if left <= 0:
        desk.countdown = None
        desk.stop(why, None)
        return
    game = desk.game
    game.broadcast(game.texts("server.stopping_in", seconds=left))
    following = next((mark for mark in MARKS if mark < left), 0)
    step = partial(count_down, desk, following, why)
    desk.countdown = game.world.schedule.after((left - following) * 1000, step, name="shutdown")
