"""The table of tasks: what modules replace, and that it is given back."""

from __future__ import annotations

import pytest
from tests.support.small_server import Knock, SmallServer, Whistle

from pyao.errors import ModuleError


def test_a_module_may_answer_a_packet_and_gives_it_back() -> None:
    server = SmallServer()
    heard: list[object] = []
    base = server.tasks.rows[Knock.key]
    mine = server.tasks.replace("m", Knock, lambda _turn, packet: heard.append(packet))
    new = server.tasks.replace("m", Whistle, lambda _turn, packet: heard.append(packet))
    assert (server.tasks.rows[Knock.key].phase, server.tasks.rows[Whistle.key].phase) == (
        "game",
        "any",
    )
    for key in (Knock.key, Whistle.key):
        server.tasks.rows[key].function(None, key)
    assert heard == [7, 8]
    assert server.tasks.original(Knock) is base
    server.tasks.restore(mine)
    server.tasks.restore(new)
    server.tasks.restore(mine)
    assert server.tasks.rows == {Knock.key: base}


def test_a_failing_task_of_a_module_is_contained() -> None:
    server = SmallServer()

    def fail(_turn: object, _packet: object) -> None:
        raise ZeroDivisionError

    server.tasks.replace("m", Knock, fail)
    server.tasks.rows[Knock.key].function(None, None)
    assert server.bulkhead.failures == {"m": 1}


def test_two_modules_cannot_answer_one_packet() -> None:
    server = SmallServer()
    server.tasks.replace("m", Knock, print)
    with pytest.raises(ModuleError, match="Knock is answered by module m already"):
        server.tasks.replace("other", Knock, print)
    assert [each.module for each in server.tasks.replacements("m")] == ["m"]
