"""Commands about modules: what there is, start, stop, restart, reload."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from pyao.console.answer import Answer, facts, refused, said, table
from pyao.console.command import Arg, ModuleName, command
from pyao.console.desk import Call, Desk

Detail = Annotated[str, Arg(words=("detail",))]


@command("modules")
def modules(call: Call, detail: Detail = "") -> Answer:
    """List all modules; `detail` shows what is known of each."""
    call.desk.modules.discover_modules()
    found = call.desk.modules.get_all_modules_status().values()
    columns = ["name", "state", "version", "description"]
    if detail:
        columns += ["author", "dependencies", "reloads", "failures", "error", "source"]
    return table(columns, [tuple(_cell(one[name]) for name in columns) for one in found])


def _cell(value: object) -> str | int:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, int) else str(value)


def module_facts(desk: Desk, name: str) -> Answer:
    """Show what is known of one module, also of one whose file has just been put there."""
    desk.modules.discover_modules()
    found = desk.modules.get_module_status(name)
    if found is None:
        return no_module(desk, name)
    return facts((label, _cell(value)) for label, value in found.items())


def module_figures(desk: Desk, name: str) -> Answer:
    """Count what one module has registered and how often it failed."""
    found = desk.modules.get_module_status(name)
    if found is None:
        return no_module(desk, name)
    module, facade = str(found["name"]), desk.facade
    bulkhead = facade.event_manager.bulkhead
    return facts(
        [
            ("state", str(found["state"])),
            ("reloads", int(found["reloads"])),
            ("failures", bulkhead.failures[module]),
            ("last failure", bulkhead.last_failure.get(module, "")),
            ("event handlers", len(facade.event_manager.handlers(module))),
            ("commands", len(facade.commands.commands(module))),
            ("timers", len(facade.timers.timers(module))),
            ("tasks for packets", len(facade.tasks.replacements(module))),
            ("rooms", len(facade.rooms.find_rooms(owner=module))),
            ("unfinished work", bulkhead.pending(module)),
        ]
    )


@command("start", act=True)
async def start(call: Call, module: ModuleName) -> Answer:
    """Load a module if need be and let it work."""
    return await _done(call, module, call.desk.modules.enable_module, "works")


@command("stop", act=True)
async def stop(call: Call, module: ModuleName) -> Answer:
    """Remove a module with everything it registered; `start` brings it back.

    Refused while another module depends on it. To stop the server, see `shutdown`.
    """
    return await _done(call, module, call.desk.modules.unload_module, "is stopped")


@command("restart", act=True)
async def restart(call: Call, module: ModuleName) -> Answer:
    """Stop a module and start it anew, without what it remembered in memory."""

    async def both(name: str) -> bool:
        manager = call.desk.modules
        return await manager.unload_module(name) and await manager.enable_module(name)

    return await _done(call, module, both, "works again")


@command("reload", act=True)
async def reload(call: Call, module: ModuleName) -> Answer:
    """Replace a module by the code in its file as it is now; it keeps its state.

    On any failure the old code goes on.
    """
    return await _done(call, module, call.desk.modules.reload_module, "runs the new code")


async def _done(
    call: Call, name: str, do: Callable[[str], Awaitable[bool]], outcome: str
) -> Answer:
    manager = call.desk.modules
    manager.discover_modules()
    if manager.resolve(name) is None:
        return no_module(call.desk, name)
    done = await do(name)
    found = manager.get_module_status(name) or {}
    if done:
        call.record(str(found.get("name", name)))
        return said(f"{name} {outcome}")
    return refused(f"{name}: {found.get('error') or 'it said no'} (it is {found.get('state')})")


def no_module(desk: Desk, name: str) -> Answer:
    """Say that there is no such module, and which there are."""
    known = ", ".join(sorted(desk.modules.records)) or "none"
    return refused(f"no module {name[:40]!r}; known: {known}")
