"""The blocks of the VampireTCP design sheet, run with its names spelled as Python spells them.

The sheet is read where it lies; nothing of it is copied.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from tests.support.rooms import Listener, Rooms
from tests.support.running import meadow_options

from pyao.app import App
from pyao.config import Origin
from pyao.errors import ConfigError, RoomError
from pyao.rooms import GenericRoom, RoomManager, RoomRefusal, RoomSettings, remote


@pytest.fixture
def sheet(shared: Path) -> str:
    return (shared / "seeds" / "vampiretcp-design-sheet.md").read_text(encoding="utf-8")


def blocks(sheet: str) -> list[str]:
    return re.findall(r"^```\n(.*?)^```", sheet, flags=re.MULTILINE | re.DOTALL)


def snake(text: str) -> str:
    """Spell names such as onJoin and customMethod as Python does."""
    return re.sub(
        r"\b([a-z]+)([A-Z]\w*)\b",
        lambda m: m[1] + re.sub("[A-Z]", lambda u: f"_{u[0].lower()}", m[2]),
        text,
    )


def custom_room(sheet: str) -> type[GenericRoom]:
    """Return the class of the example: one block, and the page break's rest of its last method."""
    head = next(text for text in blocks(sheet) if "class CustomRoom" in text)
    rest = next(text for text in blocks(sheet) if "return result" in text)
    names: dict[str, object] = {"GenericRoom": GenericRoom, "result": "the result"}
    exec(snake(head) + indent(rest, "        "), names)  # noqa: S102 - the example of the document
    made = names["CustomRoom"]
    assert isinstance(made, type)
    assert issubclass(made, GenericRoom)
    return made


async def test_the_sample_configuration_starts_a_server_as_it_is(
    sheet: str, tmp_path: Path
) -> None:
    sample = blocks(sheet)[0]
    assert '"tcpPort"' in sample
    (tmp_path / "server.json").write_text(sample)
    given = meadow_options(tmp_path)
    app = App(Origin(cli=given, env={}, cwd=tmp_path, config_file=tmp_path / "server.json"))
    assert (app.settings.server.udp_enabled, app.settings.server.udp_port) == (True, 8001)
    await app.start()
    try:
        room = app.game.world.rooms.create_room()
        assert room.settings.public
        assert room.settings.broadcast_enabled
        assert not room.settings.broadcast_default
        assert app.game.world.rooms.get_public_rooms()[-1] is room
    finally:
        await app.stop()
    without = {name: value for name, value in given.items() if name not in {"port", "host"}}
    origin = Origin(cli=without, env={}, cwd=tmp_path, config_file=tmp_path / "server.json")
    assert origin.load().server.port == 8000


def test_its_stray_brace_is_refused_with_the_line(sheet: str, tmp_path: Path) -> None:
    sample, stray = blocks(sheet)[:2]
    assert stray.strip() == "}"
    (tmp_path / "server.json").write_text(sample + stray)
    with pytest.raises(
        ConfigError, match=rf"server\.json:{sample.count(chr(10)) + 1}: broken JSON"
    ):
        Origin(cli={}, env={}, cwd=tmp_path, config_file=tmp_path / "server.json").load()


@pytest.mark.parametrize(
    ("switch", "field"),
    [
        ('"public": true', "public"),
        ('"enabled": true', "broadcast_enabled"),
        ('"default": false', "broadcast_default"),
    ],
)
async def test_each_default_of_rooms_reaches_the_rooms(
    sheet: str, tmp_path: Path, switch: str, field: str
) -> None:
    sample = blocks(sheet)[0]
    other = switch.replace("true", "!").replace("false", "true").replace("!", "false")
    (tmp_path / "server.json").write_text(sample.replace(switch, other))
    given = meadow_options(tmp_path)
    app = App(Origin(cli=given, env={}, cwd=tmp_path, config_file=tmp_path / "server.json"))
    await app.start()
    try:
        changed = getattr(app.game.world.rooms.create_room().settings, field)
        assert changed is not getattr(RoomSettings(), field)
    finally:
        await app.stop()


def test_the_custom_room_joins_and_its_method_answers_once_it_is_marked(sheet: str) -> None:
    rooms = Rooms()
    made = custom_room(sheet)
    room = rooms.manager.create_room(made)
    ana, bea = Listener("a", "Ana"), Listener("b", "Bea")
    assert rooms.manager.join(room.id, ana) is None
    assert rooms.manager.join(room.id, bea) is None
    assert ana.names() == ["room:joined"], "the inherited join still tells the others"
    with pytest.raises(RoomError) as refused:
        room.invoke_method("custom_method", [1, 2], ana)
    assert refused.value.code is RoomRefusal.PERMISSION_DENIED
    marked = type("Marked", (made,), {"custom_method": remote(vars(made)["custom_method"])})
    open_room = rooms.manager.create_room(marked)
    rooms.manager.join(open_room.id, ana)
    assert open_room.invoke_method("custom_method", [1, 2], ana) == "the result"


def test_every_call_it_names_takes_the_arguments_it_names(sheet: str) -> None:
    calls = set(re.findall(r"`(\w+)\(([^)]*)\)`", sheet))
    assert {name for name, _ in calls} == {
        "createRoom", "getPublicRooms", "onJoin", "onLeave",
        "setVariable", "getVariable", "invokeMethod",
    }  # fmt: skip
    for name, arguments in calls:
        spelled = snake(name)
        owner = RoomManager if hasattr(RoomManager, spelled) else GenericRoom
        method: Callable[..., object] = getattr(owner, spelled)
        wanted = [one for one in arguments.split(",") if one.strip()]
        inspect.signature(method).bind(None, *wanted)
        if wanted and all(one.strip().endswith("?") for one in wanted):
            inspect.signature(method).bind(None)


def test_a_variable_that_is_flagged_is_sent_to_the_room_and_others_are_not(sheet: str) -> None:
    assert "flagged for broadcast" in sheet
    rooms = Rooms()
    room, other = rooms.manager.create_room(), rooms.manager.create_room()
    ana, bea = Listener("a", "Ana"), Listener("b", "Bea")
    rooms.manager.join(room.id, ana)
    rooms.manager.join(other.id, bea)
    room.set_variable("weather", "rain", broadcast=True)
    room.set_variable("secret", 7)
    assert ana.heard == [(room.id, "weather", "rain")]
    assert bea.heard == []
    assert (room.get_variable("weather"), room.get_variable("secret")) == ("rain", 7)
