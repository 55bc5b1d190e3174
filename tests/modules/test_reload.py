"""Hot reload: newer code takes over unnoticed, or the older keeps running."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from typing import Any

import pytest
from tests.support.small_server import Knock, Workshop

from pyao.events.payloads import ChatSaid
from pyao.modules import BaseModule
from pyao.rooms import GenericRoom

# One module that uses everything a module can register. VERSION is replaced to make new code.
FULL = '''
import asyncio

from pyao.events import EventTypes
from pyao.modules import BaseModule
from pyao.rooms import GenericRoom, remote
from tests.support.small_server import Knock, Whistle

VERSION = 1


class Hall(GenericRoom):
    kind = "hall"

    @remote
    def version(self) -> int:
        return VERSION


class Town(GenericRoom):
    def tick(self, now):
        self.set_variable("version", VERSION)


class Full(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.module_info.version = f"{VERSION}.0"
        self.heard = 0
        self.on(EventTypes.CHAT_SAID, self.hear)
        self.server.rooms.register_class(Hall)

    async def load(self):
        self.every(60, self.minute)
        return True

    async def enable(self):
        self.server.event_manager.register_handler("custom", self.hear_later, "wrong name")
        self.command("version", self.version)
        self.server.tasks.replace(Knock, self.knock)
        self.server.tasks.replace(Whistle, self.knock)
        self.every(10, self.beat)
        self.server.rooms.bind_class("map:1", Town)
        self.server.rooms.create_room("hall", room_id="hall:main")
        self.server.own("a flag", lambda: (lambda: None))
        self.spawn(self.wait())
        return True

    async def wait(self):
        await asyncio.Event().wait()

    def export_state(self):
        return {"heard": self.heard}

    def import_state(self, state):
        self.heard = state["heard"]

    def hear(self, event):
        self.heard += 1

    async def hear_later(self, event):
        self.heard += 100

    def version(self, caller, arguments):
        """Show the version."""
        return f"version {VERSION}"

    def knock(self, turn, packet):
        self.server.broadcast_message(f"knock {VERSION}")

    def minute(self):
        self.server.broadcast_message(f"minute {VERSION}")

    def beat(self):
        self.server.broadcast_message(f"beat {VERSION}")

    def once(self, word):
        self.server.broadcast_message(f"{word} {VERSION}")
'''


def version(number: int) -> str:
    return FULL.replace("VERSION = 1", f"VERSION = {number}")


def chat(workshop: Workshop) -> None:
    said = ChatSaid(user_id=1, name="Ana", channel="say", map=1, text="hola")
    workshop.server.event_manager.announce(said)


async def loop_passes() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


def imported() -> set[str]:
    return {name for name in sys.modules if name.startswith("pyao_module_full")}


async def full(workshop: Workshop) -> Any:  # noqa: ANN401 - a class this file does not know
    workshop.server.rooms.add(GenericRoom("map:1"))
    return await workshop.start("full", FULL)


def ask_version(workshop: Workshop) -> str:
    visitor = workshop.server.add_client("Ana")
    assert workshop.server.commands.run(visitor, "/VERSION", "")
    return visitor.lines[-1]


async def test_new_code_takes_over_within_the_second_and_at_the_same_size(
    workshop: Workshop,
) -> None:
    old = await full(workshop)
    assert ask_version(workshop) == "version 1"
    workshop.write("full", version(2))
    assert await workshop.manager.reload_module("full")
    new = workshop.module("full")
    assert type(new) is not type(old)
    assert (new.is_enabled, old.is_enabled, new.module_info.version) == (True, False, "2.0")
    assert ask_version(workshop) == "version 2"
    workshop.server.tasks.rows[Knock.key].function(None, None)
    assert workshop.server.said == ["knock 2"]
    assert workshop.server.event_types()[-1] == "module:reloaded"


async def test_state_is_handed_over_and_nothing_is_heard_twice(workshop: Workshop) -> None:
    await full(workshop)
    chat(workshop)
    workshop.write("full", version(2))
    assert await workshop.manager.reload_module("full")
    chat(workshop)
    module: Any = workshop.module("full")
    assert module.heard == 2


async def test_the_swap_happens_between_two_tasks(workshop: Workshop) -> None:
    await full(workshop)
    workshop.write("full", version(2))
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    assert await workshop.manager.reload_module("full")
    assert turns == []


async def test_timers_keep_their_rhythm_and_are_not_doubled(workshop: Workshop) -> None:
    module = await full(workshop)
    module.after(25, module.once, "later")
    for step in range(1, 6):
        workshop.server.advance(7)
        workshop.write("full", version(step + 1))
        assert await workshop.manager.reload_module("full")
    workshop.server.advance(26)  # 61 s
    beats = [word for word in workshop.server.said if word != "later 5" and "beat" in str(word)]
    assert beats == ["beat 2", "beat 3", "beat 5", "beat 6"]
    assert "minute 6" in workshop.server.said
    assert workshop.server.said.count("later 4") == 1
    assert len(workshop.server.timers.timers()) == 2


NAMED = """
from pyao.modules import BaseModule

