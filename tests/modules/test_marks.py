"""Methods of a module that say above themselves what they hear and answer."""

from __future__ import annotations

from typing import Any

from tests.support.small_server import Knock, Whistle, Workshop

from pyao.events.payloads import ChatSaid

MARKED = """
from pyao import BaseModule, EventPriority, EventTypes, on
from tests.support.small_server import Knock, Whistle

class _Common(BaseModule):
    @on(EventTypes.CHAT_SAID)
    def hear(self, event):
        self.server.broadcast_message("common")

class Loud(_Common):
    @on(EventTypes.CHAT_SAID, EventPriority.HIGH, lambda event: event.data.text != "psst")
    @on(EventTypes.PLAYER_DIED)
    def listen(self, event):
        self.server.broadcast_message("loud")

    @on(Knock)
    @on(Whistle)
    def answer(self, turn, packet):
        self.server.broadcast_message(type(packet).__name__)
"""


def say(workshop: Workshop, text: str) -> None:
    said = ChatSaid(user_id=1, name="Ana", channel="say", map=1, text=text)
    workshop.server.event_manager.announce(said)


async def test_marked_methods_hear_and_answer_while_the_module_is_enabled(
    workshop: Workshop,
) -> None:
    before = workshop.server.registered()
    await workshop.start("marked", MARKED)
    say(workshop, "hola")
    assert workshop.server.said == ["loud", "common"]
    say(workshop, "psst")
    assert workshop.server.said.pop() == "common"
    for packet in (Knock, Whistle):
        workshop.server.tasks.rows[packet.key].function(None, packet())
    assert workshop.server.said[-2:] == ["Knock", "Whistle"]
    workshop.server.said.clear()
    assert await workshop.manager.reload_module("marked")
    say(workshop, "hola")
    assert workshop.server.said == ["loud", "common"]
    assert await workshop.manager.unload_module("marked")
    assert workshop.server.registered() == before


async def test_an_override_without_the_mark_hears_nothing(workshop: Workshop) -> None:
    quiet = MARKED.split("class Loud", maxsplit=1)[0]
    quiet += "class Quiet(_Common):\n    def hear(self, event):\n        assert False\n"
    module: Any = await workshop.start("quiet", quiet)
    assert module._marked == ()
