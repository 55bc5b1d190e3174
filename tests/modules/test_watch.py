"""Files that change are noticed, and what they hold is taken over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.support.small_server import Workshop

from pyao.events import Event, EventTypes
from pyao.modules.watch import stamps_of, watch_modules

TEXT = """
from pyao.modules import BaseModule

class Watched(BaseModule):
    version = 1
"""


def test_every_file_of_a_module_counts(workshop: Workshop) -> None:
    workshop.write("one", TEXT)
    workshop.write("_private", TEXT)
    workshop.write("parts/__init__", TEXT)
    inner = workshop.write("parts/inner", "X = 1\n")
    before = stamps_of(workshop.folder)
    assert sorted(before) == ["one", "parts"]
    inner.write_text("X = 22\n")
    after = stamps_of(workshop.folder)
    assert [name for name in after if after[name] != before[name]] == ["parts"]


async def test_refresh_reloads_starts_and_mends(workshop: Workshop) -> None:
    await workshop.start("one", TEXT)
    workshop.write("one", TEXT.replace("1", "2"))
    workshop.write("two", TEXT)
    workshop.write("three", "1 /")
    workshop.write("four", TEXT)
    workshop.configs["four"] = {"auto_load": False}
    await workshop.manager.refresh(["one", "two", "three", "four", "nothing"])
    one: Any = workshop.module("one")
    assert one.version == 2
    assert [workshop.state(name) for name in ("two", "three", "four")] == [
        "enabled",
        "error",
        "unloaded",
    ]
    workshop.write("three", TEXT)
    await workshop.manager.refresh(["three"])
    assert workshop.state("three") == "enabled"


@pytest.mark.slow
async def test_an_edit_on_disk_is_taken_over(workshop: Workshop) -> None:
    await workshop.start("one", TEXT)
    stop, seen = asyncio.Event(), asyncio.Event()

    def note(_event: Event[Any]) -> None:
        seen.set()

    workshop.server.event_manager.register_handler(EventTypes.MODULE_RELOADED, note, "test")
    watching = asyncio.create_task(watch_modules(workshop.manager, stop))
    await asyncio.sleep(0)
    workshop.write("one", TEXT.replace("1", "2"))
    await asyncio.wait_for(seen.wait(), 20)
    stop.set()
    await watching
    one: Any = workshop.module("one")
    assert one.version == 2
