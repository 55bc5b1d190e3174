"""Reload modules when their files change."""

from __future__ import annotations

import asyncio
from pathlib import Path

from watchfiles import awatch

from pyao.modules.loading import files_in
from pyao.modules.manager import ModuleManager

Stamps = dict[str, tuple[tuple[str, int, int], ...]]


def stamps_of(folder: Path) -> Stamps:
    """Return time and size of every source file of every module in a folder, by module."""
    return {source.name: _stamps(source.path) for source in files_in(folder)}


async def watch_modules(manager: ModuleManager, stop: asyncio.Event) -> None:
    """Follow the modules folder until `stop` is set.

    A module whose file is deleted keeps running: editors delete and rename to save.
    """
    folder = manager.folder
    folder.mkdir(parents=True, exist_ok=True)
    seen = stamps_of(folder)
    async for _ in awatch(
        folder,
        watch_filter=None,
        stop_event=stop,
        debounce=200,
        step=50,
        # Some file systems tell nothing: look at the stamps once a second anyway.
        rust_timeout=1000,
        yield_on_timeout=True,
    ):
        found = stamps_of(folder)
        changed = [name for name, stamps in found.items() if seen.get(name) != stamps]
        seen = {**seen, **found}
        if changed:
            await manager.refresh(changed)


def _stamps(path: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)