VERSION = 1

class Named(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.every(10, self.beat, name="beat")

    async def load(self):
        return VERSION > 0

    def beat(self):
        self.server.broadcast_message(f"beat {VERSION}")
"""


async def test_a_named_timer_of_the_constructor_keeps_its_rhythm(workshop: Workshop) -> None:
    await workshop.start("named", NAMED)
    workshop.server.advance(7)
    workshop.write("named", NAMED.replace("VERSION = 1", "VERSION = 2"))
    assert await workshop.manager.reload_module("named")
    workshop.server.advance(3)
    assert workshop.server.said == ["beat 2"]


async def test_new_code_that_is_refused_takes_no_timer_of_the_old(workshop: Workshop) -> None:
    await workshop.start("named", NAMED)
    workshop.server.advance(7)
    workshop.write("named", NAMED.replace("VERSION = 1", "VERSION = 0"))
    assert not await workshop.manager.reload_module("named")
    workshop.server.advance(3)
    workshop.server.advance(10)
    assert workshop.server.said == ["beat 1", "beat 1"]
    assert len(workshop.server.timers.timers()) == 1


async def test_a_timer_that_new_code_cannot_take_is_reported(workshop: Workshop) -> None:
    module = await full(workshop)
    module.after(5, lambda: None)
    workshop.write("full", version(2))
    assert await workshop.manager.reload_module("full")
    assert len(workshop.server.timers.timers()) == 2


async def test_rooms_keep_their_members_and_answer_with_new_code(workshop: Workshop) -> None:
    await full(workshop)
    rooms = workshop.server.rooms
    visitor = workshop.server.add_client("Ana")
    assert rooms.join("hall:main", visitor) is None
    rooms.rooms["hall:main"].set_variable("n", 5)
    workshop.server.advance(1)
    assert rooms.rooms["map:1"].get_variable("version") == 1
    workshop.write("full", version(2))
    assert await workshop.manager.reload_module("full")
    hall = rooms.rooms["hall:main"]
    assert hall.invoke_method("version") == 2
    assert (list(hall.members), hall.get_variable("n")) == (["player:1"], 5)
    workshop.server.advance(1)
    assert rooms.rooms["map:1"].get_variable("version") == 2


def raising(method: str) -> str:
    return f"\n    def {method}(self, *state):\n        raise ValueError('broken {method}')\n"


BREAKAGES = {
    "syntax": ("def broken(:", "SyntaxError"),
    "import": (FULL + "\n1 / 0\n", "ZeroDivisionError"),
    "exit": (FULL + "\nraise SystemExit(2)\n", "SystemExit"),
    "init": (version(2).replace("self.heard = 0", "self.heard = 1 / 0"), "ZeroDivisionError"),
    "load": (version(2).replace("60, self.minute", "0, self.minute"), "period of 0 s"),
    "enable": (version(2).replace("10, self.beat", "10, self.missing"), "AttributeError"),
    "hang": (
        version(2).replace("self.spawn(self.wait())", "await self.wait()"),
        "no answer within",
    ),
    "said no": (version(2) + "\n    async def load(self):\n        return False\n", "said no"),
    "import_state": (version(2) + raising("import_state"), "broken import_state"),
    "command": (version(2).replace('"version", self', '"salir", self'), "/salir is a command"),
    "dependency": (
        version(2).replace(
            "self.heard = 0", "self.heard = 0; self.module_info.dependencies.append('x')"
        ),
        "needs x",
    ),
    "room": (version(2).replace("Hall", "Lobby"), "no such room class"),
}


@pytest.mark.parametrize("kind", BREAKAGES)
async def test_broken_new_code_leaves_the_old_running(workshop: Workshop, kind: str) -> None:
    text, reason = BREAKAGES[kind]
    await full(workshop)
    visitor = workshop.server.add_client("Bea", 2)
    workshop.server.rooms.join("hall:main", visitor)
    chat(workshop)
    workshop.server.advance(7)
    before = workshop.server.registered()
    workshop.write("full", text)
    assert not await workshop.manager.reload_module("full")
    assert reason in workshop.error("full")
    assert workshop.state("full") == "enabled"
    assert workshop.server.registered() == before
    assert ask_version(workshop) == "version 1"
    module: Any = workshop.module("full")
    assert module.heard == 1
    assert workshop.server.rooms.rooms["hall:main"].invoke_method("version") == 1
    workshop.server.said.clear()
    workshop.server.advance(3)
    assert workshop.server.said == ["beat 1"]
    workshop.write("full", version(3))
    assert await workshop.manager.reload_module("full")
    assert ask_version(workshop) == "version 3"
    assert workshop.error("full") == ""


async def test_state_that_is_not_plain_is_refused(workshop: Workshop) -> None:
    text = version(1).replace('return {"heard": self.heard}', 'return {"me": self}')
    workshop.server.rooms.add(GenericRoom("map:1"))
    await workshop.start("full", text)
    assert not await workshop.manager.reload_module("full")
    assert "export_state().me is a Full" in workshop.error("full")
    assert workshop.state("full") == "enabled"


async def test_unloading_leaves_nothing_behind(workshop: Workshop) -> None:
    already = imported()
    workshop.server.rooms.add(GenericRoom("map:1"))
    before = workshop.server.registered()
    await workshop.start("full", FULL)
    assert workshop.server.registered() != before
    assert await workshop.manager.disable_module("full")
    assert workshop.server.registered() == before
    assert await workshop.manager.enable_module("full")
    assert len(workshop.server.timers.timers()) == 2
    assert await workshop.manager.unload_module("full")
    assert workshop.server.registered() == before
    await loop_passes()
    assert workshop.server.bulkhead.pending("full") == 0
    assert imported() <= already


async def test_fifty_cycles_leave_one_of_everything_and_no_old_class(workshop: Workshop) -> None:
    already = imported()
    module = await full(workshop)
    module.after(10_000, module.once, "end")
    visitor = workshop.server.add_client("Ana")
    workshop.server.rooms.join("hall:main", visitor)
    before = workshop.server.registered()
    kinds: list[weakref.ref[type[BaseModule]]] = []
    del module
    for cycle in range(50):
        kinds.append(weakref.ref(type(workshop.module("full"))))
        workshop.write("full", "1 /" if cycle % 2 else version(cycle))
        await workshop.manager.reload_module("full")
        chat(workshop)
        workshop.server.advance(0.1)
    after = workshop.server.registered()
    assert after == before
    assert list(workshop.server.rooms.rooms["hall:main"].members) == ["player:1"]
    now: Any = workshop.module("full")
    assert now.heard == 50
    await loop_passes()
    gc.collect()
    alive = {id(kind()) for kind in kinds if kind() is not None}
    assert alive == {id(type(now))}
    assert len(imported() - already) == 1


async def test_a_resting_module_is_reloaded_and_keeps_resting(workshop: Workshop) -> None:
    await full(workshop)
    await workshop.manager.disable_module("full")
    workshop.write("full", version(2))
    assert await workshop.manager.reload_module("full")
    assert workshop.state("full") == "disabled"
    assert await workshop.manager.enable_module("full")
    assert ask_version(workshop) == "version 2"


async def test_a_folder_with_several_files_is_reloaded_whole(workshop: Workshop) -> None:
    folder = workshop.folder / "parts"
    folder.mkdir(parents=True)
    main = "from pyao.modules import BaseModule\nfrom .answer import ANSWER\n"
    main += "class Parts(BaseModule):\n    answer = ANSWER\n"
    (folder / "__init__.py").write_text(main)
    for answer in (1, 2, 3):
        (folder / "answer.py").write_text(f"ANSWER = {answer}\n")
        if answer == 1:
            assert await workshop.manager.enable_module("parts")
        else:
            assert await workshop.manager.reload_module("parts")
        module: Any = workshop.module("parts")
        assert module.answer == answer
    assert not list(folder.glob("**/*.pyc"))


async def test_old_code_that_cannot_go_on_is_an_error_that_leaves_nothing(
    workshop: Workshop,
) -> None:
    workshop.server.rooms.add(GenericRoom("map:1"))
    before = workshop.server.registered()
    text = FULL.replace(
        "async def enable(self):",
        "async def enable(self):\n        self.heard += 1\n        assert self.heard < 2\n",
    )
    await workshop.start("full", text)
    workshop.write("full", text.replace("10, self.beat", "10, self.missing"))
    assert not await workshop.manager.reload_module("full")
    assert workshop.state("full") == "error"
    assert "the old code could not go on" in workshop.error("full")
    assert workshop.server.registered() == before
    workshop.write("full", version(4))
    assert await workshop.manager.reload_module("full")
    assert ask_version(workshop) == "version 4"
    await workshop.manager.shutdown()
    assert workshop.server.registered() == before
